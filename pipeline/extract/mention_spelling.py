"""Spelling of names: one style of tone marks, and what counts as a word of a name."""

from __future__ import annotations

import re

from pipeline.text.words import WORD

_TONES = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
_TONE = re.compile(r"(?<!q)(?:o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])\b")


def plain(text: str) -> str:
    """Lower case with tone marks in the old style: "Uỷ ban" and "Ủy ban" are one spelling."""
    return _TONE.sub(lambda match: _TONES[match.group()], text.lower())


def parts_of(phrase: str) -> tuple[str, ...]:
    """The words of a phrase as the lists spell them."""
    return tuple(WORD.findall(plain(phrase)))
