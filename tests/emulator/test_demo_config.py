"""The demo's AWS config, tried with botocore's own chain against the demo fleet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiobotocore.session import AioSession
from botocore.exceptions import (
    ClientError,
    InfiniteLoopConfigError,
    InvalidConfigError,
    PartialCredentialsError,
)

from instance_profiles.emulator.demo_config import write_demo_aws_config
from instance_profiles.emulator.fleet import load_fleet
from instance_profiles.emulator.server import serve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture
async def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    async with serve(load_fleet("demo")) as url:
        for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            monkeypatch.delenv(name, raising=False)
        for name, value in write_demo_aws_config(tmp_path).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        yield


async def _identity(named_profile: str | None) -> str:
    session: Any = AioSession(profile=named_profile)
    async with session.create_client("sts", region_name="us-east-1") as sts:
        return str((await sts.get_caller_identity())["Arn"])


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("named_profile", "arn"),
    [
        (None, "arn:aws:iam::123456789012:user/ops-oncall"),
        ("finance", "arn:aws:iam::123456789012:user/finance-reports"),
        ("acme-readonly", "arn:aws:sts::123456789012:assumed-role/ops-readonly/"),
        ("acme-deploy", "arn:aws:sts::123456789012:assumed-role/ops-deploy/"),
    ],
)
async def test_healthy_named_profiles_work(named_profile: str | None, arn: str):
    assert (await _identity(named_profile)).startswith(arn)


@pytest.mark.usefixtures("demo")
async def test_the_chained_role_is_refused_more_than_an_hour():
    with pytest.raises(ClientError) as caught:
        await _identity("nightly-report")
    assert "exceeds the 1 hour session limit for roles assumed by role chaining" in str(caught.value)


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("named_profile", "text"),
    [
        (
            "data-platform",
            'The source_profile "acme-main" referenced in the profile "data-platform" does not',
        ),
        ("release", "contains both source_profile and credential_source"),
        (
            "on-instance",
            'The credential source "Ec2Metadata" referenced in profile "on-instance" is not valid',
        ),
        ("laptop-deploy", 'The source profile "laptop" must have credentials'),
        ("audit", "missing: source_profile or credential_source"),
    ],
)
async def test_each_broken_chain_is_refused_by_botocore(named_profile: str, text: str):
    with pytest.raises((InvalidConfigError, PartialCredentialsError)) as caught:
        await _identity(named_profile)
    assert text in str(caught.value)


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("named_profile", ["staging", "staging-admin"])
async def test_a_loop_is_refused_by_botocore(named_profile: str):
    with pytest.raises(InfiniteLoopConfigError):
        await _identity(named_profile)
