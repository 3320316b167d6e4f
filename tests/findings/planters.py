"""One small function a rule: it plants the fault, under a name of its own, and says where it must be told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from instance_profiles.inventory.model import Operator
from tests.findings.estate import (
    ACCOUNT,
    DENIES_ALL,
    DENIES_EC2,
    LONG_AGO,
    NOW,
    TRUSTS_EC2,
    TRUSTS_RDS,
    Estate,
    allowing,
    deleted,
    document,
    ref_of,
    trusting,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from instance_profiles.inventory.model import Instance, ObjectRef, Role

    Planter = Callable[[Estate, str], Any]

PLANTERS: dict[str, Planter] = {}


def plants(rule: str) -> Callable[[Planter], Planter]:
    def keep(planter: Planter) -> Planter:
        PLANTERS[rule] = planter
        return planter

    return keep


def plant(estate: Estate, rule: str, name: str) -> ObjectRef:
    ref: ObjectRef = PLANTERS[rule](estate, name).ref
    return ref


def healthy(estate: Estate, name: str) -> None:
    """An application without a fault: role, instance profile, instances, launch template, scaling group."""
    profile = estate.healthy_profile(name)
    members = [estate.instance(f"{name}-{number}", profile) for number in (1, 2)]
    for member in members:
        estate.association(member, profile)
    estate.group(name, estate.template(name, name), members=members)


def _used(estate: Estate, name: str, role: Role) -> Instance:
    profile = estate.profile(name, role)
    instance = estate.instance(f"{name}-1", profile)
    estate.association(instance, profile)
    return instance


@plants("profile-without-role")
def _(estate: Estate, name: str) -> Any:
    profile = estate.profile(name)
    estate.instance(f"{name}-1", profile)
    return profile


@plants("profile-orphaned")
def _(estate: Estate, name: str) -> Any:
    return estate.healthy_profile(name)


@plants("profile-name-role-mismatch")
def _(estate: Estate, name: str) -> Any:
    profile = estate.profile(name, estate.role(f"{name}-of-old"))
    estate.instance(f"{name}-1", profile)
    return profile


@plants("profile-reference-path-in-name")
def _(estate: Estate, name: str) -> Any:
    estate.profile(name, estate.role(name), path="/data/")
    return estate.template(name, f"data/{name}")


@plants("profile-in-service-ownership")
def _(estate: Estate, name: str) -> Any:
    profile = estate.healthy_profile(name)
    estate.tagged(profile, **{"karpenter.k8s.aws/ec2nodeclass": "default"})
    estate.instance(f"{name}-1", profile)
    return profile


@plants("profile-shared-wide")
def _(estate: Estate, name: str) -> Any:
    profile = estate.healthy_profile(name)
    for number in range(50):
        estate.instance(f"{name}-{number}", profile)
    return profile


@plants("role-in-many-profiles")
def _(estate: Estate, name: str) -> Any:
    role = estate.role(name)
    for colour in ("blue", "green"):
        _used(estate, f"{name}-{colour}", role)
    return role


@plants("profile-role-changed-recently")
def _(estate: Estate, name: str) -> Any:
    profile = estate.healthy_profile(name)
    estate.instance(f"{name}-1", profile)
    estate.role_changed(profile, 10)
    return profile


@plants("role-trust-missing-ec2")
def _(estate: Estate, name: str) -> Any:
    role = estate.role(name, TRUSTS_RDS)
    _used(estate, name, role)
    return role


@plants("role-trust-explicit-deny")
def _(estate: Estate, name: str) -> Any:
    role = estate.role(name, TRUSTS_EC2, DENIES_EC2)
    _used(estate, name, role)
    return role


@plants("role-trust-condition")
def _(estate: Estate, name: str) -> Any:
    condition = {"StringEquals": {"sts:ExternalId": "42"}}
    role = estate.role(name, trusting("ec2.amazonaws.com", Condition=condition))
    _used(estate, name, role)
    return role


@plants("role-trust-wrong-action")
def _(estate: Estate, name: str) -> Any:
    role = estate.role(name, trusting("ec2.amazonaws.com", Action="sts:TagSession"))
    _used(estate, name, role)
    return role


@plants("role-trust-wrong-partition-principal")
def _(estate: Estate, name: str) -> Any:
    role = estate.role(name, trusting("ec2.amazonaws.com.cn"))
    _used(estate, name, role)
    return role


@plants("role-trust-dead-principal")
def _(estate: Estate, name: str) -> Any:
    role = estate.role(name, TRUSTS_EC2, trusting(Principal={"AWS": "AIDA4ZVBXQ2JW7T3MFKLP"}))
    _used(estate, name, role)
    return role


@plants("role-boundary-blocks")
def _(estate: Estate, name: str) -> Any:
    estate.policy(f"{name}-limits", allowing("s3:*"))
    inline = {"work": document(allowing("s3:GetObject", "ses:SendEmail"))}
    role = estate.role(name, policies=(), inline=inline, boundary=f"{name}-limits")
    _used(estate, name, role)
    return role


@plants("role-sessions-revoked")
def _(estate: Estate, name: str) -> Any:
    since = (NOW - timedelta(hours=2)).isoformat()
    statement = allowing(
        "*", effect="Deny", Condition={"DateLessThan": {"aws:TokenIssueTime": since.replace("+00:00", "Z")}}
    )
    role = estate.role(name, inline={"AWSRevokeOlderSessions": document(statement)})
    _used(estate, name, role)
    return role


@plants("role-quarantined")
def _(estate: Estate, name: str) -> Any:
    role = estate.role(name, inline={"Incident": document(DENIES_ALL)})
    _used(estate, name, role)
    return role


@plants("role-service-linked-in-profile")
def _(estate: Estate, name: str) -> Any:
    service = "autoscaling.amazonaws.com"
    role = estate.role(name, trusting(service), path=f"/aws-service-role/{service}/")
    _used(estate, name, role)
    return role


@plants("role-no-permissions")
def _(estate: Estate, name: str) -> Any:
    role = estate.role(name, policies=(), inline=())
    _used(estate, name, role)
    return role


@plants("role-unused")
def _(estate: Estate, name: str) -> Any:
    role = estate.role(name, last_used=LONG_AGO)
    estate.profile(name, role)
    return role


@plants("role-admin-on-instance")
def _(estate: Estate, name: str) -> Any:
    role = estate.role(name, policies=("AdministratorAccess",))
    _used(estate, name, role)
    return role


@plants("role-self-assume-denied")
def _(estate: Estate, name: str) -> Any:
    own = f"arn:aws:iam::{ACCOUNT}:role/{name}"
    role = estate.role(name, inline={"chain": document(_assuming(own))})
    _used(estate, name, role)
    return role


def _assuming(arn: str) -> dict[str, object]:
    return allowing("sts:AssumeRole", resource=arn)


@plants("instance-no-profile")
def _(estate: Estate, name: str) -> Any:
    return estate.instance(name)


@plants("instance-profile-deleted")
def _(estate: Estate, name: str) -> Any:
    return estate.instance(name, deleted(name))


@plants("instance-profile-stale-id")
def _(estate: Estate, name: str) -> Any:
    old = Estate().profile(name, generation=1)
    estate.profile(name, estate.role(name), generation=2)
    return estate.instance(f"{name}-1", ref_of(old))


@plants("instance-profile-empty")
def _(estate: Estate, name: str) -> Any:
    return estate.instance(f"{name}-1", estate.profile(name))


@plants("instance-role-untrusted")
def _(estate: Estate, name: str) -> Any:
    return _used(estate, name, estate.role(name, TRUSTS_RDS))


@plants("instance-imds-disabled")
def _(estate: Estate, name: str) -> Any:
    return estate.instance(f"{name}-1", estate.healthy_profile(name), imds="disabled")


@plants("association-in-transition")
def _(estate: Estate, name: str) -> Any:
    profile = estate.healthy_profile(name)
    return estate.association(estate.instance(f"{name}-1", profile), profile, "associating", age=1)


@plants("association-stuck-associating")
def _(estate: Estate, name: str) -> Any:
    profile = estate.healthy_profile(name)
    return estate.association(estate.instance(f"{name}-1", profile), profile, "associating")


@plants("association-stuck-disassociating")
def _(estate: Estate, name: str) -> Any:
    profile = estate.healthy_profile(name)
    return estate.association(estate.instance(f"{name}-1", profile), profile, "disassociating")


@plants("association-multiple-active")
def _(estate: Estate, name: str) -> Any:
    first, second = estate.healthy_profile(name), estate.healthy_profile(f"{name}-too")
    instance = estate.instance(f"{name}-1", first)
    estate.association(instance, first)
    estate.association(instance, second)
    return instance


@plants("lt-profile-missing")
def _(estate: Estate, name: str) -> Any:
    template = estate.template(name, name)
    estate.group(name, template)
    return template


@plants("lt-profile-empty")
def _(estate: Estate, name: str) -> Any:
    estate.profile(name)
    return estate.template(name, name)


@plants("chain-duration-over-1h")
def _(estate: Estate, name: str) -> Any:
    estate.named(f"{name}-sso", sso_account_id=ACCOUNT, sso_role_name="Admin")
    return estate.named(name, role_arn=_role(name), source_profile=f"{name}-sso", duration_seconds="7200")


@plants("chain-loop")
def _(estate: Estate, name: str) -> Any:
    estate.named(f"{name}-back", role_arn=_role(name), source_profile=name)
    return estate.named(name, role_arn=_role(name), source_profile=f"{name}-back")


@plants("chain-source-missing")
def _(estate: Estate, name: str) -> Any:
    return estate.named(name, role_arn=_role(name), source_profile=f"{name}-gone")


@plants("chain-no-source")
def _(estate: Estate, name: str) -> Any:
    return estate.named(name, role_arn=_role(name))


@plants("chain-both-sources")
def _(estate: Estate, name: str) -> Any:
    estate.named(f"{name}-keys", has_static_keys=True)
    return estate.named(
        name, role_arn=_role(name), source_profile=f"{name}-keys", credential_source="Environment"
    )


@plants("chain-bad-credential-source")
def _(estate: Estate, name: str) -> Any:
    return estate.named(name, role_arn=_role(name), credential_source="Ec2Metadata")


@plants("chain-source-no-credentials")
def _(estate: Estate, name: str) -> Any:
    estate.named(f"{name}-bare")
    return estate.named(name, role_arn=_role(name), source_profile=f"{name}-bare")


def _role(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


@plants("profile-not-visible-to-ec2")
def _(estate: Estate, name: str) -> Any:
    profile = estate.profile(name, estate.role(name), created=NOW - timedelta(minutes=4))
    group = estate.group(name, estate.template(name, name))
    estate.activity(group, f"Value ({name}) {_NAME_IS_INVALID}", minutes=1)
    return profile


@plants("instance-imds-hop-limit")
def _(estate: Estate, name: str) -> Any:
    return estate.instance(
        f"{name}-1", estate.healthy_profile(name), hops=1, tags={"aws:eks:cluster-name": "x"}
    )


@plants("instance-imds-pending")
def _(estate: Estate, name: str) -> Any:
    estate.seen_at = NOW - timedelta(minutes=5)
    return estate.instance(f"{name}-1", estate.healthy_profile(name), imds_state="pending")


@plants("instance-managed-by-service")
def _(estate: Estate, name: str) -> Any:
    operator = Operator(True, "eks.amazonaws.com")
    return estate.instance(f"{name}-1", estate.profile(name), operator=operator)


@plants("instance-drift-from-launch-template")
def _(estate: Estate, name: str) -> Any:
    old, new = estate.healthy_profile(f"{name}-old"), estate.healthy_profile(name)
    drifted = estate.instance(f"{name}-1", old)
    estate.group(name, estate.template(name, name), members=[drifted, estate.instance(f"{name}-2", new)])
    return drifted


@plants("instance-ssm-unmanaged")
def _(estate: Estate, name: str) -> Any:
    return _used(estate, name, estate.role(name, policies=("AmazonSSMManagedInstanceCore",)))


@plants("association-projection-mismatch")
def _(estate: Estate, name: str) -> Any:
    estate.seen_at = NOW - timedelta(minutes=5)
    new, old = estate.healthy_profile(name), estate.healthy_profile(f"{name}-old")
    return estate.association(estate.instance(f"{name}-1", old), new)


@plants("association-orphan")
def _(estate: Estate, name: str) -> Any:
    return estate.association(Estate().instance(name), estate.healthy_profile(name))


@plants("lt-profile-other-account")
def _(estate: Estate, name: str) -> Any:
    return estate.template(name, arn=f"arn:aws:iam::999988887777:instance-profile/{name}")


@plants("lc-profile-missing")
def _(estate: Estate, name: str) -> Any:
    return estate.configuration(name, name)


@plants("asg-launch-failing-profile")
def _(estate: Estate, name: str) -> Any:
    group = estate.group(name, estate.template(name, name))
    estate.activity(group, f"Value ({name}) {_NAME_IS_INVALID}")
    return group


@plants("spot-fleet-profile-missing")
def _(estate: Estate, name: str) -> Any:
    return estate.fleet(name, None, name, kind="spot-fleet")


@plants("ec2-fleet-profile-missing")
def _(estate: Estate, name: str) -> Any:
    return estate.fleet(name, estate.template(name, name))


@plants("duration-over-role-max")
def _(estate: Estate, name: str) -> Any:
    role = estate.role(name)
    estate.duration(role, 3600)
    estate.named(f"{name}-keys", has_static_keys=True)
    return estate.named(name, role_arn=role.arn, source_profile=f"{name}-keys", duration_seconds="28800")


@plants("duration-invalid")
def _(estate: Estate, name: str) -> Any:
    estate.named(f"{name}-keys", has_static_keys=True)
    return estate.named(
        name, role_arn=_role(name), source_profile=f"{name}-keys", duration_seconds="twelve hours"
    )


_NAME_IS_INVALID = "for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name"
