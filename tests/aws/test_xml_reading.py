"""Large answers are read only as far as wanted, with exactly what the SDK would have read."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.parsers import ResponseParserError, create_parser
from hypothesis import given, settings
from hypothesis import strategies as st

from instance_profiles.aws.action_names import sdk_call
from instance_profiles.aws.layouts import layout_of
from instance_profiles.aws.unread import Unread, page_reader
from instance_profiles.aws.xml_reading import reader_of
from instance_profiles.aws.xml_scanning import scanner_of
from instance_profiles.aws.xml_values import Unusual
from instance_profiles.emulator.answer_writing import write_result
from instance_profiles.inventory import sources
from instance_profiles.inventory.wanted import WANTED

if TYPE_CHECKING:
    from botocore.model import Shape

    from instance_profiles.aws.xml_values import Wanted

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


WAYS = {"scanned": scanner_of, "parsed": reader_of}
XML_SOURCES = sorted(set(WANTED) - {sources.MANAGED_NODES, sources.INSTANCE_PROFILE_TAGS})


@cache
def way(name: str, source: str) -> Any:
    return WAYS[name](layout_of(output_of(source), WANTED[source]))


def by_us(name: str, source: str, body: bytes) -> dict[str, Any]:
    found = way(name, source).read(body)
    assert isinstance(found, dict)
    return found


def in_the_end(source: str, body: bytes) -> dict[str, Any]:
    """By the first way that does not find the answer unusual."""
    service, _ = sdk_call(source)
    protocol = str(model(service).resolved_protocol)
    reader = page_reader(protocol, output_of(source), WANTED[source])
    unread = Unread(create_parser(protocol), reader, output_of(source), 200, {}, body)
    found = pruned(unread.read(body), {**WANTED[source], "ResponseMetadata": {"RequestId": None}})
    assert isinstance(found, dict)
    return found


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


@pytest.mark.parametrize("source", XML_SOURCES)
def test_what_is_read_is_what_the_sdk_would_read(source: str):
    service, operation = sdk_call(source)

    @settings(max_examples=25, deadline=None)
    @given(narrowed(output_of(source), WANTED[source]))
    def holds(answer: dict[str, Any]) -> None:
        body = write_result(service, operation, answer).encode()
        expected = by_the_sdk(source, body)
        assert {name: by_us(name, source, body) for name in WAYS} == dict.fromkeys(WAYS, expected)

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
@pytest.mark.parametrize("name", WAYS)
def test_answers_out_of_the_ordinary_are_read_as_the_sdk_reads_them(instance: str, name: str):
    body = page(instance)
    assert by_us(name, sources.INSTANCES, body) == by_the_sdk(sources.INSTANCES, body)


@pytest.mark.parametrize(
    "body",
    [
        page("<instanceId>i-1</instanceId><instanceId>i-2</instanceId>"),
        page("<tagSet><item><key>a</key></item><item><key>b</key><key>c</key></item></tagSet>"),
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
@pytest.mark.parametrize("name", WAYS)
def test_what_only_the_sdk_should_judge_is_left_to_it(body: bytes, name: str):
    with pytest.raises(Unusual):
        by_us(name, sources.INSTANCES, body)


@pytest.mark.parametrize(
    "body",
    [
        page("<instanceId>i-1</instanceId>").replace(b"UTF-8", b"ISO-8859-1"),
        page("<instanceId>\xe9</instanceId>").replace("\xe9".encode(), b"\xe9"),
        page("<instanceId>\x01</instanceId>"),
        page("<instanceId>i-1\r\n</instanceId>"),
        page("<instanceId>i-&#0;1</instanceId>"),
        page("<instanceId>i-&own;1</instanceId>"),
        page("<instanceId>i-1 & 2</instanceId>"),
        page("<instanceId>i]]>1</instanceId>"),
        page("<instanceId>i-<?why not?>1</instanceId>"),
        page('<instanceId a="b>c">i-1</instanceId>'),
        page("<instanceId>i-1<b/>2</instanceId>"),
        page("<instanceId >i-1</instanceId >"),
        page("<instanceState/><instanceState><name>on</name></instanceState>"),
        page("<stateReason><code>1</code></stateReason><instanceState><name>on</name></instanceState>"),
        page("<tagSet><item><key>a</key><value><tagSet/></value></item></tagSet>"),
        page("<tagSet>x<item><value>1</value><key>a</key></item><item/><other><key>b</key></other></tagSet>"),
        page("<x><x><privateIpAddress>10.0.0.1</privateIpAddress></x></x><instanceId>i-1</instanceId>"),
        page("<instanceId>i-1</instanceId></item><other><instanceId>i-2</instanceId></other><item>"),
        page(
            "<instanceId>i-1</instanceId>", around="<instancesSet><item><instanceId/></item></instancesSet>"
        ),
        page("<instanceId>i-1</instanceId>", around="<nextToken>more</nextToken><reservationSet/>"),
        page("<item><item/></item><instanceId>i-1</instanceId>"),
        page("<instanceId>i-1</instanceId>").replace(b"<instancesSet>", b"<instancesSet>five"),
    ],
)
def test_however_odd_an_answer_the_end_is_what_the_sdk_makes_of_it(body: bytes):
    try:
        expected = by_the_sdk(sources.INSTANCES, body)
    except ResponseParserError:
        with pytest.raises(ResponseParserError):
            in_the_end(sources.INSTANCES, body)
    else:
        assert in_the_end(sources.INSTANCES, body) == expected
        for name in WAYS:
            with contextlib.suppress(Unusual):
                assert by_us(name, sources.INSTANCES, body) == expected


@pytest.mark.parametrize(
    ("source", "body"),
    [
        (sources.MANAGED_NODES, b'{"InstanceInformationList": [{"InstanceId": "i-1", "PingStatus": null}]}'),
        (sources.MANAGED_NODES, b'{"InstanceInformationList": [], "NextToken": "more", "Other": [1]}'),
        (sources.MANAGED_NODES, b'{"InstanceInformationList": null}'),
        (sources.INSTANCE_PROFILE_TAGS, b'{"PaginationToken": "", "ResourceTagMappingList": []}'),
        (
            sources.INSTANCE_PROFILE_TAGS,
            b'{"ResourceTagMappingList": [{"ResourceARN": "a", "Tags": [{"Key": "k", "Value": "\\u00e9"}]}]}',
        ),
        (sources.MANAGED_NODES, b'{"InstanceInformationList": [{"InstanceId": 7}]}'),
    ],
)
def test_json_is_read_as_the_sdk_reads_it(source: str, body: bytes):
    assert in_the_end(source, body) == by_the_sdk(source, body)


def test_an_element_that_is_wanted_elsewhere_is_not_cut_out():
    reader = reader_of(layout_of(output_of(sources.INSTANCES), WANTED[sources.INSTANCES]))
    assert b"networkInterfaceSet" in reader.cuts
    assert b"tagSet" not in reader.cuts
    assert b"operator" not in reader.cuts


def test_an_error_in_the_place_of_a_result_is_left_to_the_sdk():
    body = b'<ErrorResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/"><Error/></ErrorResponse>'
    for name in WAYS:
        with pytest.raises(Unusual):
            by_us(name, sources.LAUNCH_CONFIGURATIONS, body)


def test_pages_of_the_emulator_are_never_unusual():
    """Or the quick way would not be taken, and nobody would notice."""
    for source in XML_SOURCES:
        service, operation = sdk_call(source)
        body = write_result(service, operation, whole(output_of(source))).encode()
        assert by_us("scanned", source, body) == by_the_sdk(source, body)


def whole(shape: Shape, depth: int = 0) -> Any:
    """An answer with every member that the model knows, three of each list."""
    found: Any = shape
    if shape.type_name == "structure":
        return {name: whole(member, depth + 1) for name, member in found.members.items() if depth < 8}
    if shape.type_name == "list":
        return [whole(found.member, depth + 1)] * 3
    plain = {"integer": 1, "long": 1, "double": 1.5, "float": 1.5, "boolean": True, "blob": b"x"}
    return plain.get(
        shape.type_name, datetime(2026, 1, 1, tzinfo=UTC) if shape.type_name == "timestamp" else "a & b"
    )
