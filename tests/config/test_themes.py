from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from config.themes import COLOURBLIND, DARK, LIGHT, PALETTES, chosen_theme, theme_names, themes, variables_for

TEXT_COLOURS = ("text", "muted", "dim", "error", "warning", "note", "done", "accent")
# The cursor's ground is the panel; the dimmest text is never drawn on it.
PANEL_COLOURS = ("text", "muted", "error", "warning", "note", "done")


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(channel) for channel in Color.parse(colour).normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("ground", ["background", "surface"])
@pytest.mark.parametrize("colour", TEXT_COLOURS)
@pytest.mark.parametrize("name", PALETTES)
def test_every_text_colour_is_readable(name, colour, ground):
    palette = PALETTES[name]
    assert contrast(getattr(palette, colour), getattr(palette, ground)) >= 4.5


@pytest.mark.parametrize("colour", PANEL_COLOURS)
@pytest.mark.parametrize("name", PALETTES)
def test_what_is_drawn_on_the_cursor_is_readable(name, colour):
    palette = PALETTES[name]
    assert contrast(getattr(palette, colour), palette.panel) >= 4.5


def test_contrast_is_computed_as_the_standard_says():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("theme", themes(), ids=lambda theme: theme.name)
def test_the_severities_of_a_theme_reach_the_style_sheet(theme):
    palette = PALETTES[theme.name]
    assert theme.variables["text-error"] == palette.error
    assert theme.variables["text-warning"] == palette.warning
    assert theme.variables["iptui-note"] == palette.note


@pytest.mark.parametrize("name", BUILTIN_THEMES)
def test_every_other_theme_has_what_iptui_needs(name):
    variables = variables_for(BUILTIN_THEMES[name])
    needed = {key for key in themes()[0].variables if key.startswith("iptui-")}
    assert needed <= set(variables)


@pytest.mark.parametrize("name", [name for name, theme in BUILTIN_THEMES.items() if not theme.ansi])
def test_quiet_text_of_other_themes_is_readable_where_their_text_is(name):
    theme = BUILTIN_THEMES[name]
    colours = {**theme.to_color_system().generate(), **theme.variables}
    for ground in ("background", "surface"):
        possible = contrast(colours["foreground"], colours[ground])
        for quiet in ("iptui-muted", "iptui-dim"):
            reached = contrast(variables_for(theme)[quiet], colours[ground])
            assert reached >= min(4.5, possible)


def test_without_colour_a_theme_without_colour_codes_is_chosen():
    assert chosen_theme(DARK, no_color=True) == "ansi-dark"
    assert chosen_theme(LIGHT, no_color=True) == "ansi-light"
    assert chosen_theme("textual-light", no_color=True) == "ansi-light"
    assert chosen_theme(COLOURBLIND, no_color=False) == COLOURBLIND
    assert {"ansi-dark", "ansi-light"} <= set(theme_names())


def test_own_themes_are_named_first():
    assert theme_names()[:3] == (DARK, LIGHT, COLOURBLIND)
