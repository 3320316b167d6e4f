"""The table of cases: what AWS's documents say of each, row by row (`cases.jsonl`), is what is judged here.

A row has a `name`, `why` the outcome is what it is, the request, the documents in the form that
`iptui can --documents` takes, and the outcome; `effect` and `decided_by` where AWS's documents tell them.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from instance_profiles.policies.decide import decide
from instance_profiles.policies.documents_file import Documents
from instance_profiles.policies.request import Request


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    why: str
    decision: str
    principal: str
    action: str
    resource: str
    documents: Documents
    effect: str | None = None
    decided_by: str | None = None
    context: dict[str, tuple[str, ...]] = {}
    complete: bool = False
    resource_account: str | None = None


ROWS = (Path(__file__).parent / "cases.jsonl").read_bytes().splitlines()
CASES = [msgspec.json.decode(row, type=Case) for row in ROWS]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_case_is_judged_as_aws_documents_it(case: Case) -> None:
    request = Request(
        case.action, case.resource, case.principal, case.context, case.resource_account, case.complete
    )
    found = decide(request, case.documents.grants)
    assert found.decision == case.decision, case.why
    assert case.effect in (None, found.effect)
    assert case.decided_by in (None, found.decided_by)


def test_the_table_is_large_and_every_row_is_another_case() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 200
    assert all(case.why for case in CASES)
    assert {case.decision for case in CASES} == {"allow", "deny", "unknown"}
