"""A second search engine, tantivy (congvan[search]), for stores past a million statements.

It holds the words of the passages beside the SQLite index, which stays the source of everything
that is shown. It follows the change log of that index, so it can be lost and built again.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from pipeline.record import Record
from pipeline.store import index
from pipeline.store.columns import Integers, columns_of, day_number
from pipeline.store.filters import Clause, Selection
from pipeline.store.problems import missing_extra
from pipeline.store.query import Expression, Query, Term
from pipeline.store.schema import index_path, open_reader, open_writer, store_id
from pipeline.store.search import Hits, answer

HEAP = 64_000_000
"""Bytes of memory that the writer may use."""
BATCH = 20_000
"""Passages between two commits of a build."""


def tantivy_path(out: Path) -> Path:
    """The folder of the tantivy index."""
    return index_path(out).with_name("tantivy")


def is_built(out: Path) -> bool:
    """Whether the store has a tantivy index."""
    return (tantivy_path(out) / "meta.json").is_file()


def is_ready(out: Path) -> bool:
    """Whether the tantivy index can answer: built, installed here, and not behind the changes."""
    if not is_built(out) or find_spec("tantivy") is None:
        return False
    with closing(open_reader(out)) as connection:
        last = connection.execute("SELECT coalesce(max(seq), 0) FROM changes").fetchone()[0]
        return _position(tantivy_path(out), connection)[1] == int(last)


def _tantivy() -> ModuleType:
    try:
        import tantivy
    except ImportError as error:
        raise missing_extra("tantivy", "search") from error
    return tantivy


class TantivyIndex:
    """tantivy as a `SearchIndex`."""

    def __init__(self, out: Path, connection: sqlite3.Connection) -> None:
        """`connection` is to the SQLite index of the store `out`."""
        self.connection = connection
        self.path = tantivy_path(out)
        self.matcher = TantivyMatcher(_open(self.path), connection)

    @classmethod
    def reader(cls, out: Path) -> TantivyIndex:
        """Read-only."""
        return cls(out, open_reader(out))

    @classmethod
    def writer(cls, out: Path) -> TantivyIndex:
        """For changing documents; made when it does not exist."""
        return cls(out, open_writer(out))

    def upsert(self, record: Record, digest: str) -> None:
        """Index a record in place of what was there under its id."""
        index.put(self.connection, record, digest)
        self.sync()

    def delete(self, document_id: str) -> int:
        """Remove a document; 1 when it was there."""
        gone = index.delete(self.connection, document_id)
        self.sync()
        return gone

    def sync(self) -> int:
        """Take over what changed in the SQLite index; how many documents."""
        return _sync(self.matcher.index, self.path, self.connection)

    def search(self, query: Query) -> Hits:
        """One page of matches."""
        self.matcher.index.reload()
        self.connection.execute("BEGIN")
        try:
            columns = columns_of(self.connection)
            return answer(self.connection, columns, self.matcher, query)
        finally:
            self.connection.execute("ROLLBACK")

    def count(self) -> int:
        """Documents held."""
        return int(self.connection.execute("SELECT count(*) FROM documents").fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        self.connection.close()


def build(out: Path) -> int:
    """Build the tantivy index anew from the SQLite index; how many documents it took over.

    Raises:
        MissingExtraError: tantivy is not installed.
        StoreError: there is no SQLite index.
    """
    _tantivy()
    connection = open_reader(out)
    try:
        path = tantivy_path(out)
        shutil.rmtree(path, ignore_errors=True)
        return _sync(_open(path), path, connection)
    finally:
        connection.close()


def follow(out: Path) -> None:
    """Bring a built tantivy index up to date; nothing where there is none or tantivy is missing."""
    if is_built(out) and find_spec("tantivy") is not None:
        engine = TantivyIndex.reader(out)
        try:
            engine.sync()
        finally:
            engine.close()


def _open(path: Path) -> Any:
    tantivy = _tantivy()
    path.mkdir(parents=True, exist_ok=True)
    builder = tantivy.SchemaBuilder()
    for name in ("exact", "folded", "tags"):
        builder.add_text_field(name, stored=False, tokenizer_name="vi", index_option="position")
    for name in ("rid", "doc"):
        builder.add_unsigned_field(name, stored=False, indexed=True, fast=True)
    for name in ("due", "first_day", "last_day"):
        builder.add_integer_field(name, stored=False, indexed=True, fast=True)
    opened = tantivy.Index(builder.build(), path=str(path))
    simple = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).build()
    opened.register_tokenizer("vi", simple)  # a fresh process does not know it otherwise
    return opened


def _sync(target: Any, path: Path, connection: sqlite3.Connection) -> int:
    """Take over the documents that changed since the last commit, in commits of whole documents."""
    store, after = _position(path, connection)
    changes = connection.execute(
        "SELECT c.seq, c.document_id, d.rid FROM changes c"
        " LEFT JOIN documents d ON d.document_id = c.document_id WHERE c.seq > ? ORDER BY c.seq",
        (after,),
    ).fetchall()
    if not changes:
        return 0
    writer = target.writer(heap_size=HEAP, num_threads=1)
    if after == 0:
        writer.delete_all_documents()
    passages = 0
    for seq, document_id, rid in changes:
        _forget(writer, target, document_id)
        if rid is not None:
            passages += _add(writer, connection, rid, document_id)
        if passages > BATCH:
            passages = 0
            _commit(writer, path, store, seq)
    _commit(writer, path, store, changes[-1][0])
    writer.wait_merging_threads()
    target.reload()
    return len(changes)


def _forget(writer: Any, target: Any, document_id: str) -> None:
    tantivy = _tantivy()
    query = tantivy.Query.term_query(target.schema, "tags", f"id{document_id}")
    writer.delete_documents_by_query(query)


def _add(writer: Any, connection: sqlite3.Connection, rid: int, document_id: str) -> int:
    tantivy = _tantivy()
    day = connection.execute("SELECT dated_on FROM documents WHERE rid = ?", (rid,)).fetchone()[0]
    rows = connection.execute(
        "SELECT p.rid, t.exact, p.tags, p.due_on FROM passages p"
        " JOIN passage_text t ON t.rid = p.rid WHERE p.doc = ?",
        (rid,),
    ).fetchall()
    for row, text, tags, due_on in rows:
        exact, folded = index.indexed_forms(text)
        document = tantivy.Document(exact=exact, folded=folded, tags=f"{tags} id{document_id}")
        document.add_unsigned("rid", row)
        document.add_unsigned("doc", rid)
        if due_on:
            document.add_integer("due", day_number(due_on))
        if day:
            document.add_integer("first_day", day_number(day))
            document.add_integer("last_day", day_number(day, "9"))
        writer.add_document(document)
    return len(rows)


def _position_file(path: Path) -> Path:
    return path / "congvan-position"


def _position(path: Path, connection: sqlite3.Connection) -> tuple[str, int]:
    store = store_id(connection)
    try:
        held, seq = _position_file(path).read_text().split()
    except (OSError, ValueError):
        return store, 0
    return store, int(seq) if held == store else 0


def _commit(writer: Any, path: Path, store: str, seq: int) -> None:
    """Commit, then note how far; a crash in between repeats the last batch, which is harmless."""
    writer.commit()
    _position_file(path).write_text(f"{store} {seq}")


FIRST_WINDOW = 65_536
"""Row numbers looked at first when only the latest matches are wanted; then four times as many."""


class TantivyMatcher:
    """Row numbers of matching passages by tantivy."""

    def __init__(self, opened: Any, connection: sqlite3.Connection) -> None:
        """`opened` is a tantivy index, `connection` is to the SQLite index that it follows."""
        self.index = opened
        self.connection = connection
        self.tantivy = _tantivy()

    def latest(self, selection: Selection, limit: int, below: int | None = None) -> Integers:
        """At most `limit` (-1: all) matching row numbers in falling order, below `below`.

        Common words stand in every stretch of the store, so the latest matches are looked for in
        the latest rows first: the time depends on what is wanted, not on what there is.
        """
        searcher = self.index.searcher()
        windows = self._windows(below) if limit > 0 else [(None, below)]
        found = np.zeros(0, np.int64)
        for low, high in windows:
            wanted = limit - len(found) if limit > 0 else max(searcher.num_docs, 1)
            hits = searcher.search(
                self._query(selection, low, high),
                limit=wanted,
                count=False,
                order_by_field="rid",
                order=self.tantivy.Order.Desc,
            ).hits
            more = np.fromiter((value for value, _ in hits), np.int64, len(hits))
            found = np.concatenate([found, more])
            if len(found) == limit:
                break
        return found

    def count(self, selection: Selection, limit: int) -> int:
        """How many match; stops counting at `limit`."""
        searcher, number = self.index.searcher(), 0
        for low, high in self._windows(None):
            number += int(searcher.search(self._query(selection, low, high), limit=1).count)
            if number >= limit:
                return limit
        return number

    def _windows(self, below: int | None) -> Iterator[tuple[int | None, int]]:
        """Ranges of row numbers (from, below), the latest first, each four times as wide."""
        last = self.connection.execute("SELECT max(rid) FROM passages").fetchone()[0] or 0
        high, width = last + 1 if below is None else min(below, last + 1), FIRST_WINDOW
        while high > width:
            yield high - width, high
            high, width = high - width, width * 4
        if high > 0:
            yield None, high

    def _query(self, selection: Selection, low: int | None, below: int | None) -> Any:
        must = list(self._must(selection, low, below))
        must_not = [self._clause(clause) for clause in selection.without]
        must_not += [self._term("tags", tag) for tag in selection.without_tags]
        occur = self.tantivy.Occur
        parts = [(occur.Must, query) for query in must or [self.tantivy.Query.all_query()]]
        parts += [(occur.MustNot, query) for query in must_not]
        return self.tantivy.Query.boolean_query(parts)

    def _must(self, selection: Selection, low: int | None, below: int | None) -> Iterator[Any]:
        if selection.text:
            yield self._clause(selection.text)
        if selection.any_of:
            yield self._either([self._clause(clause) for clause in selection.any_of])
        for choices in selection.tags:
            yield self._either([self._term("tags", tag) for tag in choices])
        if selection.documents is not None:
            yield self._either([self._term("doc", number) for number in selection.documents])
        yield from self._ranges(selection, low, below)

    def _ranges(self, selection: Selection, start: int | None, below: int | None) -> Iterator[Any]:
        field_type = self.tantivy.FieldType
        integer, unsigned = field_type.Integer, field_type.Unsigned
        for name, kind, low, high in (
            ("due", integer, _bound(selection.due_from, "0"), None),
            ("due", integer, None, _bound(selection.due_before, "0", -1)),
            ("last_day", integer, _bound(selection.dated_from, "0"), None),
            ("first_day", integer, None, _bound(selection.dated_to, "9")),
            ("rid", unsigned, start, None if below is None else below - 1),
        ):
            if low is not None or high is not None:
                yield self.tantivy.Query.range_query(self.index.schema, name, kind, low, high)

    def _term(self, field: str, value: object) -> Any:
        return self.tantivy.Query.term_query(self.index.schema, field, value)

    def _either(self, queries: list[Any]) -> Any:
        if not queries:
            return self.tantivy.Query.empty_query()
        occur = self.tantivy.Occur
        return self.tantivy.Query.boolean_query([(occur.Should, query) for query in queries])

    def _clause(self, clause: Clause) -> Any:
        column, expression = clause
        return self._expression(column, expression)

    def _expression(self, column: str, expression: Expression) -> Any:
        if isinstance(expression, Term):
            return self._words(column, expression)
        occur = self.tantivy.Occur
        positive = occur.Should if expression.operator == "or" else occur.Must
        parts = []
        for item in expression.items:
            negative = not isinstance(item, Term) and item.operator == "not"
            inner = item.items[0] if negative and not isinstance(item, Term) else item
            query = self._expression(column, inner)
            parts.append((occur.MustNot if negative else positive, query))
        return self.tantivy.Query.boolean_query(parts)

    def _words(self, column: str, term: Term) -> Any:
        query, schema = self.tantivy.Query, self.index.schema
        words = list(term.words)
        if term.prefix and len(words) == 1:
            return query.regex_query(schema, column, f"{words[0]}.*")
        if term.prefix:
            return query.regex_phrase_query(schema, column, [*words[:-1], f"{words[-1]}.*"])
        if len(words) == 1:
            return self._term(column, words[0])
        return query.phrase_query(schema, column, words)


def _bound(day: str | None, filler: str, step: int = 0) -> int | None:
    return None if day is None else day_number(day, filler) + step
