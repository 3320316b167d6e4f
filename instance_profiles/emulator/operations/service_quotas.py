"""Service Quotas: the quotas of IAM, which it keeps in one region, and requests for more of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.identifiers import request_id
from instance_profiles.emulator.operations.registry import operation
from instance_profiles.emulator.paging import json_page
from instance_profiles.emulator.refusal import RefusalError
from instance_profiles.emulator.resources import QuotaRequest

if TYPE_CHECKING:
    from instance_profiles.emulator.request import Request

_HOME = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
_CODES = {"Instance profiles per account": "L-6E65F664", "Roles per account": "L-FE177D64"}


@operation("servicequotas", "ListServiceQuotas")
def list_service_quotas(request: Request) -> dict[str, Any]:
    _need_iam(request)
    quotas = request.account.quotas
    values = {
        "Instance profiles per account": quotas.instance_profiles,
        "Roles per account": quotas.roles,
    }
    keyed = [(code, (name, code, values[name])) for name, code in _CODES.items()]
    page, more = _page(request, keyed)
    return {"Quotas": [_named(request, *one) for one in page], **more}


@operation("servicequotas", "ListRequestedServiceQuotaChangeHistoryByQuota")
def list_requested_changes(request: Request) -> dict[str, Any]:
    _need_iam(request)
    code = _quota_code(request)
    keyed = [(made.id, made) for made in request.account.quota_requests if made.quota_code == code]
    wanted = request.parameters.get("Status")
    page, more = _page(request, [(key, made) for key, made in keyed if wanted in (None, made.status)])
    return {"RequestedQuotas": [_wire(request, made) for made in page], **more}


@operation("servicequotas", "RequestServiceQuotaIncrease")
def request_service_quota_increase(request: Request) -> dict[str, Any]:
    """Takes one open request for a quota; nobody here answers it, so that it stays pending."""
    _need_iam(request)
    code = _quota_code(request)
    account = request.account
    if any(made.quota_code == code and made.status == "PENDING" for made in account.quota_requests):
        raise RefusalError(
            "ResourceAlreadyExistsException",
            "Only one open service quota increase request is allowed per quota.",
        )
    made = QuotaRequest(
        id=request_id(request.world.next_number()),
        quota_code=code,
        desired=request.parameters["DesiredValue"],
        created=request.now,
    )
    account.quota_requests.append(made)
    return {"RequestedQuota": _wire(request, made)}


def _need_iam(request: Request) -> None:
    home = _HOME.get(request.account.partition, request.region_name)
    if request.parameters["ServiceCode"] != "iam" or request.region_name != home:
        raise RefusalError("NoSuchResourceException", "The request failed because the service is not valid.")


def _quota_code(request: Request) -> str:
    code = str(request.parameters["QuotaCode"])
    if code not in _CODES.values():
        raise RefusalError("NoSuchResourceException", "The request failed because the quota does not exist.")
    return code


def _page(request: Request, keyed: list[tuple[str, Any]]) -> tuple[list[Any], dict[str, Any]]:
    return json_page(
        request, keyed, size="MaxResults", cursor="NextToken", default=100, smallest=1, largest=100
    )


def _named(request: Request, name: str, code: str, value: float) -> dict[str, Any]:
    return {**_about(request, name, code), "Value": float(value), "Adjustable": True}


def _wire(request: Request, made: QuotaRequest) -> dict[str, Any]:
    name = next(name for name, code in _CODES.items() if code == made.quota_code)
    return {
        **_about(request, name, made.quota_code),
        "Id": made.id,
        "DesiredValue": float(made.desired),
        "Status": made.status,
        "Created": made.created,
        "LastUpdated": made.created,
    }


def _about(request: Request, name: str, code: str) -> dict[str, Any]:
    return {
        "ServiceCode": "iam",
        "ServiceName": "AWS Identity and Access Management (IAM)",
        "QuotaName": name,
        "QuotaCode": code,
        "QuotaArn": request.account.arn("servicequotas", f"iam/{code}", request.region_name),
        "GlobalQuota": True,
        "Unit": "None",
    }
