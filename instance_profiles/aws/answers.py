"""Telling an answer of AWS from a page of somebody in between.

The SDK's EC2 parser takes any well-formed XML, an XHTML sign-in page included, for an empty answer; a
listing read from such a page would look complete. So each answer is looked at before it is parsed.
"""

from __future__ import annotations

import re
from typing import Any, Final

from instance_profiles.aws.errors import NotAnAwsAnswer
from instance_profiles.aws.unpacking import unpacked

_ROOT: Final = re.compile(rb"\s*(?:<\?.*?\?>|<!--.*?-->|\s)*<([A-Za-z][\w.:-]*)", re.DOTALL)
_LOOK: Final = 4096
_XML_PROTOCOLS: Final = {"query", "ec2", "rest-xml"}
_ERROR_ROOTS: Final = {"ErrorResponse", "Response", "Error", "Errors"}


def refuse_foreign(
    service: str, operation: str, region: str | None, protocol: str, answer: dict[str, Any]
) -> None:
    """Raise `NotAnAwsAnswer` unless `answer` (status_code, headers, body) looks like one of AWS.

    Answers with status 500 and above are left alone: load balancers of AWS send pages there too, and the
    SDK retries them.
    """
    status = int(answer["status_code"])
    body = answer.get("body")
    if status >= 500 or not isinstance(body, bytes):
        return
    body = unpacked(answer.get("headers", {}), body, at_most=_LOOK, whole=False)
    if protocol in _XML_PROTOCOLS:
        genuine = _is_xml_answer(operation, status, body)
    else:
        genuine = not body or body.lstrip()[:1] == b"{"
    if not genuine:
        kind = answer.get("headers", {}).get("content-type", "").partition(";")[0] or "something else"
        where = f"{service}:{operation}" + (f" in {region}" if region else "")
        advice = "check the endpoint, the proxy and whether this network asks to sign in"
        raise NotAnAwsAnswer(
            f"The answer to {where} did not come from AWS (HTTP {status}, {kind}): {advice}.",
            advice=advice,
            service=service,
            operation=operation,
            region=region,
            http_status=status,
        )


def _is_xml_answer(operation: str, status: int, body: bytes) -> bool:
    found = _ROOT.match(body)
    if found is None:
        return False
    root = found.group(1).decode("ascii").rpartition(":")[2]
    return root == f"{operation}Response" if status < 300 else root in _ERROR_ROOTS
