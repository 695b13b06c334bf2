"""How a paragraph or run of a Word document looks, through its styles."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

from pipeline.document import Align
from pipeline.readers.docx_numbering import W

_OFF = ("0", "false", "off", "none")
_ALIGN: dict[str, Align] = {
    "left": "left",
    "start": "left",
    "right": "right",
    "end": "right",
    "center": "center",
    "both": "justify",
    "distribute": "justify",
    "thaiDistribute": "justify",
}
_DEEPEST = 20
"""Styles based on styles: Word itself stops at about ten, a loop never ends."""


@dataclass(frozen=True, slots=True)
class RunLook:
    """Character properties; None where nothing is said. `size` is in points."""

    bold: bool | None = None
    italic: bool | None = None
    size: float | None = None
    font: str | None = None
    caps: bool | None = None
    hidden: bool | None = None

    def under(self, nearer: RunLook) -> RunLook:
        """These properties, overridden by what `nearer` says."""
        said = {f.name: v for f in fields(nearer) if (v := getattr(nearer, f.name)) is not None}
        return replace(self, **said) if said else self


@dataclass(frozen=True, slots=True)
class ParagraphLook:
    """Paragraph properties that a style or paragraph gives."""

    align: Align | None = None
    list_id: str | None = None
    list_level: int | None = None
    outline: int | None = None
    run: RunLook = RunLook()
    style: str | None = None
    """The style that gave the list, for lists whose levels are tied to styles."""


class Styles:
    """The styles of one document, each resolved once."""

    def __init__(self, root: Any | None) -> None:
        """`root` is the root of styles.xml, None for a document without styles."""
        self._root = root
        self._paragraphs: dict[str | None, ParagraphLook] = {}
        self._runs: dict[str, RunLook] = {}

    @cached_property
    def _by_id(self) -> dict[str, Any]:
        if self._root is None:
            return {}
        return {style.get(f"{W}styleId", ""): style for style in self._root.iterfind(f"{W}style")}

    @cached_property
    def _default(self) -> str | None:
        for style_id, style in self._by_id.items():
            is_default = style.get(f"{W}default") in ("1", "true", "on")
            if is_default and style.get(f"{W}type") == "paragraph":
                return style_id
        return None

    @cached_property
    def _base_run(self) -> RunLook:
        if self._root is None:
            return RunLook()
        return run_look(self._root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))

    def paragraph(self, style_id: str | None) -> ParagraphLook:
        """What a paragraph style gives, with all it is based on; None is the default style."""
        if style_id not in self._paragraphs:
            look = ParagraphLook(run=self._base_run)
            for name, style in self._chain(style_id or self._default):
                look = _add_style(look, style, name)
            self._paragraphs[style_id] = look
        return self._paragraphs[style_id]

    def run(self, style_id: str) -> RunLook:
        """What a character style gives."""
        if style_id not in self._runs:
            look = RunLook()
            for _, style in self._chain(style_id):
                look = look.under(run_look(style.find(f"{W}rPr")))
            self._runs[style_id] = look
        return self._runs[style_id]

    def _chain(self, style_id: str | None) -> list[tuple[str, Any]]:
        """The style and those it is based on, the most general first."""
        chain: list[tuple[str, Any]] = []
        while style_id and style_id in self._by_id and len(chain) < _DEEPEST:
            style = self._by_id[style_id]
            chain.append((style_id, style))
            style_id = value_of(style, "basedOn")
        return chain[::-1]


def _add_style(look: ParagraphLook, style: Any, name: str) -> ParagraphLook:
    properties = style.find(f"{W}pPr")
    run = look.run.under(run_look(style.find(f"{W}rPr")))
    look = replace(look, run=run)
    return look if properties is None else paragraph_look(properties, look, style=name)


def paragraph_look(properties: Any, look: ParagraphLook, style: str | None = None) -> ParagraphLook:
    """`look` overridden by a w:pPr element."""
    align = _ALIGN.get(value_of(properties, "jc") or "")
    outline = value_of(properties, "outlineLvl")
    if align:
        look = replace(look, align=align)
    if outline is not None and outline.isdecimal():
        look = replace(look, outline=int(outline))
    numbers = properties.find(f"{W}numPr")
    if numbers is None:
        return look
    list_id, level = value_of(numbers, "numId"), value_of(numbers, "ilvl")
    return replace(
        look,
        list_id=list_id if list_id is not None else look.list_id,
        list_level=int(level) if level is not None and level.isdecimal() else look.list_level,
        style=style if list_id is not None else look.style,
    )


def run_look(properties: Any | None) -> RunLook:
    """The properties that a w:rPr element says; nothing for None."""
    if properties is None:
        return RunLook()
    size = value_of(properties, "sz")
    fonts = properties.find(f"{W}rFonts")
    font = None
    if fonts is not None:  # letters above ASCII, as all legacy Vietnamese ones, are set in hAnsi
        font = fonts.get(f"{W}hAnsi") or fonts.get(f"{W}ascii")
    return RunLook(
        bold=_toggle(properties, "b"),
        italic=_toggle(properties, "i"),
        size=_points(size),
        font=font,
        caps=_toggle(properties, "caps"),
        hidden=_toggle(properties, "vanish"),
    )


def value_of(element: Any, name: str) -> str | None:
    """The w:val of a child element; None when there is no such child."""
    child = element.find(f"{W}{name}")
    found = None if child is None else child.get(f"{W}val")
    return None if found is None else str(found)


def _toggle(properties: Any, name: str) -> bool | None:
    child = properties.find(f"{W}{name}")
    return None if child is None else child.get(f"{W}val") not in _OFF


def _points(half_points: str | None) -> float | None:
    if half_points is None or not half_points.isdecimal() or len(half_points) > 5:
        return None
    return int(half_points) / 2
