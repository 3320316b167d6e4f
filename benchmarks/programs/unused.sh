# The instance profiles that no instance of this region uses, with the AWS command line.
set -eu
all=$(mktemp) used=$(mktemp)
trap 'rm -f "$all" "$used"' EXIT
aws iam list-instance-profiles --query 'InstanceProfiles[].Arn' --output text | tr '\t' '\n' | sort -u > "$all"
aws ec2 describe-instances --query 'Reservations[].Instances[].IamInstanceProfile.Arn' --output text \
    | tr '\t' '\n' | sort -u > "$used"
comm -23 "$all" "$used" | wc -l
