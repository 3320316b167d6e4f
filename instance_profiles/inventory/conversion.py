"""Making objects of answers that may lack what AWS always sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from instance_profiles.aws.errors import AwsError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def converted(source: str, convert: Callable[[dict[str, Any]], T], page: dict[str, Any]) -> T:
    """What an answer holds; raises AwsError where the answer lacks what AWS always sends."""
    try:
        return convert(page)
    except KeyError as exc:
        advice = "check the endpoint"
        raise AwsError(f"The answer to {source} lacks {exc.args[0]}: {advice}.", advice=advice) from exc
