"""Large answers are read only as far as wanted, with exactly what the SDK would have read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.parsers import create_parser
from hypothesis import given, settings
from hypothesis import strategies as st

from instance_profiles.aws.action_names import sdk_call
from instance_profiles.aws.xml_reading import Unusual, reader_of
from instance_profiles.emulator.answer_writing import write_result
from instance_profiles.inventory import sources
from instance_profiles.inventory.wanted import WANTED

if TYPE_CHECKING:
    from botocore.model import Shape

    from instance_profiles.aws.xml_reading import Wanted

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
TIMES = st.integers(0, 4_000_000_000).map(
    lambda seconds: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(0, seconds)
)


@cache
def model(service: str) -> ServiceModel:
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


def output_of(source: str) -> Any:
    service, operation = sdk_call(source)
    return model(service).operation_model(operation).output_shape


def by_the_sdk(source: str, body: bytes) -> dict[str, Any]:
    service, _ = sdk_call(source)
    answer = {"body": body, "headers": {}, "status_code": 200}
    parsed = create_parser(str(model(service).resolved_protocol)).parse(answer, output_of(source))
    found = pruned(parsed, {**WANTED[source], "ResponseMetadata": {"RequestId": None}})
    assert isinstance(found, dict)
    return found


def pruned(value: Any, wanted: Wanted | None) -> Any:
    """What is wanted of what the SDK read."""
    if wanted is None:
        return value
    if isinstance(value, list):
        return [pruned(one, wanted) for one in value]
    return {name: pruned(value[name], inner) for name, inner in wanted.items() if name in value}


def by_us(source: str, body: bytes) -> dict[str, Any]:
    return reader_of(output_of(source), WANTED[source]).read(body)


def answers(shape: Shape, depth: int = 0) -> st.SearchStrategy[Any]:
    """Any answer that a shape allows, members missing at will."""
    found: Any = shape
    if shape.type_name == "structure":
        if depth > 6:
            return st.just({})
        members = {name: answers(member, depth + 1) for name, member in found.members.items()}
        return st.fixed_dictionaries({}, optional=members)
    if shape.type_name == "list":
        return st.lists(answers(found.member, depth + 1), max_size=2)
    scalars: dict[str, st.SearchStrategy[Any]] = {
        "string": TEXTS,
        "boolean": st.booleans(),
        "integer": st.integers(-1, 70_000),
        "long": st.integers(0, 1 << 40),
        "double": st.just(1.5),
        "float": st.just(1.5),
        "timestamp": TIMES,
        "blob": st.just(b"x"),
    }
    return scalars[shape.type_name]


def narrowed(shape: Shape, wanted: Wanted | None, depth: int = 0) -> st.SearchStrategy[Any]:
    """As `answers`, with the wanted members and a few beside them: the whole model would take minutes."""
    found: Any = shape
    if shape.type_name == "list":
        return st.lists(narrowed(found.member, wanted, depth + 1), max_size=3)
    if shape.type_name != "structure" or wanted is None:
        return answers(shape, 6)
    members = {name: narrowed(found.members[name], inner, depth + 1) for name, inner in wanted.items()}
    beside = [name for name in found.members if name not in wanted]
    members |= {name: answers(found.members[name], 5) for name in beside}
    return st.fixed_dictionaries({}, optional=members)


@pytest.mark.parametrize("source", sorted(WANTED))
def test_what_is_read_is_what_the_sdk_would_read(source: str):
    service, operation = sdk_call(source)

    @settings(max_examples=40, deadline=None)
    @given(narrowed(output_of(source), WANTED[source]))
    def holds(answer: dict[str, Any]) -> None:
        body = write_result(service, operation, answer).encode()
        assert by_us(source, body) == by_the_sdk(source, body)

    holds()


def page(instance: str, *, around: str = "") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">'
        f"<requestId>r-1</requestId>{around}<reservationSet><item><reservationId>r-1</reservationId>"
        f"<instancesSet><item>{instance}</item></instancesSet></item></reservationSet>"
        "</DescribeInstancesResponse>"
    ).encode()


INTERFACE = (
    "<networkInterfaceSet><item><privateIpAddress>10.9.9.9</privateIpAddress><tagSet>"
    "<item><key>Name</key><value>of the interface</value></item></tagSet>"
    "<operator><managed>true</managed></operator></item></networkInterfaceSet>"
)


@pytest.mark.parametrize(
    "instance",
    [
        "",
        "<instanceId>i-1</instanceId>",
        "<instanceId/><tagSet/><iamInstanceProfile/><instanceState/>",
        f"<instanceId>i-1</instanceId>{INTERFACE * 3}<privateIpAddress>10.0.0.1</privateIpAddress>",
        f"{INTERFACE}<instanceId>i-1</instanceId>",
        "<instanceId>i-1</instanceId><brandNew><privateIpAddress>10.1.1.1</privateIpAddress></brandNew>",
        "<brandNew><item><instanceId>i-2</instanceId></item></brandNew><instanceId>i-1</instanceId>",
        "<instanceId>a &amp; b &#60;&#x3e; &quot;</instanceId><tagSet><item><key/><value/></item></tagSet>",
        "<instanceId>\n i-1 </instanceId><instanceState> <code>16</code> <name>on</name> </instanceState>",
        "<operator><managed>TRUE</managed></operator><metadataOptions/>",
        "<launchTime>2026-01-02T03:04:05Z</launchTime>",
        "<launchTime>2026-01-02T03:04:05.123Z</launchTime>",
    ],
)
def test_answers_out_of_the_ordinary_are_read_as_the_sdk_reads_them(instance):
    body = page(instance)
    assert by_us(sources.INSTANCES, body) == by_the_sdk(sources.INSTANCES, body)


@pytest.mark.parametrize(
    "body",
    [
        page("<instanceId>i-1</instanceId><instanceId>i-2</instanceId>"),
        page("<!-- why --><instanceId>i-1</instanceId>"),
        page("<instanceId><![CDATA[i-1]]></instanceId>"),
        page('<instanceId xmlns="urn:other">i-1</instanceId>'),
        page("<x:instanceId xmlns:x='urn:other'>i-1</x:instanceId>"),
        page("<launchTime>1767323045</launchTime>"),
        page("<launchTime>2026-01-02T03:04:05+02:00</launchTime>"),
        page("<metadataOptions><httpPutResponseHopLimit>two</httpPutResponseHopLimit></metadataOptions>"),
        page(f"<instanceId>i-1</instanceId>{INTERFACE}<networkInterfaceSet><item>"),
        page("<instanceId>i-1"),
        b'<!DOCTYPE r [<!ENTITY a "aaaa">]><r>&a;</r>',
        b"not XML",
        b"",
    ],
)
def test_what_only_the_sdk_should_judge_is_left_to_it(body):
    with pytest.raises(Unusual):
        by_us(sources.INSTANCES, body)


def test_an_element_that_is_wanted_elsewhere_is_not_cut_out():
    reader = reader_of(output_of(sources.INSTANCES), WANTED[sources.INSTANCES])
    assert b"networkInterfaceSet" in reader.cuts
    assert b"tagSet" not in reader.cuts
    assert b"operator" not in reader.cuts


def test_an_error_in_the_place_of_a_result_is_left_to_the_sdk():
    body = b'<ErrorResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/"><Error/></ErrorResponse>'
    with pytest.raises(Unusual):
        by_us(sources.LAUNCH_CONFIGURATIONS, body)
