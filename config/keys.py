"""The settings one by one: type, meaning, flag, environment variable and an example, said once."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from config.mutes import MuteSetting
from config.trail import TrailSetting

SECONDS = Annotated[float, msgspec.Meta(gt=0)]


class Key(msgspec.Struct, frozen=True):
    """One setting. `kind` says in words what the file wants, `type` is what msgspec checks.

    A list in an environment variable is written with commas.
    """

    name: str
    type: Any
    kind: str
    meaning: str
    example: str
    flag: str | None = None
    variable: str | None = None


KEYS: tuple[Key, ...] = (
    Key(
        "named_profiles",
        tuple[str, ...],
        "a list of names",
        "Named profiles of ~/.aws/config to open, one account each; none: the SDK's own choice.",
        'named_profiles = ["prod", "staging"]',
        "--profile",
        "IPTUI_PROFILE",
    ),
    Key(
        "regions",
        tuple[str, ...],
        "a list of region names",
        'Regions to read; none or "all": every region that is enabled in the account.',
        'regions = ["eu-west-1", "us-east-1"]',
        "--region",
        "IPTUI_REGION",
    ),
    Key(
        "endpoint_url",
        str | None,
        "text",
        "One address for all AWS calls, for an emulator or a proxy.",
        'endpoint_url = "http://127.0.0.1:5000"',
        "--endpoint-url",
        "IPTUI_ENDPOINT_URL",
    ),
    Key(
        "read_only",
        bool,
        "true or false",
        "Refuse every call that could change something, before it is sent.",
        "read_only = true",
        "--read-only",
        "IPTUI_READ_ONLY",
    ),
    Key(
        "snapshot",
        bool,
        "true or false",
        "Keep what was read, so that the next start shows it at once, marked as old, until it is read anew.",
        "snapshot = true",
        None,
        "IPTUI_SNAPSHOT",
    ),
    Key(
        "timeout",
        SECONDS,
        "a number of seconds above 0",
        "Seconds to wait for one answer of AWS before it is given up.",
        "timeout = 30",
        None,
        "IPTUI_TIMEOUT",
    ),
    Key(
        "theme",
        str,
        "text",
        "Colours of the screen.",
        'theme = "iptui-dark"',
        None,
        "IPTUI_THEME",
    ),
    Key(
        "ascii",
        bool,
        "true or false",
        "Draw with plain ASCII signs, for terminals or fonts without the glyphs.",
        "ascii = true",
        None,
        "IPTUI_ASCII",
    ),
    Key(
        "no_color",
        bool,
        "true or false",
        "No colours; glyphs and words remain. NO_COLOR in the environment does the same.",
        "no_color = true",
        None,
        "NO_COLOR",
    ),
    Key(
        "keymap",
        dict[str, str],
        'a table of keys by command, as in reload = "r,f5"',
        "Other keys for the commands of the screen and its dialogs, several with commas.",
        '[keymap]\n# reload = "r,f5"',
    ),
    Key(
        "filters",
        dict[str, str],
        "a table of texts by name",
        "Filters to recall by name on the screen.",
        '[filters]\n# broken-prod = "prod"',
    ),
    Key(
        "mute",
        tuple[MuteSetting, ...],
        "tables headed [[mute]]",
        "Findings not to show: a rule, an object (id, name or ARN, with * and ?) or both; with a reason, and "
        "the last day it holds.",
        '# [[mute]]\n# rule = "profile-orphaned"\n# object = "sandbox-*"\n'
        '# reason = "cleaned up with the account"\n# until = 2027-01-31',
    ),
    Key(
        "trail",
        TrailSetting | None,
        "a table headed [trail]",
        "A table of Athena that holds the records of CloudTrail, to look for denials in; it is only queried "
        "when asked for, because AWS bills what a query reads.",
        '# [trail]\n# database = "logs"\n# table = "cloudtrail"\n# workgroup = "primary"\n'
        '# output = "s3://query-results/iptui/"\n# region = "eu-west-1"',
    ),
)

KEY_BY_NAME = {key.name: key for key in KEYS}
