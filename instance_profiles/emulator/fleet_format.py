"""The shape of a fleet file (TOML); docs/fleet.md tells it to people.

Ages count back from the moment the emulator starts. Names join: a role, an instance profile, a launch
template is named where it is used. A misspelt key or name is an error that names it.
"""

from __future__ import annotations

from typing import Any

import msgspec


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the file; a key that it does not know is an error."""


class AccountPart(Part, frozen=True):
    id: str
    alias: str = ""
    partition: str = "aws"
    instance_profiles_quota: int = 1000
    roles_quota: int = 1000
    scps: list[list[dict[str, Any]]] = []
    """Service control policies, a list of documents for each level of the organisation."""


class CallerPart(Part, frozen=True):
    """`who` is what follows the account in the ARN: user/NAME, root or assumed-role/ROLE/SESSION."""

    who: str
    access_key: str
    session_token: str = ""
    expired: bool = False
    enforced: bool = False
    """Whether policies decide what the caller may do."""
    policies: list[dict[str, Any]] = []
    """Documents, beside those of the role of an assumed-role caller."""
    boundary: dict[str, Any] | None = None
    session_policy: dict[str, Any] | None = None


class PolicyPart(Part, frozen=True):
    """A customer managed policy that allows these actions on everything, or is this whole `document`."""

    name: str
    path: str = "/"
    actions: list[str] = []
    document: dict[str, Any] | None = None
    old_versions: list[list[str]] = []
    """The actions of the versions before, oldest first."""


class RolePart(Part, frozen=True):
    """`trust` lists services (ec2, rds.amazonaws.com) and `account`; `trust_document` is a whole policy."""

    name: str
    path: str = "/"
    trust: tuple[str, ...] = ("ec2",)
    trust_document: dict[str, Any] | None = None
    policies: list[str] = []
    """AWS's managed policies and those of the file, by name."""
    inline: dict[str, list[str]] = {}
    """Policy name to the actions that it allows."""
    inline_documents: dict[str, dict[str, Any]] = {}
    """Policy name to a whole policy."""
    sessions_revoked_hours: float | None = None
    """So long ago somebody revoked its sessions in the console, which writes AWSRevokeOlderSessions."""
    boundary: str | None = None
    description: str = ""
    max_session_duration: int = 3600
    created_days: float = 400
    used_hours: float | None = None
    used_region: str = ""
    tags: dict[str, str] = {}
    instance_profile: bool = False
    """Make an instance profile of the same name that holds the role."""


class InstanceProfilePart(Part, frozen=True):
    name: str
    path: str = "/"
    role: str = ""
    created_days: float = 400
    tags: dict[str, str] = {}


class AssociationPart(Part, frozen=True):
    """`state` lasts where EC2 has no reason to change it.

    Of associating, EC2 makes associated so many seconds after the first request (`settles_after`), if it can
    assume the role. Until the first request a fleet stands still.
    """

    instance_profile: str
    state: str = "associated"
    settles_after: float | None = None
    deleted: bool = False
    """The instance profile of this name was deleted; where one exists, it was made again since."""


class InstancesPart(Part, frozen=True):
    """`count` instances named NAME-FIRST and so on, or one named NAME."""

    region: str
    name: str
    count: int = 1
    first: int = 1
    instance_profile: str = ""
    deleted_profile: bool = False
    """As `deleted` of an association."""
    associations: list[AssociationPart] = []
    """Instead of `instance_profile`, where the plain state associated does not do."""
    state: str = "running"
    type: str = "t3.medium"
    launched_days: float = 40
    metadata: dict[str, str | int] = {}
    operator: str | None = None
    hidden: bool = False
    unlisted: bool = False
    """EC2 lists it to nobody, and its association all the same."""
    shows: str = ""
    """The instance profile that DescribeInstances shows, where it is not that of the association."""
    ping_status: str = ""
    """Online, ConnectionLost or Inactive to Systems Manager, or `none`; left out, its role decides."""
    tags: dict[str, str] = {}


class LaunchTemplatePart(Part, frozen=True):
    """`by_version` names the instance profile of single versions, where it differs."""

    region: str
    name: str
    instance_profile: str = ""
    instance_profile_arn: str = ""
    by_version: dict[str, str] = {}
    versions: int = 1
    default: int | None = None
    type: str = "t3.medium"
    created_days: float = 300
    tags: dict[str, str] = {}


class LaunchConfigurationPart(Part, frozen=True):
    region: str
    name: str
    instance_profile: str = ""
    type: str = "t3.medium"
    created_days: float = 1500


class ActivityPart(Part, frozen=True):
    """`message` as AWS sends it in StatusMessage; it cuts at 255 characters."""

    status: str = "Failed"
    message: str = ""
    description: str = "Launching a new EC2 instance"
    minutes_ago: float = 10


class ScalingGroupPart(Part, frozen=True):
    """Runs `desired` instances of its own, less the `members`, which are instances of the file by name."""

    region: str
    name: str
    desired: int = 0
    members: list[str] = []
    failing: bool = False
    """Launches fail, so that it has no instances but its members."""
    activities: list[ActivityPart] = []
    launch_template: str = ""
    version: str = "$Latest"
    mixed: bool = False
    launch_configuration: str = ""
    launched_days: float = 12
    created_days: float = 300
    metadata: dict[str, str | int] = {}
    tags: dict[str, str] = {}


class FleetPart(Part, frozen=True):
    """An EC2 fleet or a spot fleet; of a spot fleet without template, `instance_profile` is a name or ARN."""

    region: str
    name: str
    state: str = "active"
    type: str = "maintain"
    launch_template: str = ""
    version: str = "$Default"
    instance_profile: str = ""
    instance_type: str = "c6i.large"
    target: int = 1
    created_days: float = 30
    tags: dict[str, str] = {}


class MetadataDefaultsPart(Part, frozen=True):
    """`managed_by` is account or declarative-policy; `options` are such as HttpTokens."""

    region: str
    managed_by: str = "account"
    options: dict[str, str | int] = {}


class ElsewherePart(Part, frozen=True):
    """An object of another service that names an instance profile by name or ARN, or a role.

    `kind` is nodegroup (EKS; names its role), compute-environment (Batch), environment (Elastic Beanstalk)
    or emr-cluster; `parent` is the EKS cluster or the Beanstalk application.
    """

    region: str
    kind: str
    name: str
    instance_profile: str = ""
    role: str = ""
    parent: str = ""
    state: str = ""
    issues: list[dict[str, str]] = []
    """Health issues of a node group: `code` and `message`."""


class DeniedPart(Part, frozen=True):
    action: str
    region: str | None = None
    resource: str | None = None
    effect: str = "implicit"
    by: str = "identity-based policy"
    policy: str | None = None


class EventPart(Part, frozen=True):
    """A call of the past, as CloudTrail recorded it: `who` did `name`; `count` times, `every_minutes`.

    `instance`, `instance_profile` and `role` name objects of the file; with `parameters` they make up what
    was asked. IAM has no `region`. `denied` is the action that was denied, by the `effect` of a policy of
    kind `by`; `error_code` and `error_message` are of any other failure.
    """

    name: str
    who: str
    service: str = "ec2"
    region: str = ""
    minutes_ago: float = 60
    count: int = 1
    every_minutes: float = 10
    instance: str = ""
    instance_profile: str = ""
    role: str = ""
    parameters: dict[str, Any] = {}
    denied: str = ""
    resource: str = ""
    effect: str = "implicit"
    by: str = "identity-based policy"
    policy: str = ""
    error_code: str = ""
    error_message: str = ""


class TrailPart(Part, frozen=True):
    """Where the events can be queried: with Athena in a `table`, with CloudTrail Lake in a data store."""

    region: str = ""
    database: str = "default"
    table: str = ""
    workgroup: str = "primary"
    output: str = ""
    cutoff: int = 0
    """Bytes after which the workgroup stops a query; 0 for none."""
    event_data_store: str = ""


class Contents(Part, frozen=True):
    """What one account holds."""

    callers: list[CallerPart] = []
    policies: list[PolicyPart] = []
    roles: list[RolePart] = []
    instance_profiles: list[InstanceProfilePart] = []
    instances: list[InstancesPart] = []
    launch_templates: list[LaunchTemplatePart] = []
    launch_configurations: list[LaunchConfigurationPart] = []
    scaling_groups: list[ScalingGroupPart] = []
    spot_fleets: list[FleetPart] = []
    ec2_fleets: list[FleetPart] = []
    metadata_defaults: list[MetadataDefaultsPart] = []
    elsewhere: list[ElsewherePart] = []
    events: list[EventPart] = []
    trail: TrailPart | None = None


class FurtherAccountPart(Contents, frozen=True, kw_only=True):
    """An account beside the first, with its own callers."""

    account: AccountPart


class FleetFile(Contents, frozen=True):
    extends: str = ""
    """Another fleet, to which the lists of this one are added."""
    account: AccountPart | None = None
    accounts: list[FurtherAccountPart] = []
    regions: list[str] = []
    disabled_regions: list[str] = []
    default_region: str = ""
    timing: dict[str, float] = {}
    limits: bool = False
    """Throttle callers by token buckets, as AWS does."""
    denied: list[DeniedPart] = []
