"""What a caller may not do with instance profiles, and why it may look like something else."""

from __future__ import annotations

from instance_profiles.findings.topic import Topic

CALLER_PASSROLE_DENIED = Topic(
    id="caller-passrole-denied",
    order=630,
    kind="caller",
    severity="error",
    title="Caller that may not pass the role",
    meaning=(
        "Attaching an instance profile, adding a role to one and launching with one all need iam:PassRole "
        "on the role inside. The call itself is allowed; passing this role is not. A role of another "
        "account can never be passed."
    ),
    detection=(
        "The denied action is iam:PassRole, or the decoded message names a role as its resource: its "
        "action is then the EC2 one."
    ),
    error_texts=(
        (
            "UnauthorizedOperation: You are not authorized to perform this operation. User: … is not "
            "authorized to perform: iam:PassRole on resource: arn:aws:iam::…:role/… because …"
        ),
        "AccessDenied: User: … is not authorized to perform: iam:PassRole on resource: …",
        "Cross-account pass role is not allowed.",
    ),
    steps=(
        "Allow iam:PassRole on the ARN of the role, path included; the instance profile's ARN does not do.",
        "iam:PassedToService must be ec2.amazonaws.com; in China allow ec2.amazonaws.com.cn as well.",
        "iam:AssociatedResourceArn may name a region, but no single instance: end it in instance/*.",
        "Conditions on tags of the role do not work with iam:PassRole.",
    ),
    ways={
        "grant-caller": "writes the smallest policy for this role, and attaches it where you may do that",
    },
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
)

CALLER_ASSOCIATE_CONDITION = Topic(
    id="caller-associate-condition",
    order=632,
    kind="caller",
    severity="error",
    title="Condition on the instance profile that does not hold",
    meaning=(
        "ec2:InstanceProfile is what the instance has now, and is not there at all on an instance without "
        "one: a condition on it denies the first attachment. ec2:NewInstanceProfile is what is to be "
        "attached."
    ),
    detection="The decoded message lists the keys of the call; the one that a condition wants is missing.",
    error_texts=(
        (
            "User: … is not authorized to perform: ec2:AssociateIamInstanceProfile on resource: "
            "arn:aws:ec2:…:instance/i-…"
        ),
    ),
    steps=(
        "Use ec2:NewInstanceProfile to limit what may be attached.",
        "Null ec2:InstanceProfile true limits a policy to instances that have none.",
    ),
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html",
)

CALLER_LAUNCH_DENIED = Topic(
    id="caller-launch-denied",
    order=634,
    kind="caller",
    severity="error",
    title="Launch with an instance profile denied",
    meaning="RunInstances is refused, and the instance profile may be the reason or not.",
    detection="AccessDenied or UnauthorizedOperation of RunInstances with an instance profile.",
    error_texts=(
        (
            "UnauthorizedOperation: You are not authorized to perform this operation. User: … is not "
            "authorized to perform: ec2:RunInstances …"
        ),
        "ValidationError: You are not authorized to perform this operation.",
    ),
    steps=(
        "Try without the instance profile: if that is refused too, ec2:RunInstances itself is missing.",
        "Then check iam:PassRole on the role, that the instance profile exists, and that it has a role.",
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html",
)

CALLER_ENCODED_MESSAGE = Topic(
    id="caller-encoded-message",
    order=636,
    kind="caller",
    severity="info",
    title="Denial with an encoded message",
    meaning=(
        "EC2 hides the details of a denial in an encoded message. Who may call "
        "sts:DecodeAuthorizationMessage can read it: principal, resource, the keys of the call. It grows "
        "old, and a broken line spoils it."
    ),
    detection="The text holds `Encoded authorization failure message:`.",
    error_texts=("Encoded authorization failure message: …", "InvalidAuthorizationMessageException"),
    steps=(
        "Decode it with the account that was denied; the resource in it tells PassRole from the EC2 right.",
    ),
    source="https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html",
)

CALLER_ADMIN_OR_ROOT_DENIED = Topic(
    id="caller-admin-or-root-denied",
    order=638,
    kind="caller",
    severity="error",
    title="Administrator or root who is denied all the same",
    meaning=(
        "With AdministratorAccess the caller's own policies cannot be the reason, unless one of them "
        "denies. It is a service control policy, a resource control policy, a boundary, a session policy, "
        "an endpoint or the resource itself. For root only the policies of the organisation and of the "
        "resource count."
    ),
    detection="A denial of a caller that has AdministratorAccess, or whose ARN ends in :root.",
    error_texts=("User: arn:aws:iam::…:root is not authorized to perform: …",),
    steps=("Look at the end of the sentence: it names the kind of policy that denied.",),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
)

CALLER_GETSESSIONTOKEN_NO_MFA = Topic(
    id="caller-getsessiontoken-no-mfa",
    order=642,
    kind="caller",
    severity="error",
    title="Session token without MFA, which IAM refuses",
    meaning=(
        "Credentials of GetSessionToken that were made without MFA may not call IAM at all, and of STS "
        "only AssumeRole and GetCallerIdentity. It looks as if every right in IAM were missing."
    ),
    detection=(
        "Every IAM call is denied while EC2 answers, and the credentials are keys with a session token."
    ),
    error_texts=("AccessDenied: User: … is not authorized to perform: iam:ListInstanceProfiles …",),
    steps=("Make a new token with MFA (`aws sts get-session-token --serial-number … --token-code …`).",),
    source="https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html",
)

CALLER_MFA_REQUIRED = Topic(
    id="caller-mfa-required",
    order=644,
    kind="caller",
    severity="error",
    title="Call that needs MFA",
    meaning="A policy denies whatever is done without MFA.",
    detection="An explicit deny whose policy has a condition on aws:MultiFactorAuthPresent.",
    error_texts=(
        "User: … is not authorized to perform: … with an explicit deny in an identity-based policy",
        "MultiFactorAuthentication failed with invalid MFA one time pass code.",
    ),
    steps=("Add mfa_serial to the named profile, or sign in again with MFA.",),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html",
)
