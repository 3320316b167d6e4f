"""Which ways are offered for which fault: every alternative that helps, the one that harms least first."""

from __future__ import annotations

import pytest

from instance_profiles.findings.catalogue import CATALOGUE

TRUST = ("repair-trust", "replace-association")
WAYS: dict[str, tuple[str, ...]] = {
    "profile-without-role": ("add-role", "replace-association", "reattach", "delete-instance-profile"),
    "profile-delete-blocked-by-role": ("delete-instance-profile", "keep-instance-profile", "delete-role"),
    "profile-already-exists": (
        "adopt-instance-profile",
        "create-instance-profile",
        "recreate-instance-profile",
    ),
    "profile-role-slot-full": ("create-instance-profile", "swap-role"),
    "profile-orphaned": ("clean-up-orphans", "delete-instance-profile", "keep-instance-profile"),
    "profile-quota-near": ("request-quota",),
    "profile-name-role-mismatch": ("create-instance-profile", "replace-association"),
    "profile-reference-path-in-name": ("repair-launch-template",),
    "profile-role-changed-recently": ("reattach",),
    "role-trust-missing-ec2": (*TRUST, "swap-role"),
    "role-trust-explicit-deny": TRUST,
    "role-trust-condition": ("repair-trust",),
    "role-trust-wrong-action": ("repair-trust",),
    "role-trust-wrong-partition-principal": ("repair-trust",),
    "role-trust-dead-principal": ("repair-trust",),
    "role-no-permissions": ("grant-role-permissions",),
    "role-boundary-blocks": ("change-boundary", "replace-association", "grant-role-permissions"),
    "role-sessions-revoked": ("reattach", "unrevoke-sessions"),
    "role-quarantined": ("lift-quarantine",),
    "role-service-linked-in-profile": ("replace-association", "reattach", "swap-role"),
    "role-delete-blocked": ("delete-role",),
    "role-unused": ("delete-role",),
    "role-self-assume-denied": ("repair-trust",),
    "instance-no-profile": ("attach",),
    "instance-profile-deleted": ("reattach", "replace-association", "create-instance-profile"),
    "instance-profile-stale-id": ("rebind-stale-instances", "reattach"),
    "instance-profile-empty": ("add-role", "replace-association", "reattach"),
    "instance-role-untrusted": ("repair-trust", "reattach"),
    "instance-imds-disabled": ("enable-imds",),
    "instance-imds-hop-limit": ("fix-hop-limit",),
    "instance-drift-from-launch-template": (
        "refresh-scaling-group",
        "replace-association",
        "repair-launch-template",
    ),
    "instance-ssm-unmanaged": ("grant-role-permissions",),
    "association-replace-on-stopped": ("reattach", "start-and-replace"),
    "association-stuck-associating": ("repair-trust", "reattach"),
    "association-stuck-disassociating": ("detach", "attach"),
    "association-multiple-active": ("detach", "attach"),
    "association-already-exists": ("replace-association", "reattach"),
    "association-projection-mismatch": ("reattach",),
    "lt-profile-missing": ("repair-launch-template", "create-instance-profile"),
    "lt-profile-empty": ("add-role",),
    "lt-profile-other-account": ("repair-launch-template",),
    "lc-profile-missing": ("migrate-launch-configuration",),
    "asg-launch-failing-profile": ("repair-launch-template", "add-role", "create-instance-profile"),
    "service-reference-broken": ("create-instance-profile",),
    "caller-no-identity-allow": ("grant-caller",),
    "caller-passrole-denied": ("grant-caller",),
    "chain-duration-over-1h": ("edit-named-profile",),
    "duration-over-role-max": ("edit-named-profile", "set-max-session-duration"),
}


@pytest.mark.parametrize("fault", [fault for fault in WAYS if fault in CATALOGUE])
def test_the_default_comes_first_and_no_alternative_is_missing(fault: str) -> None:
    ways, wanted = CATALOGUE[fault].ways, WAYS[fault]
    assert next(iter(ways)) == wanted[0]
    assert set(wanted) <= set(ways)


@pytest.mark.parametrize("fault", CATALOGUE)
def test_a_role_is_swapped_in_place_only_where_nothing_gentler_helps(fault: str) -> None:
    ways = list(CATALOGUE[fault].ways)
    assert ways[:1] != ["swap-role"]
    assert "swap-role" not in ways or ways[-1] == "swap-role"


@pytest.mark.parametrize("fault", CATALOGUE)
def test_each_way_says_why(fault: str) -> None:
    assert all(len(reason) > 20 for reason in CATALOGUE[fault].ways.values())
