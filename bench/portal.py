"""Headers against what a law portal says of the same document: an independent count.

    python -m bench.portal FOLDER

FOLDER holds pages of a portal that print a table of facts above the text (number, kind, day, who
issued and who signed it). The table is cut off before a page is read, and read by patterns of its
own, so that nothing is measured by itself. Prints how many of each fact agree, how many are null
and how many differ, and every page with one that differs.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pipeline.process import understand
from pipeline.readers import read
from pipeline.record import Header
from pipeline.text.fold import fold

_FACTS = {
    "code": "Số hiệu",
    "issuer": "Nơi ban hành",
    "signer": "Người ký",
    "issued_on": "Ngày ban hành",
}
_END = re.compile(r"\*\*\s*Tình trạng:\*\*\s*\n\|\n.*?\n", re.DOTALL)
_UNKNOWN = ("", "đã biết", "đang cập nhật", "***")


def facts_of(text: str) -> dict[str, str]:
    """What the table says, by field; a fact that the portal does not know is left out."""
    facts = {}
    for field, label in _FACTS.items():
        cell = re.search(rf"\*\*\s*{label}:\*\*\s*\n\|\n(.*?)\n\|", text, re.DOTALL)
        value = " ".join(cell.group(1).split()) if cell else ""
        if value.lower() not in _UNKNOWN:
            facts[field] = value
    return facts


def without_table(text: str) -> str:
    """The page from below the table on."""
    end = _END.search(text)
    return text[end.end() :] if end else text


def verdict(field: str, fact: str, header: Header) -> str:
    """ "right", "null" or "other"; names are compared without marks."""
    if field == "issuer":
        return _issuer_verdict(fact, header)
    if field == "code":
        value = header.code
    else:
        found = header.signer if field == "signer" else header.issued_on
        value = found.value if found else None
    if value is None:
        return "null"
    if field == "issued_on":
        fact = "-".join(reversed(fact.split("/")))
    return "right" if _words(fact) == _words(value) else "other"


def _issuer_verdict(fact: str, header: Header) -> str:
    """The portal names a committee by its province, so its words have to occur."""
    if header.issuer is None:
        return "null"
    parts = [found.value for found in (header.parent_agency, header.issuer) if found]
    wanted = set(_words(fact)) - {"tinh", "thanh", "pho"}
    return "right" if wanted <= set(_words(" ".join(parts))) else "other"


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


def compare(folder: Path) -> Iterator[tuple[str, str, str, str]]:
    """Page, field, fact and the verdict on the header."""
    for path in sorted(folder.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        facts = facts_of(text)
        if not facts:
            continue
        header = understand(read(without_table(text).encode(), path.name)).header
        for field, fact in facts.items():
            yield path.name, field, fact, verdict(field, fact, header)


def main() -> None:
    """Print the counts and what disagrees."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    counts: dict[str, Counter[str]] = {field: Counter() for field in _FACTS}
    for name, field, fact, said in compare(parser.parse_args().folder):
        counts[field][said] += 1
        if said == "other":
            print(f"{name}: {field}, the portal says {fact!r}")
    for field, count in counts.items():
        print(f"{field:10} {count['right']} of {count.total()}, {count['null']} null")


if __name__ == "__main__":
    main()
