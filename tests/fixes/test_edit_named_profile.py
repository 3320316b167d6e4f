"""R19: one value of the local AWS config, and nothing else of the file."""

from __future__ import annotations

import stat
import subprocess
from typing import TYPE_CHECKING

import pytest

from instance_profiles.aws.connection import Connection
from instance_profiles.emulator.demo_config import CONFIG, CREDENTIALS
from instance_profiles.findings.finding import Finding, finding_id
from instance_profiles.fixes import config_text
from instance_profiles.fixes.apply import apply
from instance_profiles.fixes.build import build_plan
from instance_profiles.fixes.command_line import aws_command
from instance_profiles.fixes.differences import changed_lines
from instance_profiles.fixes.journal import Journal
from instance_profiles.fixes.offers import candidates
from instance_profiles.fixes.plan import CannotPlan
from instance_profiles.fixes.preflight import preflight
from instance_profiles.fixes.undo import plan_undo
from instance_profiles.inventory.chains import walk
from instance_profiles.inventory.inventory import Inventory
from instance_profiles.inventory.load import read_local_config
from instance_profiles.inventory.model import ObjectRef
from tests.fixes.bench import TroubledAccount

if TYPE_CHECKING:
    from pathlib import Path

    from instance_profiles.fixes.outcome import Outcome
    from instance_profiles.fixes.plan import Plan


@pytest.fixture
def config(aws_folder: Path) -> Path:
    path = aws_folder / "config"
    path.write_text(CONFIG)
    path.chmod(0o640)
    (aws_folder / "credentials").write_text(CREDENTIALS)
    return path


@pytest.fixture
async def inventory(config: Path) -> Inventory:
    made = Inventory()
    made.take(await read_local_config())
    return made


def finding(rule: str, name: str) -> Finding:
    subject = ObjectRef("named-profile", "", None, name, name)
    return Finding(
        finding_id(rule, subject), rule, "error", "present", subject, "", "", fixes=("edit-named-profile",)
    )


def shortening(inventory: Inventory) -> Plan:
    too_long = finding("chain-duration-over-1h", "nightly-report")
    return build_plan("edit-named-profile", too_long, inventory, {})


async def carry_out(plan: Plan, journal: Journal) -> Outcome:
    async with TroubledAccount(Connection()) as account:
        return await apply(plan, account, journal)


async def test_a_role_can_be_assumed_from_where_it_is_not_chained(inventory: Inventory) -> None:
    too_long = finding("chain-duration-over-1h", "nightly-report")
    found = candidates("edit-named-profile", "name", too_long, inventory)
    assert "default" in [one.value for one in found]
    assert "acme-deploy" not in [one.value for one in found]
    assert not any(one.fit for one in found)
    plan = build_plan("edit-named-profile", too_long, inventory, {"name": "default"})
    assert plan.title == "Set source_profile of named profile nightly-report to default"
    assert "must let the principal behind default assume it" in plan.warnings[0]
    with pytest.raises(CannotPlan, match="chained still"):
        build_plan("edit-named-profile", too_long, inventory, {"name": "acme-deploy"})


async def test_too_long_a_session_is_cut_to_an_hour_and_nothing_else_changes(
    config: Path, inventory: Inventory, tmp_path: Path
) -> None:
    plan = build_plan(
        "edit-named-profile", finding("chain-duration-over-1h", "nightly-report"), inventory, {}
    )
    (call,) = plan.calls
    assert (call.service, call.operation, call.region) == ("local", "EditNamedProfile", None)
    assert aws_command(call).endswith("aws configure set duration_seconds 3600 --profile nightly-report")
    (diff,) = plan.diffs
    assert [line for line in changed_lines(diff.before, diff.after) if line[0] in "+-"] == [
        "- duration_seconds = 43200",
        "+ duration_seconds = 3600",
    ]
    outcome = await carry_out(plan, Journal(tmp_path / "journal.jsonl"))
    assert outcome.result == "applied"
    before, _, after = CONFIG.rpartition("duration_seconds = 43200")
    assert config.read_text() == f"{before}duration_seconds = 3600{after}"
    assert stat.S_IMODE(config.stat().st_mode) == 0o640
    (backup,) = config.parent.glob("config.iptui-backup-*")
    assert backup.read_text() == CONFIG
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


async def test_undo_brings_the_file_back_letter_by_letter(
    config: Path, inventory: Inventory, tmp_path: Path
) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    plan = build_plan(
        "edit-named-profile", finding("chain-duration-over-1h", "nightly-report"), inventory, {}
    )
    await carry_out(plan, journal)
    async with TroubledAccount(Connection()) as account:
        undo = await plan_undo(journal.entries()[0], account)
        assert (await apply(undo, account, journal)).result == "applied"
    assert config.read_text() == CONFIG
    assert [entry.state for entry in journal.entries()] == ["undone", "applied"]


async def test_a_file_that_changed_since_the_plan_is_left_alone(
    config: Path, inventory: Inventory, tmp_path: Path
) -> None:
    plan = build_plan(
        "edit-named-profile", finding("chain-duration-over-1h", "nightly-report"), inventory, {}
    )
    changed = CONFIG + "# a note\n"
    config.write_text(changed)
    outcome = await carry_out(plan, Journal(tmp_path / "journal.jsonl"))
    assert outcome.result == "refused"
    assert "changed meanwhile" in outcome.message
    assert config.read_text() == changed
    async with TroubledAccount(Connection()) as account:
        states = {check.state async for check in preflight(plan, account, inventory)}
    assert states == {"failed"}


async def test_undo_refuses_where_the_value_is_another_one_by_now(
    config: Path, inventory: Inventory, tmp_path: Path
) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    plan = build_plan(
        "edit-named-profile", finding("chain-duration-over-1h", "nightly-report"), inventory, {}
    )
    await carry_out(plan, journal)
    config.write_text(config.read_text().replace("= 3600", "= 1800"))
    async with TroubledAccount(Connection()) as account:
        with pytest.raises(CannotPlan, match="1800"):
            await plan_undo(journal.entries()[0], account)


async def test_a_symbolic_link_stays_one(config: Path, inventory: Inventory, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles-config"
    config.rename(real)
    config.symlink_to(real)
    plan = build_plan(
        "edit-named-profile", finding("chain-duration-over-1h", "nightly-report"), inventory, {}
    )
    assert (await carry_out(plan, Journal(tmp_path / "journal.jsonl"))).result == "applied"
    assert config.is_symlink()
    assert "duration_seconds = 3600" in real.read_text()


@pytest.mark.parametrize("duration", ["3601", "899", "an hour", "0"])
async def test_a_length_that_sts_would_refuse_is_no_answer(inventory: Inventory, duration: str) -> None:
    with pytest.raises(CannotPlan) as refused:
        build_plan(
            "edit-named-profile",
            finding("chain-duration-over-1h", "nightly-report"),
            inventory,
            {"duration": duration},
        )
    assert refused.value.missing == "duration"


async def test_a_misspelt_credential_source_is_spelt_right(inventory: Inventory) -> None:
    plan = build_plan(
        "edit-named-profile", finding("chain-bad-credential-source", "on-instance"), inventory, {}
    )
    assert plan.calls[0].parameters["Value"] == "Ec2InstanceMetadata"


async def test_a_missing_source_is_chosen_by_the_person_unless_it_is_a_slip_of_the_pen(
    config: Path, inventory: Inventory
) -> None:
    lost = finding("chain-source-missing", "data-platform")
    with pytest.raises(CannotPlan) as refused:
        build_plan("edit-named-profile", lost, inventory, {})
    assert refused.value.missing == "name"
    offered = {candidate.value for candidate in candidates("edit-named-profile", "name", lost, inventory)}
    assert "acme-readonly" in offered
    assert not offered & {"data-platform", "staging", "release", "laptop"}
    plan = build_plan("edit-named-profile", lost, inventory, {"name": "acme-readonly"})
    assert plan.calls[0].parameters["Value"] == "acme-readonly"
    config.write_text(CONFIG.replace("source_profile = acme-main", "source_profile = acme-readonyl"))
    inventory.take(await read_local_config())
    assert (
        build_plan("edit-named-profile", lost, inventory, {}).calls[0].parameters["Value"] == "acme-readonly"
    )


ONE_SOURCE = {
    "chain-loop": (
        "staging",
        "acme-readonly",
        "source_profile = staging-admin\n",
        "source_profile = acme-readonly\n",
    ),
    "chain-no-source": (
        "audit",
        "default",
        "ops-readonly\n\n# There",
        "ops-readonly\nsource_profile = default\n\n# There",
    ),
    "chain-source-no-credentials": (
        "laptop-deploy",
        "finance",
        "source_profile = laptop\n",
        "source_profile = finance\n",
    ),
    "chain-both-sources": ("release", "default", "credential_source = Environment\n", ""),
}


@pytest.mark.parametrize("rule", ONE_SOURCE)
async def test_the_source_that_a_person_chose_is_written_and_undone(
    config: Path, inventory: Inventory, tmp_path: Path, rule: str
) -> None:
    name, chosen, before, after = ONE_SOURCE[rule]
    fault = finding(rule, name)
    assert walk(inventory.named_profiles, name).fault is not None
    with pytest.raises(CannotPlan) as refused:
        build_plan("edit-named-profile", fault, inventory, {})
    assert refused.value.missing == "name"
    assert chosen in [one.value for one in candidates("edit-named-profile", "name", fault, inventory)]
    plan = build_plan("edit-named-profile", fault, inventory, {"name": chosen})
    journal = Journal(tmp_path / "journal.jsonl")
    assert (await carry_out(plan, journal)).result == "applied"
    assert config.read_text() == CONFIG.replace(before, after, 1)
    mended = Inventory()
    mended.take(await read_local_config())
    assert walk(mended.named_profiles, name).fault is None
    async with TroubledAccount(Connection()) as account:
        undo = await plan_undo(journal.entries()[0], account)
        assert (await apply(undo, account, journal)).result == "applied"
    assert config.read_text() == CONFIG


async def test_of_two_sources_the_other_one_can_be_kept_as_well(config: Path, inventory: Inventory) -> None:
    both = finding("chain-both-sources", "release")
    plan = build_plan("edit-named-profile", both, inventory, {"name": "Environment"})
    assert plan.title == "Take source_profile out of named profile release"
    with pytest.raises(CannotPlan, match="to keep"):
        build_plan("edit-named-profile", both, inventory, {"name": "acme-readonly"})


async def test_the_line_for_a_shell_takes_the_same_key_out(config: Path, inventory: Inventory) -> None:
    both = finding("chain-both-sources", "release")
    plan = build_plan("edit-named-profile", both, inventory, {"name": "default"})
    subprocess.run(aws_command(plan.calls[0]), shell=True, check=True)
    assert config.read_text() == CONFIG.replace("credential_source = Environment\n", "")


async def test_a_key_that_came_meanwhile_is_not_overwritten(config: Path, inventory: Inventory) -> None:
    text = CONFIG.replace("[profile audit]\n", "[profile audit]\nsource_profile = finance\n")
    config.write_text(text)
    with pytest.raises(CannotPlan, match="by now"):
        build_plan("edit-named-profile", finding("chain-no-source", "audit"), inventory, {"name": "default"})


async def test_a_value_that_the_credentials_file_overrides_is_not_edited_here(
    aws_folder: Path, inventory: Inventory
) -> None:
    (aws_folder / "credentials").write_text("[nightly-report]\nduration_seconds = 7200\n")
    with pytest.raises(CannotPlan, match="wins over"):
        shortening(inventory)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("[profile a]\nk=1\n", "[profile a]\nk=2\n"),
        ("[profile a]\r\nk : 1\r\nx = y\r\n", "[profile a]\r\nk : 2\r\nx = y\r\n"),
        ("[profile a]\nK = 1", "[profile a]\nK = 2"),
        ('[profile "a"]\nk = 1\n\n[profile b]\nk = 1\n', '[profile "a"]\nk = 2\n\n[profile b]\nk = 1\n'),
        (
            "[profile b]\nk = 1\n[profile a]\nx = 1\n\n# end\n",
            "[profile b]\nk = 1\n[profile a]\nx = 1\nk = 2\n\n# end\n",
        ),
        ("[profile a]\ns3 =\n  k = 9\nk = 1\n  more\nz = 3\n", "[profile a]\ns3 =\n  k = 9\nk = 2\nz = 3\n"),
        ("[profile a]\n", "[profile a]\nk = 2\n"),
    ],
)
def test_one_line_is_touched(text: str, after: str) -> None:
    assert config_text.with_value(text, "a", "k", "2") == after
    assert config_text.value_of(after, "a", "k") == "2"


def test_a_profile_that_is_not_there_is_an_error() -> None:
    with pytest.raises(LookupError):
        config_text.with_value("[profile b]\n", "a", "k", "2")


@pytest.mark.parametrize(
    ("rule", "name", "was"),
    [("duration-over-role-max", "month-end", "28800"), ("duration-invalid", "smoke-test", "60")],
)
def test_a_wish_that_its_role_cannot_meet_becomes_one_that_it_can(
    inventory: Inventory, rule: str, name: str, was: str
) -> None:
    wish = finding(rule, name)
    plan = build_plan("edit-named-profile", wish, inventory, {})
    (diff,) = plan.diffs
    assert diff.after == diff.before.replace(f"duration_seconds = {was}\n", "duration_seconds = 3600\n")
    assert [one.value for one in candidates("edit-named-profile", "duration", wish, inventory)] == ["3600"]
    with pytest.raises(CannotPlan, match="900 to 3600"):
        build_plan("edit-named-profile", wish, inventory, {"duration": "7200"})
