"""Reading one page of each listing, CPU time.

Pages are those of the emulator for a generated company, of 1,000 objects where it has so many. What is read
is compared with what botocore reads, member by member, before anything is measured. The first way that reads
a page is measured (`aws.unread`), the making of objects included where it says so.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.parsers import create_parser

from benchmarks.fleets import fleet
from benchmarks.rows import Row
from instance_profiles.aws.action_names import sdk_call
from instance_profiles.aws.unread import Unread, page_reader
from instance_profiles.emulator.dispatch import Asked, Dispatcher
from instance_profiles.emulator.fleet import build_world
from instance_profiles.inventory import from_aws, sources
from instance_profiles.inventory.wanted import WANTED

if TYPE_CHECKING:
    from collections.abc import Callable

    from instance_profiles.aws.xml_values import Wanted

REGION = "us-east-1"
ROUNDS = 5
PAGES: dict[str, dict[str, str]] = {
    sources.INSTANCES: {"MaxResults": "1000"},
    sources.ASSOCIATIONS: {"MaxResults": "1000"},
    sources.INSTANCE_PROFILES: {"MaxItems": "1000"},
    sources.AUTHORIZATION_DETAILS: {"MaxItems": "1000", "Filter.member.1": "Role"},
    sources.LAUNCH_TEMPLATE_VERSIONS: {"MaxResults": "200", "LaunchTemplateVersion.1": "$Latest"},
    sources.AUTO_SCALING_GROUPS: {"MaxRecords": "100"},
}


def measure() -> list[Row]:
    world = build_world(fleet(2000, 1000, (REGION,)))
    dispatcher, rows = Dispatcher(world), []
    for source, form in PAGES.items():
        service, operation = sdk_call(source)
        key = world.caller.access_key
        body = dispatcher.answer(
            Asked(service, REGION, operation, key, "", {"Action": operation, **form})
        ).body
        rows += _measured(source, body)
    return rows


def _measured(source: str, body: bytes) -> list[Row]:
    service, operation = sdk_call(source)
    model = ServiceModel(Loader().load_service_model(service, "service-2"), service)
    shape, protocol = model.operation_model(operation).output_shape, str(model.resolved_protocol)
    stock = create_parser(protocol)
    answer = {"body": body, "headers": {}, "status_code": 200}
    unread = Unread(None, page_reader(protocol, shape, WANTED[source]), shape, 200, {}, body)
    page = unread.read(body)
    if {name: page[name] for name in WANTED[source] if name in page} != _pruned(
        stock.parse(answer, shape), WANTED[source]
    ):
        raise RuntimeError(f"{source} is not read as botocore reads it")
    ways: dict[str, Callable[[], Any]] = {
        "theirs": lambda: stock.parse(answer, shape),
        "ours": lambda: unread.read(body),
    }
    if source == sources.INSTANCES:
        ways["objects"] = lambda: from_aws.instances("1", "aws", REGION, unread.read(body))
    best = _best(ways)
    what = f"{source}, {len(body) / 1e6:.1f} MB"
    aim = 20 if source == sources.INSTANCES else 1
    rows = [
        Row(what=what, ours=best["ours"], unit="ms", against="botocore", theirs=best["theirs"], at_least=aim)
    ]
    if "objects" in best:
        rows.append(
            Row(
                what=f"{what}, objects made",
                ours=best["objects"],
                unit="ms",
                against="botocore, none made",
                theirs=best["theirs"],
                at_least=1,
            )
        )
    return rows


def _best(ways: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """The least CPU milliseconds of each, taken by turns: what else the machine does hits all alike."""
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(ROUNDS):
        for name, way in ways.items():
            for _ in range(1 if name == "theirs" else 4):
                begin = time.process_time()
                way()
                best[name] = min(best[name], (time.process_time() - begin) * 1000)
    return best


def _pruned(value: Any, wanted: Wanted | None) -> Any:
    if wanted is None:
        return value
    if isinstance(value, list):
        return [_pruned(one, wanted) for one in value]
    return {name: _pruned(value[name], inner) for name, inner in wanted.items() if name in value}
