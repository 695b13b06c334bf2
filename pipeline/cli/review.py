"""`congvan review ...`: what people say of records: list, queue, undo, gold, Label Studio."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import (
    DEFAULT_OUT,
    FormatOption,
    LangOption,
    OutOption,
    print_rows,
    tell,
)
from pipeline.cli.search import note_secret
from pipeline.errors import ExitCode
from pipeline.messages import say

if TYPE_CHECKING:
    from pipeline.review.entries import Entry
    from pipeline.review.reviewed import Reviewed

SecretOption = Annotated[
    bool, typer.Option("--include-secret", help="Secret documents too; is logged.")
]
DocumentArgument = Annotated[
    str, typer.Argument(help="Id (or its start), or number such as 229/TB-STNMT")
]
_ENTRY = ("entry", "at", "by", "action", "target", "quote", "old", "new")


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="What people corrected.")
    commands: dict[str, Callable[..., None]] = {
        "list": list_reviewed,
        "show": show,
        "queue": queue,
        "orphans": orphans,
        "undo": undo,
        "export": export,
        "import": import_file,
        "carry": carry,
    }
    for name, command in commands.items():
        group.command(name)(command)
    app.add_typer(group, name="review")


def _titles(*names: str) -> dict[str, str]:
    return {name: say(f"review.column-{name}") for name in names}


def list_reviewed(
    include_secret: SecretOption = False,
    out: OutOption = DEFAULT_OUT,
    format: FormatOption = "table",
    lang: LangOption = None,
) -> None:
    """Documents that somebody has looked at."""
    note_secret(out, include_secret, "review list", "")
    rows = [
        {
            "document": document_id[:12],
            "name": name,
            "entries": len(reviewed.standing),
            "orphans": len(reviewed.orphans),
            "done": ("✓" if reviewed.done else "") if format == "table" else reviewed.done,
            "at": reviewed.standing[-1].at if reviewed.standing else None,
            "by": reviewed.standing[-1].by if reviewed.standing else None,
        }
        for document_id, name, reviewed in _looked_at(out, include_secret)
    ]
    print_rows(rows, format, _titles("document", "name", "entries", "orphans", "done", "at", "by"))


def _looked_at(out: Path, include_secret: bool) -> Iterator[tuple[str, str, Reviewed]]:
    """Indexed documents with a log, by id; damaged lines are told."""
    from contextlib import closing

    from pipeline.review.log import read_log, reviewed_ids
    from pipeline.store.reviews import reviewed_record
    from pipeline.store.schema import open_reader

    with closing(open_reader(out)) as connection:
        rows = connection.execute(
            "SELECT document_id, coalesce(code, source_name) FROM documents WHERE secret <= ?",
            (int(include_secret),),
        ).fetchall()
    names = {row[0]: str(row[1]) for row in rows}
    for document_id in reviewed_ids(out):
        if document_id in names:
            damaged = read_log(out, document_id).damaged
            if damaged:
                tell(say("review.damaged", document=names[document_id], count=len(damaged)))
            yield document_id, names[document_id], reviewed_record(out, document_id)


def show(
    document: DocumentArgument,
    include_secret: SecretOption = False,
    out: OutOption = DEFAULT_OUT,
    format: FormatOption = "table",
    lang: LangOption = None,
) -> None:
    """The log of one document, undone lines included."""
    from pipeline.review.log import read_log

    note_secret(out, include_secret, "review show", document)
    document_id = _find(out, document, include_secret)
    rows = [_entry_row(entry) for entry in read_log(out, document_id).entries]
    names = tuple(n for n in _ENTRY if n != "at") if format == "table" else _ENTRY
    print_rows(rows, format, _titles(*names))


def _entry_row(entry: Entry) -> dict[str, object]:
    target = entry.target
    name = say(f"review.kind-{target.kind}")
    return {
        "entry": entry.id,
        "at": entry.at,
        "by": entry.by,
        "action": say(f"review.action-{entry.action}"),
        "target": f"{name} · {say(f'review.field-{target.field}')}" if target.field else name,
        "quote": " ".join(target.anchor.quote.split())[:80] if target.anchor else target.id or "",
        "old": "; ".join(value.value for value in entry.old),
        "new": "; ".join(value.value for value in entry.new),
    }


def _find(out: Path, name: str, include_secret: bool) -> str:
    from contextlib import closing

    from pipeline.store.lookup import find_document
    from pipeline.store.schema import open_reader

    with closing(open_reader(out)) as connection:
        return find_document(connection, name, include_secret=include_secret)


def queue(
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="Rows at most.")] = 20,
    include_secret: SecretOption = False,
    out: OutOption = DEFAULT_OUT,
    format: FormatOption = "table",
    lang: LangOption = None,
) -> None:
    """What is worth a look, dearest first."""
    import datetime as dt
    from contextlib import closing

    from pipeline.store.reviews import queue as ordered
    from pipeline.store.schema import open_reader

    note_secret(out, include_secret, "review queue", "")
    with closing(open_reader(out)) as connection:
        found = ordered(connection, dt.date.today(), include_secret=include_secret, limit=limit)
    rows = [
        {
            "document": item.document_id[:12],
            "name": item.code or item.title or item.source_name,
            "worth": item.worth,
            "reasons": ", ".join(f"{say(f'review.{r}')} {n}" for r, n in item.reasons.items()),
        }
        for item in found.items
    ]
    print_rows(rows, format, _titles("document", "name", "worth", "reasons"))
    tell(say("review.queue-counts", waiting=found.waiting, done=found.done))


def orphans(
    include_secret: SecretOption = False,
    out: OutOption = DEFAULT_OUT,
    format: FormatOption = "table",
    lang: LangOption = None,
) -> None:
    """Corrections without a place in their document."""
    note_secret(out, include_secret, "review orphans", "")
    rows = [
        {
            "document": document_id[:12],
            "name": name,
            **_entry_row(orphan.entry),
            "reason": say(f"review.orphan-{orphan.reason}"),
        }
        for document_id, name, reviewed in _looked_at(out, include_secret)
        for orphan in reviewed.orphans
    ]
    table = ("document", "by", "target", "quote", "new", "reason")
    names = table if format == "table" else ("document", "name", *_ENTRY, "reason")
    print_rows(rows, format, _titles(*names))


def undo(
    document: DocumentArgument,
    entry: Annotated[
        str | None, typer.Argument(help="Id of the entry, or its start; the last one.")
    ] = None,
    include_secret: SecretOption = False,
    out: OutOption = DEFAULT_OUT,
    lang: LangOption = None,
) -> None:
    """Take a correction back."""
    from pipeline.review import edits
    from pipeline.review.log import append
    from pipeline.store import index
    from pipeline.store.reviews import reviewed_record

    note_secret(out, include_secret, "review undo", document)
    document_id = _find(out, document, include_secret)
    held = [e.id for e in reviewed_record(out, document_id).standing]
    wanted = [e for e in held if entry and e.startswith(entry)] if entry else held[-1:]
    if not wanted:
        tell(say("review.edit-no-entry", entry=entry) if entry else say("review.nothing-to-undo"))
        raise typer.Exit(int(ExitCode.NOTHING_FOUND))
    if len(wanted) > 1:
        raise _usage(say("review.many-entries", entry=entry, count=len(wanted)))
    append(out, document_id, [edits.undo(wanted[0])], by=_me(), tool="cli")
    index.update(out, [document_id])
    tell(say("review.undone", entry=wanted[0]))


def _usage(problem: str) -> typer.Exit:
    """The end of a call that is not right, when what is wrong was said."""
    tell(say("common.error-usage", name=problem))
    return typer.Exit(int(ExitCode.USAGE))


def _me() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "local"


def export(
    gold: Annotated[
        Path | None, typer.Option(help="Folder for documents looked through, for evaluate, train.")
    ] = None,
    label_studio: Annotated[
        Path | None, typer.Option(help="File for Label Studio, with what people said so far.")
    ] = None,
    include_secret: SecretOption = False,
    out: OutOption = DEFAULT_OUT,
    lang: LangOption = None,
) -> None:
    """Reviewed documents as gold or for Label Studio."""
    if gold is None and label_studio is None:
        raise _usage(say("review.export-where"))
    note_secret(out, include_secret, "review export", str(gold or label_studio))
    if gold is not None:
        from pipeline.review.gold import write_gold

        count = write_gold(gold, (r for _, _, r in _looked_at(out, include_secret)))
        tell(say("review.gold-written" if count else "review.gold-none", count=count, path=gold))
    if label_studio is not None:
        from pipeline.export.annotation import write_reviewed

        count = write_reviewed((r for _, _, r in _looked_at(out, include_secret)), label_studio)
        tell(say("review.exported", count=count, path=label_studio))


def import_file(
    path: Annotated[Path, typer.Argument(help="JSON exported from Label Studio.")],
    include_secret: SecretOption = False,
    out: OutOption = DEFAULT_OUT,
    lang: LangOption = None,
) -> None:
    """Take over annotations of Label Studio."""
    from pipeline.errors import MissingFileError
    from pipeline.review.edits import EditError
    from pipeline.review.label_studio import read_export

    note_secret(out, include_secret, "review import", path.name)
    try:
        tasks = list(read_export(path.read_bytes()))
    except FileNotFoundError as error:
        raise MissingFileError(path=str(path)) from error
    except (ValueError, TypeError, KeyError) as error:
        raise EditError("edit-bad-file", path=path.name, detail=error) from error
    known = set(_ids(out, include_secret))
    totals = {"documents": 0, "entries": 0, "unchanged": 0, "lost": 0}
    for task in tasks:
        if task.document_id not in known:
            tell(say("review.imported-unknown", name=task.name or task.document_id[:12]))
            continue
        for name, number in _take(out, task).items():
            totals[name] += number
    tell(say("review.imported", None, path=path.name, **totals))
    if totals["lost"] or totals["documents"] < len(tasks):
        raise typer.Exit(int(ExitCode.SOME_FAILED))


def _ids(out: Path, include_secret: bool) -> Iterator[str]:
    from contextlib import closing

    from pipeline.store.schema import open_reader

    with closing(open_reader(out)) as connection:
        rows = connection.execute(
            "SELECT document_id FROM documents WHERE secret <= ?", (int(include_secret),)
        )
        yield from [row[0] for row in rows]


def _take(out: Path, task: object) -> dict[str, int]:
    from pipeline.review.label_studio import Annotated as AnnotatedTask
    from pipeline.review.label_studio import corrections_of
    from pipeline.review.log import append
    from pipeline.store import index
    from pipeline.store.reviews import corrected

    assert isinstance(task, AnnotatedTask)
    taken = corrections_of(corrected(out, task.document_id), task)
    if taken.corrections:
        append(out, task.document_id, taken.corrections, by=task.by, tool="label-studio")
        index.update(out, [task.document_id])
    return {
        "documents": 1,
        "entries": len(taken.corrections),
        "unchanged": taken.unchanged,
        "lost": len(taken.lost),
    }


def carry(
    old: DocumentArgument,
    new: DocumentArgument,
    include_secret: SecretOption = False,
    out: OutOption = DEFAULT_OUT,
    lang: LangOption = None,
) -> None:
    """Take corrections over to a new version of a document."""
    from pipeline.review.carry import carry as carry_over
    from pipeline.store import index

    note_secret(out, include_secret, "review carry", f"{old} {new}")
    source, target = (_find(out, name, include_secret) for name in (old, new))
    found = carry_over(out, source, target)
    if found:
        index.update(out, [target])
    tell(say("review.carried", count=len(found), old=source[:12], new=target[:12]))
