"""Instance profiles and roles: what IAM and EC2 say of them."""

from __future__ import annotations

from typing import Final

from instance_profiles.denials.known.text import NAME, QUOTE, Known, known

INSTANCE_PROFILES: Final[tuple[Known, ...]] = (
    known(
        "profile-without-role",
        "has no associated iam roles",
        rf"(?:IAM Instance Profile {QUOTE}{NAME}{QUOTE} )?has no associated IAM Roles",
        "InvalidParameterValue",
    ),
    known(
        "profile-without-role",
        "no roles attached to instance profile",
        rf"No roles attached to instance profile:? ?{QUOTE}{NAME}?{QUOTE}",
    ),
    known(
        "profile-without-role",
        "associated with the environment has no role",
        r"The instance profile associated with the environment has no role(?: associated with it)?",
    ),
    known(
        "profile-without-role",
        "instance profile does not contain a role",
        r"Instance Profile does not contain a role",
    ),
    known(
        "profile-delete-blocked-by-role",
        "must remove roles from instance profile first",
        r"(?:Cannot delete entity, )?must remove roles from instance profile first",
        "DeleteConflict",
        "DeleteConflictException",
    ),
    known(
        "role-delete-blocked",
        "must detach all policies first",
        r"(?:Cannot delete entity, )?must detach all policies first",
        "DeleteConflict",
        "DeleteConflictException",
    ),
    known(
        "role-delete-blocked",
        "must delete policies first",
        r"(?:Cannot delete entity, )?must delete policies first",
        "DeleteConflict",
        "DeleteConflictException",
    ),
    known(
        "profile-already-exists",
        "already exists",
        rf"Instance Profile {QUOTE}{NAME}{QUOTE} already exists",
        "EntityAlreadyExists",
        "EntityAlreadyExistsException",
    ),
    known(
        "profile-role-slot-full",
        "instancesessionsperinstanceprofile",
        r"(?:Cannot exceed quota for )?InstanceSessionsPerInstanceProfile(?:: ?\d+)?",
        "LimitExceeded",
        "LimitExceededException",
    ),
    known(
        "profile-quota-exhausted",
        "instanceprofilesperaccount",
        r"(?:Cannot exceed quota for )?InstanceProfilesPerAccount(?:: ?\d+)?",
        "LimitExceeded",
        "LimitExceededException",
    ),
    known(
        "profile-quota-exhausted",
        "rolesperaccount",
        r"(?:Cannot exceed quota for )?RolesPerAccount(?:: ?\d+)?",
        "LimitExceeded",
        "LimitExceededException",
    ),
    known(
        "profile-reference-path-in-name",
        "failed to satisfy constraint",
        rf"(?:1 validation error detected: )?Value {QUOTE}{NAME}{QUOTE} at 'instanceProfileName' "
        r"failed to satisfy constraint"
        r"[^\n]{0,160}",
        "ValidationError",
        "ValidationException",
    ),
    known(
        "profile-not-visible-to-ec2",
        "invalid iam instance profile",
        r"(?:You must use a valid fully-formed launch template\. )?"
        rf"(?:Value \({NAME}\) for parameter iamInstanceProfile\.(?:name|arn) is invalid\. )?"
        r"Invalid IAM Instance Profile (?:name|ARN)",
        "InvalidParameterValue",
        "ValidationError",
        "InvalidIamInstanceProfileArn.Malformed",
    ),
    known(
        "lc-profile-missing",
        "invalid iaminstanceprofile",
        rf"Invalid IamInstanceProfile: ?{QUOTE}{NAME}{QUOTE}",
        "ValidationError",
    ),
    known(
        "lt-profile-missing",
        "valid fully-formed launch template",
        r"You must use a valid fully-formed launch template",
        "ValidationError",
    ),
    known(
        "role-trust-missing-ec2",
        "ec2 cannot assume the role",
        rf"EC2 cannot assume the role {QUOTE}{NAME}",
        "AssumeRoleUnauthorizedAccess",
    ),
    # What old SDKs make of a metadata document that holds a Code and no keys.
    known("role-trust-missing-ec2", "keyerror: 'accesskeyid'", r"KeyError: 'AccessKeyId'"),
    known(
        "role-trust-wrong-partition-principal",
        "following required service principals",
        r"Following required service principals \[[^\]\n]{1,200}\] were not found",
        "InvalidParameterException",
    ),
    known(
        "role-trust-dead-principal",
        "invalid principal in policy",
        rf"Invalid principal in policy(?::? {QUOTE}[A-Z]+{QUOTE}:{QUOTE}{NAME}{QUOTE})?",
        "MalformedPolicyDocument",
        "MalformedPolicyDocumentException",
    ),
    known(
        "role-service-linked-in-profile",
        "only modifiable by aws",
        rf"(?:Cannot perform the operation on the protected role {QUOTE}{NAME}{QUOTE} - )?"
        r"this role is only modifiable by AWS",
        "UnmodifiableEntity",
        "UnmodifiableEntityException",
    ),
    known(
        "service-reference-broken",
        "find the instance profile associated with your managed node group",
        r"(?:We )?(?:couldn't|could not) find the instance profile associated with your managed node group",
    ),
    known(
        "profile-role-changed-recently",
        "credentials on my instance are for the wrong role",
        r"credentials on my instance are for the wrong role",
    ),
)
