"""Header values, addressees and references of a record against the gold."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pipeline.evaluate.align import document_code, nearly_same, plain
from pipeline.evaluate.counts import Tally, match_names
from pipeline.evaluate.gold import GoldDocument, Json

FIELDS = {
    "kind": "doc_type",
    "number": "number",
    "symbol": "symbol",
    "issued_on": "date",
    "place": "place",
    "issuer": "issuer",
    "title": "title",
    "signer": "signer",
    "signer_title": "position",
    "authority": "authority",
    "author": "author",
    "published_on": "published",
}
"""Header fields of the record and what the gold calls them."""
NEWS_ONLY = ("author", "published_on")
NEWS = ("kind", "title", *NEWS_ONLY)

_LEAD = re.compile(r"^(v/v|về việc)[\s:]*", re.IGNORECASE)
_WHOLE_CODE = re.compile(r"\d[^A-ZĐ]*[/-].*[A-ZĐ]")


def value_of(found: Any) -> Any:
    """The value of a Found, or the thing itself."""
    return found.get("value") if isinstance(found, dict) else found


def count_header(
    gold: GoldDocument, record: Json, tally: Tally, mistake: Callable[..., None]
) -> None:
    """Every header field that this kind of document can have, strictly and leniently."""
    whole = True
    asked = [
        name for name in FIELDS if (name in NEWS if gold.group == "news" else name not in NEWS_ONLY)
    ]
    for name in asked:
        wanted, got = compared(gold, record, name)
        same = bool(wanted and got and wanted.casefold() == got.casefold())
        tally.counts[f"fields/{name}"].verdict(wanted, got, same=same)
        alike = bool(wanted and got and nearly_same(wanted, got))
        tally.counts[f"fields_soft/{name}"].verdict(wanted, got, same=alike)
        if got is not None:
            tally.share("invented", int(wanted is None))
        if (wanted or "").casefold() != (got or "").casefold():
            whole = False
            mistake(f"fields/{name}", wanted, got)
    tally.share("header_exact", int(whole))


def compared(gold: GoldDocument, record: Json, name: str) -> tuple[str | None, str | None]:
    """The wanted and the found value of a field in the form in which they are compared."""
    header = gold.labels["header"]
    found = record.get("header", {}).get(name)
    raw = header.get(FIELDS[name]), value_of(found)
    wanted, got = (plain(value) if value else None for value in raw)
    if name == "title":
        wanted, got = (value and _LEAD.sub("", value) for value in (wanted, got))
    if name == "published_on":
        wanted, got = (value and value[:10] for value in (wanted, got))
    inferred = isinstance(found, dict) and "inferred" in str(found.get("origin", ""))
    if name == "issuer" and not wanted and got and header.get("inferred_issuer") and inferred:
        got = None  # inferred and marked as such, and the gold infers one too
    return wanted, got


def count_parties(gold: GoldDocument, record: Json, tally: Tally) -> None:
    """Addressees (Kính gửi) and recipients (Nơi nhận)."""
    if gold.group == "news":
        return
    for name in ("addressees", "recipients"):
        found = [value_of(item) or "" for item in record.get("header", {}).get(name) or []]
        tally.counts[name].add(*match_names(gold.labels["header"].get(name) or [], found))


def count_references(
    gold: GoldDocument, record: Json, tally: Tally, mistake: Callable[..., None]
) -> None:
    """Cited documents: whole codes are asked for, cited fragments ("Nghị định 16") are not."""
    cited = gold.labels["header"].get("references") or []
    codes = {document_code(item["code"]) for item in cited if item.get("code")}
    wanted = {code for code in codes if _WHOLE_CODE.search(code)}
    loose = {number for code in codes - wanted for number in re.findall(r"\d+", code)}
    found = {document_code(r["code"]) for r in record.get("references") or [] if r.get("code")}
    found = {c for c in found if c in wanted or not set(re.findall(r"^\D*(\d+)", c)) & loose}
    tally.counts["references"].add(len(wanted & found), len(found - wanted), len(wanted - found))
    for code in sorted(wanted - found):
        mistake("references", code, None)
    for code in sorted(found - wanted):
        mistake("references", None, code)
