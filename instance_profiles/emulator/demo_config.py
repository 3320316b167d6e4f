"""The AWS config of the demo: named profiles that work, and one with each fault of a role chain."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os

ACCOUNT = "123456789012"

CONFIG = f"""\
# The AWS config of the iptui demo. The keys work with its emulator and nowhere else.

[default]
region = us-east-1

[profile acme-readonly]
role_arn = arn:aws:iam::{ACCOUNT}:role/ops-readonly
source_profile = default
region = us-east-1

[profile acme-deploy]
role_arn = arn:aws:iam::{ACCOUNT}:role/ops-deploy
source_profile = default
duration_seconds = 43200
region = eu-west-1

[profile finance]
region = eu-west-1

# A role assumed with a role's session lasts an hour at most, whatever the role allows.
[profile nightly-report]
role_arn = arn:aws:iam::{ACCOUNT}:role/ops-deploy
source_profile = acme-readonly
duration_seconds = 43200

# Its role gives an hour, as roles do unless somebody allows more.
[profile month-end]
role_arn = arn:aws:iam::{ACCOUNT}:role/month-end-export
source_profile = default
duration_seconds = 28800

# Somebody took the seconds for minutes.
[profile smoke-test]
role_arn = arn:aws:iam::{ACCOUNT}:role/ops-readonly
source_profile = default
duration_seconds = 60

# Each names the other as its source.
[profile staging]
role_arn = arn:aws:iam::{ACCOUNT}:role/ops-deploy
source_profile = staging-admin

[profile staging-admin]
role_arn = arn:aws:iam::{ACCOUNT}:role/ops-readonly
source_profile = staging

# The source was renamed.
[profile data-platform]
role_arn = arn:aws:iam::{ACCOUNT}:role/ops-readonly
source_profile = acme-main

# Two sources, where one is wanted.
[profile release]
role_arn = arn:aws:iam::{ACCOUNT}:role/ops-deploy
source_profile = default
credential_source = Environment

# No source at all.
[profile audit]
role_arn = arn:aws:iam::{ACCOUNT}:role/ops-readonly

# There is Ec2InstanceMetadata, but no Ec2Metadata.
[profile on-instance]
role_arn = arn:aws:iam::{ACCOUNT}:role/ops-readonly
credential_source = Ec2Metadata

# The source has a region, and nothing to sign with.
[profile laptop]
region = eu-central-1

[profile laptop-deploy]
role_arn = arn:aws:iam::{ACCOUNT}:role/ops-deploy
source_profile = laptop
"""

CREDENTIALS = """\
[default]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY

[finance]
aws_access_key_id = AKIAI44QH8DHBEXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
"""


def write_demo_aws_config(folder: str | os.PathLike[str]) -> dict[str, str]:
    """Write `config` and `credentials` into a folder; return the variables that lead an SDK to them."""
    files = {
        "AWS_CONFIG_FILE": ("config", CONFIG),
        "AWS_SHARED_CREDENTIALS_FILE": ("credentials", CREDENTIALS),
    }
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, text in files.values():
        path = Path(folder, name)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
    return {variable: str(Path(folder, name)) for variable, (name, _) in files.items()}
