"""Instance profiles and roles: what IAM refuses."""

from __future__ import annotations

from instance_profiles.findings.topic import Topic

PROFILE_DELETE_BLOCKED_BY_ROLE = Topic(
    id="profile-delete-blocked-by-role",
    order=112,
    kind="instance-profile",
    severity="info",
    title="Instance profile that cannot be deleted while a role is inside",
    meaning=(
        "IAM deletes an instance profile only once it is empty. It does not ask whether instances use it: "
        "deleting one in use takes their credentials away for good, and one made again under the same name "
        "does not bring them back. It is an error only where somebody asked for the deletion."
    ),
    detection=(
        "DeleteInstanceProfile answers DeleteConflict. DeleteRole gives the same text for a role that is "
        "still inside an instance profile; the operation tells which."
    ),
    error_texts=(
        "DeleteConflict: Cannot delete entity, must remove roles from instance profile first.",
        (
            "An error occurred (DeleteConflict) when calling the DeleteInstanceProfile operation: Cannot "
            "delete entity, must remove roles from instance profile first."
        ),
    ),
    steps=(
        "Look first at what uses it, in every region: instances, launch templates, scaling groups, fleets.",
        "If nothing does, take the role out and then delete it.",
    ),
    ways={
        "delete-instance-profile": "takes the role out and deletes it, once nothing uses it anywhere",
        "keep-instance-profile": "tags it as wanted instead, so that no cleanup takes it",
        "delete-role": "takes it out of every instance profile first, where the role must go too",
    },
    source="https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteInstanceProfile.html",
)

PROFILE_ALREADY_EXISTS = Topic(
    id="profile-already-exists",
    order=114,
    kind="instance-profile",
    severity="error",
    title="Name of an instance profile that is taken",
    meaning=(
        "Names are unique in an account without regard to case, and the path does not set them apart. The "
        "one that is there was often made by the IAM console together with a role of that name, which the "
        "console does not show, or by a run of Terraform or CloudFormation that broke off."
    ),
    detection="CreateInstanceProfile answers EntityAlreadyExists; ListInstanceProfiles has the name already.",
    error_texts=(
        "EntityAlreadyExists: Instance Profile … already exists.",
        "Error creating IAM instance profile …: EntityAlreadyExists: Instance Profile … already exists.",
    ),
    steps=(
        "Use the one that is there; `terraform import aws_iam_instance_profile.NAME NAME` adopts it.",
        "Or take another name.",
        "Delete and create it again only where no instance uses it: the new one has another id.",
    ),
    ways={
        "adopt-instance-profile": "uses the one that is there, and puts the wanted role in where it is empty",
        "create-instance-profile": "makes one under a name that is free",
        "recreate-instance-profile": "deletes and makes it again, where no instance uses it",
    },
    source="https://github.com/hashicorp/terraform-provider-aws/issues/8041",
)

PROFILE_ROLE_SLOT_FULL = Topic(
    id="profile-role-slot-full",
    order=116,
    kind="instance-profile",
    severity="error",
    title="Instance profile that has a role already",
    meaning=(
        "An instance profile holds one role at most, and no quota request changes that. IAM gives the same "
        "error where the role to add is the one inside; then all is well."
    ),
    detection="AddRoleToInstanceProfile answers LimitExceeded and names InstanceSessionsPerInstanceProfile.",
    error_texts=("LimitExceeded: Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1",),
    steps=(
        "If it is the same role, nothing has to be done.",
        "Make another instance profile for the other role and move the instances over: that works at once.",
        "A role that is swapped inside takes up to an hour to reach instances.",
    ),
    ways={
        "create-instance-profile": "makes one for the other role; instances then move one by one, at once",
        "swap-role": "takes the old role out and puts the new one in; up to an hour until instances have it",
    },
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
)

ROLE_UNMODIFIABLE = Topic(
    id="role-unmodifiable",
    order=282,
    kind="role",
    severity="error",
    title="Role that only AWS may change",
    meaning="A service-linked role belongs to its service. IAM refuses every change of it, to everybody.",
    detection="IAM answers UnmodifiableEntity; the path of the role begins with /aws-service-role/.",
    error_texts=(
        (
            "UnmodifiableEntity: Cannot perform the operation on the protected role 'AWSServiceRoleFor…' - "
            "this role is only modifiable by AWS"
        ),
    ),
    steps=("Use a role of your own, and leave this one to its service.",),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html",
)

ROLE_DELETE_BLOCKED = Topic(
    id="role-delete-blocked",
    order=284,
    kind="role",
    severity="error",
    title="Role that cannot be deleted yet",
    meaning=(
        "IAM deletes a role only once it is in no instance profile and has neither attached nor inline "
        "policies. It tells one obstacle at a time."
    ),
    detection="DeleteRole answers DeleteConflict; its text names what is still there.",
    error_texts=(
        "DeleteConflict: Cannot delete entity, must remove roles from instance profile first.",
        "DeleteConflict: Cannot delete entity, must detach all policies first.",
        "DeleteConflict: Cannot delete entity, must delete policies first.",
    ),
    steps=(
        "Look when the role was last used, and by which instances.",
        "Then detach its policies, delete the inline ones, take it out of its instance profiles, delete it.",
    ),
    ways={"delete-role": "does all of that in this order, where nothing uses the role any more"},
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_manage_delete.html",
)
