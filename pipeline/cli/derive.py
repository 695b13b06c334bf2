"""Commands that derive something from the store: reindex, export, changes, report, feed, serve."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from pipeline.cli.common import DEFAULT_OUT, LangOption, OutOption, tell
from pipeline.cli.filters import SecretOption, as_of_day
from pipeline.cli.search import note_secret
from pipeline.errors import ExitCode, TargetError
from pipeline.messages import default_language, say

Engine = Literal["fts", "tantivy"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (reindex, export, changes, report, feed, serve):
        app.command(command.__name__)(command)


def reindex(
    engine: Annotated[Engine, typer.Option(help="fts; or tantivy, built beside it.")] = "fts",
    out: OutOption = DEFAULT_OUT,
    lang: LangOption = None,
) -> None:
    """Rebuild the search index and prove it equal."""
    from pipeline.store.rebuild import rebuild

    start = time.perf_counter()
    result = rebuild(out)
    seconds = f"{time.perf_counter() - start:.1f}"
    key = "equal" if result.equal else "replaced" if result.replaced else "repaired"
    numbers = {"documents": result.documents, "count": len(result.differing), "seconds": seconds}
    tell(say(f"search.reindex-{key}", None, **numbers))
    if engine == "tantivy":
        from pipeline.store.tantivy_index import build

        tell(say("export.tantivy-built", documents=build(out)))
    if result.broken:
        names = ", ".join(document_id[:12] for document_id in result.broken)
        tell(say("search.reindex-broken", count=len(result.broken), names=names))
        raise typer.Exit(int(ExitCode.SOME_FAILED))


def export(
    format: Annotated[
        str,
        typer.Argument(
            help="parquet, nd30-csv, nd30-json, edxml, ead, ics, label-studio, opensearch, spacy"
        ),
    ],
    target: Annotated[Path | None, typer.Argument(help="File, or folder for parquet.")] = None,
    document: Annotated[list[str] | None, typer.Option(help="Only these (id or number).")] = None,
    include_secret: SecretOption = False,
    out: OutOption = DEFAULT_OUT,
    lang: LangOption = None,
) -> None:
    """Export for analysts, offices and archives."""
    from pipeline.export.formats import EXPORTERS
    from pipeline.export.formats import export as write
    from pipeline.store.problems import query_error

    if format not in (*EXPORTERS, "parquet"):
        known = ", ".join(("parquet", *EXPORTERS))
        raise query_error("choice", field="format", value=format, names=known)
    note_secret(out, include_secret, "export", format)
    if format == "parquet":
        from pipeline.export.parquet import write_parquet

        folder = target or out / "exports"
        rows = write_parquet(out, folder, include_secret=include_secret)
        for name, number in rows.items():
            tell(say("export.rows", path=folder / f"{name}.parquet", count=number))
        return
    path = target or out / "exports" / EXPORTERS[format].file_name
    ids = _ids(out, document, include_secret) if document else None
    result = write(out, format, path, document_ids=ids, include_secret=include_secret)
    tell(say("export.rows", path=result.path, count=result.count))
    for (field, kind), number in result.losses.most_common(20):
        tell(f"  {field}: {say(f'export.loss-{kind}')} ({number})")
    if result.losses_path:
        tell(say("export.losses", path=result.losses_path))


def _ids(out: Path, names: list[str], include_secret: bool) -> list[str]:
    from contextlib import closing

    from pipeline.store.lookup import find_document
    from pipeline.store.schema import open_reader

    with closing(open_reader(out)) as connection:
        return [find_document(connection, name, include_secret=include_secret) for name in names]


def changes(
    since: Annotated[str | None, typer.Option(help="Cursor of the last line read.")] = None,
    records: Annotated[bool, typer.Option(help="With the whole record.")] = False,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=-1, help="Lines at most; -1: all.")
    ] = -1,
    include_secret: SecretOption = False,
    out: OutOption = DEFAULT_OUT,
    lang: LangOption = None,
) -> None:
    """Changed and deleted documents as JSON Lines."""
    from contextlib import closing

    from pipeline.record import to_json
    from pipeline.store.changes import changes_since, cursor_of, seq_of
    from pipeline.store.reviews import corrected
    from pipeline.store.schema import open_reader

    note_secret(out, include_secret, "changes", since or "")
    with closing(open_reader(out)) as connection:
        seq = seq_of(connection, since)
        for change in changes_since(connection, seq, include_secret=include_secret, limit=limit):
            line: dict[str, object] = {
                "cursor": cursor_of(connection, change.seq),
                "operation": change.operation,
                "document_id": change.document_id,
                "record_hash": change.record_hash,
            }
            if records and change.operation == "upsert":
                line["record"] = json.loads(to_json(corrected(out, change.document_id)))
            sys.stdout.buffer.write((json.dumps(line, ensure_ascii=False) + "\n").encode())
    sys.stdout.buffer.flush()


def report(
    questions: Annotated[list[str] | None, typer.Argument(help="Names; all when none.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Day for overdue; today.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write one HTML page with charts.")] = None,
    csv: Annotated[
        Path | None, typer.Option(help="Write one CSV a question into a folder.")
    ] = None,
    include_secret: SecretOption = False,
    out: OutOption = DEFAULT_OUT,
    lang: LangOption = None,
) -> None:
    """Ready questions: tables, CSV or an HTML page."""
    from pipeline.bulk.copies import linked
    from pipeline.export.report import questions as known
    from pipeline.export.report import report as answer_all
    from pipeline.store.problems import query_error

    unknown = [name for name in questions or () if name not in known()]
    if unknown:
        raise query_error("choice", field="report", value=unknown[0], names=", ".join(known()))
    note_secret(out, include_secret, "report", ", ".join(questions or ()))
    day = as_of_day(as_of)
    same = linked(out)
    answers = answer_all(
        out, tuple(questions or ()), as_of=day, include_secret=include_secret, linked=same
    )
    if html is not None:
        from pipeline.export.html import html_page
        from pipeline.export.report import totals

        numbers = totals(out, include_secret, day, same)
        page = html_page(answers, numbers, day, default_language())
        with _writing(html):
            html.parent.mkdir(parents=True, exist_ok=True)
            html.write_text(page, encoding="utf-8")
        tell(say("export.written", path=html))
    if csv is not None:
        with _writing(csv):
            _write_csv_files(csv, answers)
    if html is None and csv is None:
        _show_answers(answers)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """What the system says when `path` cannot be written, as our own error."""
    try:
        yield
    except OSError as error:
        raise TargetError(error.strerror or "", path=str(path)) from error


def _write_csv_files(folder: Path, answers: object) -> None:
    from pipeline.export.csv_text import csv_text
    from pipeline.export.report import Answer

    assert isinstance(answers, tuple)
    folder.mkdir(parents=True, exist_ok=True)
    for answer in answers:
        assert isinstance(answer, Answer)
        rows = (dict(zip(answer.titles, row, strict=True)) for row in answer.rows)
        path = folder / f"{answer.name}.csv"
        path.write_text(csv_text(rows, answer.titles), encoding="utf-8", newline="")
        tell(say("export.written", path=path))


def _show_answers(answers: object) -> None:
    from rich.text import Text

    from pipeline.cli.output import new_table, show_table
    from pipeline.export.report import Answer

    assert isinstance(answers, tuple)
    for answer in answers:
        assert isinstance(answer, Answer)
        if not answer.rows:
            tell(f"{answer.title}: {answer.empty or say('export.report-none')}")
            continue
        table = new_table(*answer.titles)
        table.title = answer.title
        for row in answer.rows:
            table.add_row(*(Text("–" if v is None else " ".join(str(v).split())) for v in row))
        show_table(table)
        if answer.note:
            tell(answer.note)


def feed(
    url: Annotated[
        str,
        typer.Argument(
            help="postgresql://, mariadb://, mysql://, sqlite:///FILE or sqlite:////PATH/TO/FILE"
        ),
    ],
    prefix: Annotated[str, typer.Option(help="Start of the names of the tables.")] = "congvan_",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Take over from another store.")
    ] = False,
    include_secret: SecretOption = False,
    out: OutOption = DEFAULT_OUT,
    lang: LangOption = None,
) -> None:
    """Bring a database up to date with the store."""
    from pipeline.feed.run import feed as run

    note_secret(out, include_secret, "feed", prefix)
    show = _progress if sys.stderr.isatty() else None
    result = run(
        out,
        url,
        prefix=prefix,
        include_secret=include_secret,
        replace=replace,
        dry_run=dry_run,
        progress=show,
    )
    if dry_run:
        for statement in result.statements:
            typer.echo(statement + ";")
    counts = result.counts
    tell(
        say(
            "export.feed-dry" if dry_run else "export.feed-done",
            target=result.target,
            documents=result.documents,
            removed=result.removed,
            inserted=counts.inserted,
            updated=counts.updated,
            deleted=counts.deleted,
            unchanged=counts.unchanged,
        )
    )
    for document_id, reason in result.rejected:
        tell(say("export.feed-rejected", document=document_id[:12], reason=reason))
    if result.rejected:
        raise typer.Exit(int(ExitCode.SOME_FAILED))


def _progress(done: int, total: int) -> None:
    typer.echo(f"\r{done}/{total}", err=True, nl=done == total)


def check_port(host: str, port: int) -> None:
    """End with a sentence when this machine cannot listen there, before an address is announced."""
    import errno
    import socket

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        key = "port-busy" if error.errno == errno.EADDRINUSE else "no-address"
        tell(say(f"desk.{key}", host=host, port=port, why=error.strerror))
        raise typer.Exit(int(ExitCode.FAILURE)) from error


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8800,
    token: Annotated[
        str | None,
        typer.Option(envvar="CONGVAN_TOKEN", help="Programs may use the API with this token."),
    ] = None,
    users: Annotated[
        Path | None, typer.Option(help="Users file; OUT/desk/users.json.", envvar="CONGVAN_USERS")
    ] = None,
    include_secret: SecretOption = False,
    out: OutOption = DEFAULT_OUT,
    lang: LangOption = None,
) -> None:
    """Serve the desk and the read-only HTTP API."""
    import uvicorn

    from pipeline.bulk.ledger_file import NoLedgerError
    from pipeline.desk.app import create_desk

    app = create_desk(
        out,
        host=host,
        users=users,
        token=token,
        include_secret=include_secret,
        language="en" if lang == "en" else "vi",
    )
    if not out.is_dir():
        raise NoLedgerError(path=str(out))
    check_port(host, port)
    note_secret(out, include_secret, "serve", f"{host}:{port}")
    tell(say("desk.serve", url=f"http://{host}:{port}/"))
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)
