"""Names of kinds, states and other codes as people call them."""

from __future__ import annotations

from pipeline.messages import Language, say
from pipeline.resources import lexicon


def kind_name(code: str | None, language: Language) -> str:
    """The kind of a document: "TB" is "Thông báo" or "Notice"."""
    return known("kinds", code, language, code) if code else ""


def known(area: str, key: str, language: Language, fallback: str) -> str:
    """The text of a key when the file of messages has it."""
    return say(f"{area}.{key}", language) if key in lexicon(f"messages/{area}") else fallback


def value_name(facet: str, value: str, language: Language) -> str:
    """A value of a facet or group for people."""
    if facet == "kind":
        return kind_name(value, language)
    if facet in ("label", "state"):
        return known("search", f"{facet}-{value}", language, value)
    if facet in ("quality", "deadline", "family"):
        return known("desk", f"{facet}-{value}", language, value)
    return " ".join(value.split())


def reason_name(reason: str, language: Language) -> str:
    """Why documents are in quarantine, in a few words."""
    return known("desk", f"reason-{reason}", language, reason or "?")


def command_name(command: str, language: Language) -> str:
    """What a run did."""
    return known("desk", f"command-{command}", language, command)


def part_name(part: str, language: Language) -> str:
    """A part of a record: "header.signer", "statement", "task.assignees"."""
    owner, _, name = part.partition(".")
    if owner == "header":
        named = known("columns", f"documents.{name}", language, name)
        return known("desk", f"part-{name}", language, named)
    if not name:
        return known("desk", f"part-{owner}", language, owner)
    return known(
        "desk", f"column-{name}", language, known("columns", f"tasks.{name}", language, name)
    )


def changed_value(part: str, value: str, language: Language) -> str:
    """A value that changed; labels by their names."""
    if part != "statement":
        return value
    return ", ".join(value_name("label", label, language) for label in value.split(", "))
