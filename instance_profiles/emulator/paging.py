"""Pages of a listing, with each service's limits and tokens that mean nothing to a client.

A token holds the key of the last item given, so that a listing that changes between pages neither repeats
an item nor leaves one out.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING, Any, TypeVar

from instance_profiles.emulator.refusal import RefusalError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instance_profiles.emulator.request import Request

T = TypeVar("T")
Keyed = tuple[str, T]

_IAM_DEFAULT = 100


def iam_page(request: Request, items: Sequence[Keyed[T]]) -> tuple[list[T], dict[str, Any]]:
    """Return one page by MaxItems (100 by default) and Marker, and the members that go with it."""
    size = request.parameters.get("MaxItems", _IAM_DEFAULT)
    marker = request.parameters.get("Marker")
    after = _key_of(marker, request.operation, RefusalError("ValidationError", "Invalid Marker."))
    page, last = _cut(items, after, size)
    if last is None:
        return page, {"IsTruncated": False}
    return page, {"IsTruncated": True, "Marker": _token_of(last, request.operation)}


def ec2_page(
    request: Request,
    items: Sequence[Keyed[T]],
    *,
    smallest: int,
    largest: int,
    full_page_goes_on: bool = False,
) -> tuple[list[T], dict[str, Any]]:
    """Return one page by MaxResults and NextToken, and the members that go with it.

    With `full_page_goes_on` a full page carries a token even when nothing follows.
    """
    size = request.parameters.get("MaxResults", largest)
    if not smallest <= size <= largest:
        raise RefusalError(
            "InvalidParameterValue",
            f"Value ( {size} ) for parameter maxResults is invalid. "
            f"Expecting a value between {smallest} and {largest}.",
        )
    bad_token = RefusalError("InvalidNextToken", "Pagination token is invalid")
    after = _key_of(request.parameters.get("NextToken"), request.operation, bad_token)
    page, last = _cut(items, after, size, full_page_goes_on=full_page_goes_on)
    return page, {} if last is None else {"NextToken": _token_of(last, request.operation)}


def autoscaling_page(
    request: Request, items: Sequence[Keyed[T]], *, default: int = 50, largest: int = 100
) -> tuple[list[T], dict[str, Any]]:
    """Return one page by MaxRecords (50 by default, 100 at most) and NextToken."""
    size = request.parameters.get("MaxRecords", default)
    if not 1 <= size <= largest:
        fault = "less than or equal to" if size > largest else "greater than or equal to"
        raise RefusalError(
            "ValidationError",
            f"1 validation error detected: Value '{size}' at 'maxRecords' failed to satisfy constraint: "
            f"Member must have value {fault} {largest if size > largest else 1}",
        )
    bad_token = RefusalError("InvalidNextToken", "The token provided is not valid.")
    after = _key_of(request.parameters.get("NextToken"), request.operation, bad_token)
    page, last = _cut(items, after, size)
    return page, {} if last is None else {"NextToken": _token_of(last, request.operation)}


def json_page(
    request: Request,
    items: Sequence[Keyed[T]],
    *,
    size: str,
    cursor: str,
    default: int,
    smallest: int,
    largest: int,
    wrong_size: str = "ValidationException",
    wrong_cursor: str = "InvalidNextToken",
) -> tuple[list[T], dict[str, Any]]:
    """Return one page by the members called `size` and `cursor`, as services that speak JSON page.

    `wrong_size` and `wrong_cursor` are the codes with which the service refuses these.
    """
    count = request.parameters.get(size, default)
    if not smallest <= count <= largest:
        bound = f"less than or equal to {largest}" if count > largest else f"at least {smallest}"
        raise RefusalError(
            wrong_size,
            f"1 validation error detected: Value '{count}' at '{size[0].lower()}{size[1:]}' failed to "
            f"satisfy constraint: Member must have value {bound}",
        )
    refusal = RefusalError(wrong_cursor, "The specified token is not valid.")
    after = _key_of(request.parameters.get(cursor), request.operation, refusal)
    page, last = _cut(items, after, count)
    return page, {} if last is None else {cursor: _token_of(last, request.operation)}


def _cut(
    items: Sequence[Keyed[T]], after: str | None, size: int, *, full_page_goes_on: bool = False
) -> tuple[list[T], str | None]:
    ordered = sorted(items, key=lambda item: item[0])
    rest = [item for item in ordered if item[0] > after] if after is not None else ordered
    page = rest[:size]
    goes_on = len(rest) > size or (full_page_goes_on and len(page) == size)
    return [item for _, item in page], page[-1][0] if goes_on and page else None


def _token_of(key: str, operation: str) -> str:
    seal = hashlib.blake2b(f"{operation}\x1f{key}".encode(), digest_size=8).digest()
    return base64.urlsafe_b64encode(seal + bytes(byte ^ 0x5A for byte in key.encode())).decode()


def _key_of(token: str | None, operation: str, bad_token: RefusalError) -> str | None:
    if not token:
        return None
    try:
        key = bytes(byte ^ 0x5A for byte in base64.urlsafe_b64decode(token)[8:]).decode()
    except (binascii.Error, ValueError) as error:
        raise bad_token from error
    if _token_of(key, operation) != token:
        raise bad_token
    return key
