"""A refusal: what an operation raises and the server answers in the protocol's error form."""

from __future__ import annotations

_STATUS = {
    "AccessDenied": 403,
    "AuthFailure": 401,
    "DeleteConflict": 409,
    "DryRunOperation": 412,
    "EntityAlreadyExists": 409,
    "ExpiredToken": 403,
    "InvalidClientTokenId": 403,
    "LimitExceeded": 409,
    "MissingAuthenticationToken": 403,
    "NoSuchEntity": 404,
    "RegionDisabledException": 403,
    "RequestLimitExceeded": 503,
    "UnauthorizedOperation": 403,
}


class RefusalError(Exception):
    """An error reply of AWS: its code, its text, its HTTP status (400 where AWS uses no other)."""

    def __init__(self, code: str, message: str, status: int | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status or _STATUS.get(code, 400)
