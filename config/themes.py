"""The colours: two themes of iptui's own, one for colour-blind eyes, and what other themes lack.

All text colours are at least 4.5:1 on background and surface; a test computes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

if TYPE_CHECKING:
    from collections.abc import Mapping

DARK = "iptui-dark"
LIGHT = "iptui-light"
COLOURBLIND = "iptui-colourblind"

VARIABLE_DEFAULTS: Mapping[str, str] = {
    "iptui-muted": "#808080",
    "iptui-dim": "#808080",
    "iptui-note": "#808080",
    "iptui-done": "#808080",
    "iptui-accent": "#808080",
    "iptui-cursor": "#808080 25%",
    "iptui-guide": "#808080 40%",
}
"""Last resort for a theme that knows nothing of iptui; `variables_for` does better from the theme itself."""

READABLE = 4.5
"""The contrast ratio of WCAG 2 (AA) that text must reach."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme; `guide` is for lines only and never carries text."""

    background: str
    surface: str
    panel: str
    text: str
    muted: str
    dim: str
    error: str
    warning: str
    note: str
    done: str
    accent: str
    guide: str


DARK_PALETTE = Palette(
    background="#10141a",
    surface="#161b23",
    panel="#1e2530",
    text="#d6dce6",
    muted="#97a2b3",
    dim="#7b8798",
    error="#ff8078",
    warning="#e5b454",
    note="#86b8f0",
    done="#7cc77f",
    accent="#4fb8ad",
    guide="#28313d",
)
LIGHT_PALETTE = Palette(
    background="#fbfbf9",
    surface="#f2f2ee",
    panel="#e6e7e2",
    text="#1d2530",
    muted="#515c6b",
    dim="#646e7b",
    error="#b3261e",
    warning="#7a4f00",
    note="#0b5cad",
    done="#2b6b2f",
    accent="#0f6b64",
    guide="#d5d6d0",
)
# Okabe and Ito's vermillion, orange, sky blue and bluish green, lightened where 4.5:1 on dark asks for it.
COLOURBLIND_PALETTE = Palette(
    background="#10141a",
    surface="#161b23",
    panel="#1e2530",
    text="#d6dce6",
    muted="#97a2b3",
    dim="#7b8798",
    error="#e8762f",
    warning="#f0e442",
    note="#56b4e9",
    done="#00b386",
    accent="#cc79a7",
    guide="#28313d",
)
PALETTES: Mapping[str, Palette] = {
    DARK: DARK_PALETTE,
    LIGHT: LIGHT_PALETTE,
    COLOURBLIND: COLOURBLIND_PALETTE,
}


def themes() -> tuple[Theme, ...]:
    """iptui's own themes, ready for `App.register_theme`."""
    return tuple(_theme(name, palette) for name, palette in PALETTES.items())


def theme_names() -> tuple[str, ...]:
    """Every theme that may be chosen: iptui's own first, then Textual's."""
    return (*PALETTES, *sorted(BUILTIN_THEMES))


def chosen_theme(name: str, *, no_color: bool) -> str:
    """The theme to start with; without colour one of Textual's two that send no colour codes at all.

    NO_COLOR must be read before the App exists: Textual takes it out of the environment. The App must then
    be made with `ansi_color=True`, or Textual turns the terminal's own colours into black on black.
    """
    if not no_color:
        return name
    palette_is_light = name == LIGHT or (name in BUILTIN_THEMES and not BUILTIN_THEMES[name].dark)
    return "ansi-light" if palette_is_light else "ansi-dark"


def variables_for(theme: Theme) -> dict[str, str]:
    """The iptui variables for any theme, made of what the theme itself has (for
    `App.get_theme_variable_defaults`)."""
    if theme.name in PALETTES:
        return dict(theme.variables)
    generated = {**theme.to_color_system().generate(), **theme.variables}
    named = {
        "iptui-note": generated["text-primary"],
        "iptui-done": generated["text-success"],
        "iptui-accent": generated["text-accent"],
    }
    if theme.ansi:
        # Greys cannot be mixed from colours that only the terminal knows.
        quiet = "ansi_default"
        named |= {"iptui-muted": quiet, "iptui-dim": quiet, "iptui-guide": "ansi_bright_black"}
        named["iptui-cursor"] = generated["panel"]
    else:
        named |= {
            "iptui-muted": _quiet(generated, 0.30),
            "iptui-dim": _quiet(generated, 0.45),
            "iptui-guide": _blend(generated, 0.8),
        }
    return {**VARIABLE_DEFAULTS, **named}


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Color) -> float:
    linear = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in colour.normalized
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _quiet(colours: Mapping[str, str], towards_background: float) -> str:
    """The theme's text colour drawn towards its background, only as far as it stays readable."""
    grounds = [Color.parse(colours[name]) for name in ("background", "surface")]
    while towards_background > 0:
        quiet = _blend(colours, towards_background)
        if all(contrast(Color.parse(quiet), ground) >= READABLE for ground in grounds):
            return quiet
        towards_background -= 0.05
    return colours["foreground"]


def _blend(colours: Mapping[str, str], factor: float) -> str:
    return Color.parse(colours["foreground"]).blend(Color.parse(colours["background"]), factor).hex


def _theme(name: str, palette: Palette) -> Theme:
    dark = name != LIGHT
    return Theme(
        name=name,
        primary=palette.accent,
        secondary=palette.note,
        warning=palette.warning,
        error=palette.error,
        success=palette.done,
        accent=palette.accent,
        foreground=palette.text,
        background=palette.background,
        surface=palette.surface,
        panel=palette.panel,
        boost=palette.panel,
        dark=dark,
        variables=_variables(palette),
    )


def _variables(palette: Palette) -> dict[str, str]:
    return {
        "text": palette.text,
        "text-muted": palette.muted,
        "text-disabled": palette.dim,
        "text-error": palette.error,
        "text-warning": palette.warning,
        "text-success": palette.done,
        "text-primary": palette.note,
        "text-secondary": palette.note,
        "text-accent": palette.accent,
        "foreground-muted": palette.muted,
        "block-cursor-background": palette.panel,
        "block-cursor-foreground": palette.text,
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": palette.panel,
        "block-cursor-blurred-foreground": palette.text,
        "block-hover-background": palette.panel,
        "border": palette.accent,
        "border-blurred": palette.guide,
        "input-cursor-background": palette.text,
        "input-cursor-foreground": palette.background,
        "input-selection-background": palette.guide,
        "input-selection-foreground": palette.text,
        "scrollbar": palette.guide,
        "scrollbar-hover": palette.dim,
        "scrollbar-active": palette.dim,
        "scrollbar-background": palette.background,
        "scrollbar-background-hover": palette.background,
        "scrollbar-background-active": palette.background,
        "scrollbar-corner-color": palette.background,
        "footer-background": palette.surface,
        "footer-key-foreground": palette.accent,
        "footer-description-foreground": palette.muted,
        "iptui-muted": palette.muted,
        "iptui-dim": palette.dim,
        "iptui-note": palette.note,
        "iptui-done": palette.done,
        "iptui-accent": palette.accent,
        "iptui-cursor": palette.panel,
        "iptui-guide": palette.guide,
    }
