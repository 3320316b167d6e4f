"""A place on loopback that answers as a test says: a real HTTP server for the real SDK."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

SCOPE = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/")


@dataclass
class Received:
    service: str
    operation: str
    region: str
    form: dict[str, str]
    json: bool = False
    access_key: str = ""


Answer = Callable[[Received], web.StreamResponse | Awaitable[web.StreamResponse]]


@dataclass
class Place:
    """Answers by operation; what has no answer of its own gets an empty success."""

    url: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)

    def count(self, operation: str) -> int:
        return sum(one.operation == operation for one in self.received)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        key, region, service = SCOPE.search(request.headers["Authorization"]).groups()
        if target := request.headers.get("X-Amz-Target"):
            form = {key: str(value) for key, value in (await request.json()).items()}
            received = Received(service, target.rpartition(".")[2], region, form, json=True, access_key=key)
        else:
            form = {key: str(value) for key, value in (await request.post()).items()}
            received = Received(service, form["Action"], region, form, access_key=key)
        self.received.append(received)
        answer = self.answers.get(received.operation, usual)(received)
        return answer if isinstance(answer, web.StreamResponse) else await answer


REQUEST_ID = "<RequestId>r-1</RequestId>"

BODIES = {
    "GetCallerIdentity": "<Arn>arn:aws:iam::111122223333:user/kim</Arn><UserId>AIDA2EXAMPLE</UserId>"
    "<Account>111122223333</Account>",
    "DescribeRegions": "<regionInfo><item><regionName>us-east-1</regionName></item>"
    "<item><regionName>eu-west-1</regionName></item></regionInfo>",
    "ListInstanceProfiles": "<InstanceProfiles/><IsTruncated>false</IsTruncated>",
    "ListRoles": "<Roles/><IsTruncated>false</IsTruncated>",
    "GetAccountAuthorizationDetails": "<RoleDetailList/><IsTruncated>false</IsTruncated>",
    "GetAccountSummary": "<SummaryMap/>",
    "DescribeInstances": "<reservationSet/>",
    "DescribeIamInstanceProfileAssociations": "<iamInstanceProfileAssociationSet/>",
    "DescribeLaunchTemplateVersions": "<launchTemplateVersionSet/>",
    "DescribeAutoScalingGroups": "<AutoScalingGroups/>",
    "DescribeLaunchConfigurations": "<LaunchConfigurations/>",
    "DescribeScalingActivities": "<Activities/>",
    "DescribeSpotFleetRequests": "<spotFleetRequestConfigSet/>",
    "DescribeFleets": "<fleetSet/>",
    "GetInstanceMetadataDefaults": "<accountLevel><managedBy>account</managedBy></accountLevel>",
}
JSON_BODIES = {
    "DescribeInstanceInformation": '{"InstanceInformationList": []}',
    "GetResources": '{"PaginationToken": "", "ResourceTagMappingList": []}',
}


def xml(received: Received, body: str = "") -> web.Response:
    """A success, wrapped as the service's protocol wants it."""
    name = received.operation
    if received.service != "ec2":
        body = f"<{name}Result>{body}</{name}Result><ResponseMetadata>{REQUEST_ID}</ResponseMetadata>"
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{name}Response>{body}</{name}Response>'
    return web.Response(text=text, content_type="text/xml")


def usual(received: Received) -> web.Response:
    """What the place answers where a test says nothing: success, and nothing there."""
    if received.json:
        return json(JSON_BODIES.get(received.operation, "{}"))
    return xml(received, BODIES.get(received.operation, ""))


def json(body: str, status: int = 200) -> web.Response:
    return web.Response(status=status, text=body, content_type="application/x-amz-json-1.1")


def refused(received: Received, status: int, code: str, message: str = "") -> web.Response:
    """An error reply, in the shape of the service's protocol."""
    if received.json:
        return json(f'{{"__type": "{code}", "message": "{message}"}}', status)
    error = f"<Code>{code}</Code><Message>{message}</Message>"
    if received.service == "ec2":
        text = f"<Response><Errors><Error>{error}</Error></Errors><RequestID>r-1</RequestID></Response>"
    else:
        text = f"<ErrorResponse><Error><Type>Sender</Type>{error}</Error>{REQUEST_ID}</ErrorResponse>"
    return web.Response(status=status, text=text, content_type="text/xml")


def refusing(status: int, code: str, message: str = "") -> Answer:
    return lambda received: refused(received, status, code, message)


@asynccontextmanager
async def open_place() -> AsyncIterator[Place]:
    place = Place()
    app = web.Application()
    app.router.add_route("*", "/", place.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    place.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield place
    finally:
        await runner.cleanup()
