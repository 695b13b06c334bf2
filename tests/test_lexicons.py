"""Data in models/lexicons: readable, one Unicode form, a source, no row twice, valid patterns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.messages import say
from pipeline.resources import models_dir

FOLDER = models_dir() / "lexicons"
SOURCE_LINE = {".tsv": "# source", ".yaml": "# source", ".xsd": "<!--"}
"""How the line that names the source begins; a schema of others' formats says it in a comment."""
FILES = sorted(path for path in FOLDER.rglob("*") if path.is_file())
TABLES = [path for path in FILES if path.suffix == ".tsv"]
TREES = [path for path in FILES if path.suffix in (".yaml", ".yml")]
ODD = re.compile("[\u00a0\u00ad\u200b-\u200f\u2028\u2029\u202f\u2060\ufeff]")
"""Blanks and marks that nobody sees; a pattern writes them as escapes."""
CYRILLIC = re.compile("[\u0400-\u04ff]")
# data whose purpose is odd letters: legacy encodings, what OCR reads instead of others
LETTERS = ("legacy_encodings", "ocr_repairs")
PART = re.compile(r"\{[A-Z][A-Z_0-9]*\}")
"""A named part that a pattern is composed of; it compiles in the place of the part."""
PATTERN_KEYS = re.compile(r"(^|_)(patterns?|regex|regexes|re)$")


def named(path: Path) -> str:
    return str(path.relative_to(FOLDER))


def strings(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from strings(inner, str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner, key)


class UniqueKeys(yaml.SafeLoader):
    """A loader that does not let the second of two equal keys win silently."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = {str(key) for key in keys if keys.count(key) > 1}
        assert not twice, f"keys that stand twice: {sorted(twice)}"
        return super().construct_mapping(node, deep)


@pytest.mark.parametrize("path", FILES, ids=named)
def test_file_is_text_in_one_form_with_a_source(path: Path) -> None:
    assert path.suffix in SOURCE_LINE, "lexicons are TSV or YAML, formats of others XSD"
    text = path.read_text("utf-8")
    head = [line.strip().lower() for line in text.splitlines()[:10]]
    start = SOURCE_LINE[path.suffix]
    assert any(line.startswith(start) for line in head), f"no line that begins with {start!r}"
    assert text.endswith("\n")
    assert "\r" not in text
    if not path.stem.startswith(LETTERS):
        assert unicodedata.is_normalized("NFC", text)
        assert not CYRILLIC.search(text), CYRILLIC.findall(text)
        assert not ODD.search(text), [hex(ord(mark)) for mark in ODD.findall(text)]


@pytest.mark.parametrize("path", TABLES, ids=named)
def test_table_is_rectangular_and_says_nothing_twice(path: Path) -> None:
    lines = [line for line in path.read_text("utf-8").splitlines() if line and line[0] != "#"]
    header, *rows = [line.split("\t") for line in lines]
    assert len(set(header)) == len(header)
    assert all(name.isidentifier() for name in header), header
    assert rows, "no rows"
    uneven = [row for row in rows if len(row) != len(header)]
    assert not uneven, uneven[:3]
    assert len({tuple(row) for row in rows}) == len(rows)
    exact = [n for n, name in enumerate(header) if name != "prefix"]  # a prefix may end in a blank
    padded = [row for row in rows if any(row[n] != row[n].strip() for n in exact)]
    assert not padded, padded[:3]


@pytest.mark.parametrize("path", TREES, ids=named)
def test_tree_has_no_key_twice_and_its_patterns_compile(path: Path) -> None:
    content = yaml.load(path.read_text("utf-8"), Loader=UniqueKeys)
    assert content
    if path.parent.name == "messages":
        return
    for key, text in strings(content):
        if PATTERN_KEYS.search(key):
            re.compile(PART.sub("x", text), re.IGNORECASE)


@pytest.mark.parametrize("path", TABLES, ids=named)
def test_patterns_of_tables_compile(path: Path) -> None:
    lines = [line for line in path.read_text("utf-8").splitlines() if line and line[0] != "#"]
    header, *rows = [line.split("\t") for line in lines]
    columns = [n for n, name in enumerate(header) if PATTERN_KEYS.search(name)]
    for row in rows:
        for column in columns:
            re.compile(row[column], re.IGNORECASE)


MESSAGES = [path for path in TREES if path.parent.name == "messages"]


@pytest.mark.parametrize("path", MESSAGES, ids=named)
def test_messages_are_in_both_languages_with_the_same_slots(path: Path) -> None:
    slot = re.compile(r"\{(\w+)")
    for key, entry in yaml.safe_load(path.read_text("utf-8")).items():
        assert set(entry) == {"vi", "en"}, key
        assert set(slot.findall(entry["vi"])) == set(slot.findall(entry["en"])), key
        assert entry["vi"].strip(), key
        assert entry["en"].strip(), key


def test_a_message_is_filled_and_said_in_the_language_asked_for() -> None:
    assert say("evaluate.missing", "en", count=2, names="a b") == "No record for 2 documents: a b"
    assert "2 văn bản" in say("evaluate.missing", "vi", count=2, names="a b")


def test_checks_of_this_file_see_what_they_are_for(tmp_path: Path) -> None:
    twice = tmp_path / "x.yaml"
    twice.write_text("# source: t\na: 1\na: 2\n", "utf-8")
    with pytest.raises(AssertionError, match="twice"):
        test_tree_has_no_key_twice_and_its_patterns_compile(twice)
    broken = tmp_path / "y.yaml"
    broken.write_text("# source: t\nrules:\n- pattern: '(a'\n", "utf-8")
    with pytest.raises(re.error):
        test_tree_has_no_key_twice_and_its_patterns_compile(broken)


CODE = models_dir().parent / "pipeline"
REPEATED_GROUP = re.compile(r"(?<!\\)\)(?:[?*+]|\{+\d*,?\d*\}+)\+")


@pytest.mark.parametrize("path", [*TREES, *sorted(CODE.rglob("*.py"))], ids=lambda p: p.name)
def test_no_pattern_repeats_a_group_possessively(path: Path) -> None:
    """Python before 3.11.5 keeps the half of such a group that matched (gh-106052): what a record
    holds would hang on the interpreter."""
    assert not REPEATED_GROUP.search(path.read_text(encoding="utf-8"))
