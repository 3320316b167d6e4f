"""What holds of every set of policies, whatever they say."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from instance_profiles.policies import permits
from instance_profiles.policies.decide import Grants, decide
from instance_profiles.policies.request import Request

ALICE = "arn:aws:iam::123456789012:user/alice"
RESOURCE = "arn:aws:ec2:eu-west-1:123456789012:instance/i-1"
KEYS = {
    "aws:SourceIp": ("10.0.0.1", "192.0.2.9"),
    "ec2:ResourceTag/team": ("web", "db"),
    "aws:username": ("alice",),
}

conditions: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(
        lambda operator, value: {operator: {"ec2:ResourceTag/team": value}},
        st.sampled_from(
            [
                "StringEquals",
                "StringNotEquals",
                "StringLike",
                "StringEqualsIfExists",
                "ForAnyValue:StringLike",
            ]
        ),
        st.sampled_from(["web", "db", "w*", "${aws:username}", ["web", "db"]]),
    ),
    st.builds(
        lambda operator, value: {operator: {"aws:SourceIp": value}},
        st.sampled_from(["IpAddress", "NotIpAddress"]),
        st.sampled_from(["10.0.0.0/8", "0.0.0.0/0", "nowhere"]),
    ),
    st.sampled_from([{"Null": {"aws:SourceIp": "true"}}, {"Unheard": {"of": "it"}}, {}]),
)
statements = st.builds(
    lambda effect, verb, actions, where, resources, condition: {
        "Effect": effect,
        verb: actions,
        where: resources,
        **({"Condition": condition} if condition else {}),
    },
    st.sampled_from(["Allow", "Allow", "Deny"]),
    st.sampled_from(["Action", "Action", "NotAction"]),
    st.sampled_from(["*", "ec2:*", "ec2:StartInstances", ["iam:*", "ec2:Stop*"], "s3:GetObject"]),
    st.sampled_from(["Resource", "Resource", "NotResource"]),
    st.sampled_from(
        ["*", RESOURCE, "arn:aws:ec2:*:*:instance/*", "arn:aws:s3:::b", "arn:aws:*:${aws:username}"]
    ),
    st.none() | conditions,
)
documents = st.lists(statements, max_size=4).map(lambda each: {"Version": "2012-10-17", "Statement": each})
layers = st.lists(documents, max_size=3)
contexts = st.fixed_dictionaries(
    {}, optional={key: st.sampled_from(values).map(lambda value: (value,)) for key, values in KEYS.items()}
)


def _for_everyone(document: Any) -> Any:
    return {**document, "Statement": [{**each, "Principal": "*"} for each in document["Statement"]]}


all_grants = st.builds(
    Grants,
    identity=layers,
    boundary=st.none() | documents,
    scps=st.lists(layers, max_size=2),
    session=st.none() | documents,
    resource=st.none() | documents.map(_for_everyone),
)
ORDER = ("deny", "unknown", "allow")
DENY_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "ec2:*", "Resource": "*"}]}


def ask(grants: Grants, context: Any, *, complete: bool = False) -> str:
    request = Request("ec2:StartInstances", RESOURCE, ALICE, context, complete=complete)
    return decide(request, grants).decision


@given(all_grants, contexts, statements.map(lambda each: {**each, "Effect": "Deny"}))
def test_a_further_deny_never_allows_more(grants: Grants, context: Any, denying: Any) -> None:
    document = {"Version": "2012-10-17", "Statement": [denying]}
    more = Grants(
        [*(grants.identity or ()), document], grants.boundary, grants.scps, grants.session, grants.resource
    )
    assert ORDER.index(ask(more, context)) <= ORDER.index(ask(grants, context))


@given(all_grants, contexts, statements.map(lambda each: {**each, "Effect": "Allow"}))
def test_a_further_allow_never_denies_more(grants: Grants, context: Any, allowing: Any) -> None:
    document = {"Version": "2012-10-17", "Statement": [allowing]}
    more = Grants(
        [*(grants.identity or ()), document], grants.boundary, grants.scps, grants.session, grants.resource
    )
    assert ORDER.index(ask(more, context)) >= ORDER.index(ask(grants, context))


@given(all_grants, contexts)
def test_limits_never_allow_more(grants: Grants, context: Any) -> None:
    bare = Grants(grants.identity, resource=grants.resource)
    assert ORDER.index(ask(grants, context)) <= ORDER.index(ask(bare, context))


@given(all_grants, contexts)
def test_a_deny_of_all_denies(grants: Grants, context: Any) -> None:
    more = Grants(
        grants.identity, grants.boundary, [*grants.scps, [DENY_ALL]], grants.session, grants.resource
    )
    assert ask(more, context) == "deny"


@given(layers, contexts, st.randoms(use_true_random=False))
def test_the_order_of_statements_and_documents_does_not_matter(layer: Any, context: Any, random: Any) -> None:
    shuffled = [
        {**document, "Statement": random.sample(document["Statement"], len(document["Statement"]))}
        for document in layer
    ]
    random.shuffle(shuffled)
    assert ask(Grants(shuffled), context) == ask(Grants(layer), context)
    one = [{"Version": "2012-10-17", "Statement": [s for d in layer for s in d["Statement"]]}]
    assert ask(Grants(one), context) == ask(Grants(layer), context)


@given(all_grants, contexts, st.sets(st.sampled_from(sorted(KEYS))))
def test_knowing_less_never_changes_yes_into_no_or_no_into_yes(
    grants: Grants, context: Any, forgotten: set[str]
) -> None:
    less = {key: values for key, values in context.items() if key not in forgotten}
    known, guessed = ask(grants, context), ask(grants, less)
    assert guessed in (known, "unknown")


@given(all_grants, contexts)
def test_what_is_certain_without_the_whole_context_stays_so_with_it(grants: Grants, context: Any) -> None:
    guessed, known = ask(grants, context), ask(grants, context, complete=True)
    assert guessed in (known, "unknown") or known == "unknown"


@given(layers, contexts)
def test_a_layer_says_the_same_as_text_and_in_a_decision(layer: Any, context: Any) -> None:
    said = permits(
        [json.dumps(document) for document in layer],
        "ec2:StartInstances",
        RESOURCE,
        context | {"aws:username": ("alice",)},
    )
    decided = decide(
        Request("ec2:StartInstances", RESOURCE, ALICE, context | {"aws:username": ("alice",)}), Grants(layer)
    )
    assert {"allow": "allow", "unknown": "unknown"}.get(said, "deny") == decided.decision


ELEMENTS = [
    "Statement",
    "Version",
    "Effect",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Principal",
    "Condition",
    "NotPrincipal",
    "Sid",
    "StringEquals",
    "Null",
    "Bool",
    "AWS",
    "ForAnyValue:StringLike",
]
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["*", "ec2:*", "Allow"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(ELEMENTS), inner, max_size=5),
    max_leaves=25,
)


@given(json_values, json_values)
def test_any_json_is_judged_without_raising(statement: Any, document: Any) -> None:
    odd = {"Version": "2012-10-17", "Statement": statement}
    for each in (odd, document, json.dumps(odd), json.dumps(document)):
        decide(Request("ec2:StartInstances", RESOURCE, ALICE), Grants([each], each, [[each]], each, each))
        decide(Request("sts:AssumeRole", RESOURCE, ALICE), Grants(trust=each))


@given(st.text(), st.text(), st.text())
def test_any_text_is_judged_without_raising(action: str, resource: str, principal: str) -> None:
    grants = Grants(
        [{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": action, "Resource": resource}}]
    )
    decide(Request(action, resource, principal), grants)


def test_a_pattern_full_of_wildcards_takes_no_time() -> None:
    hostile = {"Effect": "Allow", "Action": "*a" * 500, "Resource": "*?" * 2000 + "x"}
    layer = [{"Version": "2012-10-17", "Statement": hostile}]
    assert permits(layer, "a" * 2000, "a" * 5000) == "none"
