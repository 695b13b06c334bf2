"""`congvan search`, `congvan show`: finding statements, and reading one record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import DEFAULT_OUT, Format, FormatOption, LangOption, OutOption, tell
from pipeline.cli.filters import (
    AgencyOption,
    AsOfOption,
    CursorOption,
    DeadlineOption,
    DueBeforeOption,
    DueFromOption,
    FailEmptyOption,
    FromOption,
    KindOption,
    LabelOption,
    NumberOption,
    OverdueOption,
    PlaceOption,
    SecretOption,
    ToOption,
    TopicOption,
    as_of_day,
    query_of,
)
from pipeline.cli.output import new_table, show_table, write_rows
from pipeline.errors import ExitCode
from pipeline.messages import default_language, say

if TYPE_CHECKING:
    from rich.text import Text

    from pipeline.record import Record
    from pipeline.store.query import Query
    from pipeline.store.search import Hit, Hits


def register(app: typer.Typer) -> None:
    """Add the commands, and those of the modules that share the store with them."""
    from pipeline.cli import derive, tasks

    app.command("search")(search)
    app.command("show")(show)
    tasks.register(app)
    derive.register(app)


def search(
    text: Annotated[
        str, typer.Argument(help='Words, "phrases", OR, -not, prefix*, field:value.')
    ] = "",
    label: LabelOption = None,
    kind: KindOption = None,
    agency: AgencyOption = None,
    place: PlaceOption = None,
    topic: TopicOption = None,
    number: NumberOption = None,
    date_from: FromOption = None,
    date_to: ToOption = None,
    due_from: DueFromOption = None,
    due_before: DueBeforeOption = None,
    has_deadline: DeadlineOption = False,
    overdue: OverdueOption = False,
    as_of: AsOfOption = None,
    sort: Annotated[str, typer.Option(help="best, newest, oldest, due")] = "best",
    facets: Annotated[
        str,
        typer.Option(
            help="Counts by: kind,label,agency,year,place,province,family,deadline,quality"
        ),
    ] = "",
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, max=1000, help="Rows at most.")
    ] = 20,
    cursor: CursorOption = None,
    include_secret: SecretOption = False,
    fail_empty: FailEmptyOption = False,
    out: OutOption = DEFAULT_OUT,
    format: FormatOption = "table",
    lang: LangOption = None,
) -> None:
    """Search statements and documents."""
    options = locals()
    from pipeline.store.query import Query
    from pipeline.store.search import searcher

    query = query_of(
        Query,
        options,
        overdue_on=as_of_day(as_of) if overdue else None,
        facets=tuple(name.strip() for name in facets.split(",") if name.strip()),
    )
    require_words(query)
    note_secret(out, include_secret, "search", text)
    engine = searcher(out)
    try:
        hits = engine.search(query)
    finally:
        engine.close()
    _print_hits(hits, query, format)
    if fail_empty and not hits.items:
        raise typer.Exit(int(ExitCode.NOTHING_FOUND))


def require_words(query: Query) -> None:
    """An empty question without any filter would list the whole store.

    Raises:
        QueryError: there is nothing to look for.
    """
    from pipeline.store.problems import query_error

    given = query.model_dump(exclude_defaults=True)
    if not query.text.strip() and not given.keys() - _NO_FILTERS:
        raise query_error("no-words")


_NO_FILTERS = {"text", "sort", "limit", "cursor", "include_secret"}


def note_secret(out: Path, wanted: bool, action: str, detail: str) -> None:
    """Log a look at secret documents, and say so."""
    if wanted:
        from pipeline.store.access import log_secret_access

        path = log_secret_access(out, action, detail)
        tell(say("search.secret-logged", path=path.name))


def _print_hits(hits: Hits, query: Query, format: Format) -> None:
    from pipeline.store.search import Hit

    if format != "table":
        rows = (hit.model_dump(mode="json") for hit in hits.items)
        write_rows(rows, format, list(Hit.model_fields))
    elif hits.items:
        table = new_table(
            *(say(f"search.column-{c}") for c in ("document", "date", "label", "text"))
        )
        table.columns[0].max_width, table.columns[1].no_wrap = 30, True
        for hit in hits.items:
            table.add_row(_document_cell(hit), hit.dated_on or "", _label(hit), _marked(hit))
        show_table(table)
    _print_facets(hits)
    _tell_total(hits, query.text)


def _document_cell(hit: Hit) -> str:
    from rich.markup import escape

    name = hit.code or hit.title or hit.source_name
    return f"{escape(name)}\n[dim]{escape(hit.issuer or '')} {hit.document_id[:12]}[/dim]"


def _label(hit: Hit) -> str:
    return say(f"search.label-{hit.label}") if hit.label else say(f"search.unit-{hit.unit}")


def _marked(hit: Hit) -> Text:
    from rich.text import Text

    text = Text(" ".join(hit.text.split("\n")) if len(hit.text.split("\n")) > 1 else hit.text)
    for start, end in hit.highlights:
        text.stylize("bold yellow", start, end)
    return text


def _print_facets(hits: Hits) -> None:
    for facet, values in hits.facets.items():
        shown = ", ".join(f"{value} ({number})" for value, number in values[:12])
        tell(f"{facet}: {shown or say('search.none')}")


def _tell_total(hits: Hits, text: str) -> None:
    from pipeline.store.query import FIELDS, unknown_fields
    from pipeline.text.fold import has_accents

    if not hits.total:
        tell(say("search.nothing"))
        for name in unknown_fields(text):
            tell(say("search.unknown-field", name=name, names=", ".join(FIELDS)))
        return
    total: object = hits.total
    if hits.total_is_lower_bound:
        total = say("search.at-least", number=hits.total)
    differ = has_accents(text) and hits.total_as_typed != hits.total
    key = "search.found-typed" if differ else "search.found"
    tell(say(key, shown=len(hits.items), total=total, typed=hits.total_as_typed))
    if hits.cursor:
        tell(say("search.more", cursor=hits.cursor))


def show(
    document: Annotated[
        str, typer.Argument(help="Id (or its start), or number such as 229/TB-STNMT")
    ],
    include_secret: SecretOption = False,
    out: OutOption = DEFAULT_OUT,
    format: FormatOption = "table",
    lang: LangOption = None,
) -> None:
    """Show one document."""
    import sys
    from contextlib import closing

    from pipeline.record import to_json
    from pipeline.store.lookup import find_document
    from pipeline.store.reviews import corrected
    from pipeline.store.schema import open_reader

    note_secret(out, include_secret, "show", document)
    with closing(open_reader(out)) as connection:
        document_id = find_document(connection, document, include_secret=include_secret)
    record = corrected(out, document_id)
    if format == "table":
        show_record(record)
    elif format == "csv":
        rows = (s.model_dump(mode="json") for s in record.statements)
        write_rows(rows, format, ["id", "label", "quote", "section", "start", "end", "confidence"])
    else:
        content = to_json(record)
        if format == "jsonl":
            import json

            content = (json.dumps(json.loads(content), ensure_ascii=False) + "\n").encode()
        sys.stdout.buffer.write(content)


def show_record(record: Record) -> None:
    """One record as tables: header, statements by label, tasks, issues."""
    from rich.text import Text

    from pipeline.record import Header

    table = new_table(say("search.column-field"), say("search.column-value"))
    for name in Header.model_fields:
        value = getattr(record.header, name)
        found = value if isinstance(value, tuple) else (value,) if hasattr(value, "value") else ()
        if found:
            table.add_row(
                say(f"review.field-{name}"),
                Text("; ".join(" ".join(f.value.split()) for f in found)),
            )
    show_table(table)
    table = new_table(say("search.column-label"), say("search.column-text"))
    for statement in record.statements:
        if statement.label != "context":
            quote = " ".join(statement.quote.split())
            table.add_row(say(f"search.label-{statement.label}"), Text(quote))
    show_table(table)
    _show_tasks(record)
    _show_issues(record)


def _show_tasks(record: Record) -> None:
    from rich.text import Text

    if not record.tasks:
        return
    names = ("action", "assignees", "coordinators", "monitors", "deadline")
    table = new_table(*(say(f"search.column-{name}") for name in names))
    for column, share in zip(table.columns, (4, 3, 2, 2, 3), strict=True):
        column.ratio = share  # all of them: one alone gets only what long names leave over
    for task in record.tasks:
        parties = (task.assignees, task.coordinators, task.monitors)
        cells = [" ".join(task.action.split()), *("; ".join(p.value for p in ps) for ps in parties)]
        table.add_row(*map(Text, cells), Text(task.deadline.raw if task.deadline else ""))
    show_table(table)


def _show_issues(record: Record) -> None:
    from rich.text import Text

    from pipeline.checks.catalogue import issue_text

    if record.issues:
        table = new_table(say("search.column-severity"), say("search.column-message"))
        for issue in record.issues:
            message = issue_text(issue.code, issue.message, default_language())
            severity = say(f"review.severity-{issue.severity}")
            table.add_row(severity, Text(f"{message} ({issue.code})"))
        show_table(table)
