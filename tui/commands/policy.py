"""`iptui policy`: the IAM policy that is needed, ready to be attached."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from instance_profiles.fixes.catalogue import RECIPES
from instance_profiles.questions.needed_policy import browse_policy, fix_policy
from tui.commands.exits import CommandError, Exit
from tui.commands.output import say, visible, write
from tui.commands.recipe_names import known_recipe

if TYPE_CHECKING:
    from instance_profiles.fixes.recipe import Recipe

_ACCOUNT: Final = re.compile(r"[0-9]{12}")


def run(what: str, recipe: str | None, *, partition: str, account: str | None) -> int:
    """Print the policy for browsing, or for one recipe."""
    if account is not None and not _ACCOUNT.fullmatch(account):
        raise CommandError(f"{visible(account)!r} is no account id; it has 12 digits.", Exit.USAGE)
    if what == "browse":
        if recipe is not None:
            raise CommandError("Reading needs one policy for all: `iptui policy browse`.", Exit.USAGE)
        document = browse_policy()
    else:
        document = fix_policy(_chosen(recipe), partition=partition, account=account or "*")
        if not document["Statement"]:
            say(f"{recipe} changes files of this machine only and needs no policy.")
            return Exit.DONE
    write(json.dumps(document, indent=2))
    return Exit.DONE


def _chosen(name: str | None) -> Recipe:
    if name is None:
        raise CommandError(
            f"Name the recipe: `iptui policy fix RECIPE`, of {', '.join(RECIPES)}.", Exit.USAGE
        )
    return known_recipe(name)
