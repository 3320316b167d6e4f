"""The colours of a tree: its style sheet, and the Rich styles that rows are drawn with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style

from widgets.tree_row_drawing import RowStyles

if TYPE_CHECKING:
    from textual.widget import Widget

    from widgets.severity import Level

_LEVELS: tuple[Level, ...] = ("error", "warning", "info", "unknown", "done")

COMPONENT_CLASSES: frozenset[str] = frozenset(
    f"resource-tree--{name}" for name in ("group", "muted", "dim", "guide", "match", "cursor", *_LEVELS)
)

CSS = """
ResourceTree {
    height: 1fr;
    overflow-x: hidden;
    overflow-y: scroll;
    scrollbar-size-vertical: 1;
    background: $background;
    color: $foreground;

    & > .resource-tree--group { text-style: bold; }
    & > .resource-tree--muted { color: $iptui-muted; }
    & > .resource-tree--dim { color: $iptui-dim; }
    & > .resource-tree--guide { color: $iptui-guide; }
    & > .resource-tree--match { text-style: bold underline; }
    & > .resource-tree--error { color: $text-error; }
    & > .resource-tree--warning { color: $text-warning; }
    & > .resource-tree--info { color: $iptui-note; }
    & > .resource-tree--unknown { color: $iptui-muted; }
    & > .resource-tree--done { color: $iptui-done; }
    & > .resource-tree--cursor { background: $iptui-cursor; }
    &:ansi > .resource-tree--cursor { text-style: reverse; }
    &:nocolor > .resource-tree--cursor { text-style: reverse; }
}
"""


def row_styles(widget: Widget) -> tuple[RowStyles, RowStyles]:
    """The styles of a plain row and of the row under the cursor, as the active theme has them."""
    plain = RowStyles(
        ground=widget.rich_style,
        label=Style.null(),
        group=_text_style(widget, "group"),
        muted=_text_style(widget, "muted"),
        dim=_text_style(widget, "dim"),
        guide=_text_style(widget, "guide"),
        match=_text_style(widget, "match"),
        levels={level: _text_style(widget, level) for level in _LEVELS},
    )
    cursor = RowStyles(
        ground=plain.ground + _ground(widget, "cursor"),
        label=plain.label,
        group=plain.group,
        muted=plain.muted,
        # The dimmest text would be too faint on the cursor's ground.
        dim=plain.muted,
        guide=plain.guide,
        match=plain.match,
        levels=plain.levels,
    )
    return plain, cursor


def _text_style(widget: Widget, name: str) -> Style:
    """A component's text colour and text style without its ground, so that the cursor shines through."""
    component = f"resource-tree--{name}"
    styles = widget.get_component_styles(component)
    if not (styles.has_rule("color") or styles.has_rule("auto_color")):
        return styles.text_style
    return Style(color=widget.get_component_rich_style(component).color) + styles.text_style


def _ground(widget: Widget, name: str) -> Style:
    component = f"resource-tree--{name}"
    styles = widget.get_component_styles(component)
    return Style(bgcolor=widget.get_component_rich_style(component).bgcolor) + styles.text_style
