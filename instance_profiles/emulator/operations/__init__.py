"""One function per operation, grouped by what they are about; importing this package registers them all."""

from instance_profiles.emulator.operations import (
    access_analyzer,
    autoscaling_activity,
    autoscaling_groups,
    ec2_account,
    ec2_associations,
    ec2_instance_states,
    ec2_instances,
    ec2_launch_template_versions,
    ec2_launch_templates,
    ec2_run,
    iam_account,
    iam_instance_profiles,
    iam_role_policies,
    iam_roles,
    iam_simulation,
    sts,
)

__all__ = [
    "access_analyzer",
    "autoscaling_activity",
    "autoscaling_groups",
    "ec2_account",
    "ec2_associations",
    "ec2_instance_states",
    "ec2_instances",
    "ec2_launch_template_versions",
    "ec2_launch_templates",
    "ec2_run",
    "iam_account",
    "iam_instance_profiles",
    "iam_role_policies",
    "iam_roles",
    "iam_simulation",
    "sts",
]
