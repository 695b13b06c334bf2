"""`congvan tasks`: the register of tasks, filtered, grouped, counted, overdue as of a day."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any, cast

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
from pipeline.cli.search import note_secret
from pipeline.errors import ExitCode
from pipeline.messages import say

if TYPE_CHECKING:
    from pipeline.store.tasks import GroupBy, TaskCount, TaskItem, TaskPage, TaskQuery


_SHOWN = 4
"""Names of assignees in a table; JSON and CSV have all."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("tasks")(tasks)


def tasks(
    text: Annotated[str, typer.Argument(help="Words of the task (optional).")] = "",
    assignee: Annotated[list[str] | None, typer.Option(help="Who does it, successors too.")] = None,
    assigner: Annotated[list[str] | None, typer.Option(help="Who assigned it.")] = None,
    coordinator: Annotated[list[str] | None, typer.Option(help="Who helps.")] = None,
    monitor: Annotated[list[str] | None, typer.Option(help="Who follows it up.")] = None,
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
    state: Annotated[
        list[str] | None, typer.Option(help="overdue, due, recurring, open or none")
    ] = None,
    as_of: AsOfOption = None,
    commitment: Annotated[
        bool | None,
        typer.Option("--commitment/--assigned", help="Only own undertakings, or orders."),
    ] = None,
    group_by: Annotated[
        str | None,
        typer.Option(
            help="assignee, assigner, monitor, agency, document, month, topic, year, state or kind"
        ),
    ] = None,
    sort: Annotated[str, typer.Option(help="due or newest")] = "due",
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, max=100_000, help="Rows at most.")
    ] = 50,
    cursor: CursorOption = None,
    include_secret: SecretOption = False,
    fail_empty: FailEmptyOption = False,
    out: OutOption = DEFAULT_OUT,
    format: FormatOption = "table",
    lang: LangOption = None,
) -> None:
    """List tasks: who, what, by when."""
    options = locals()
    from contextlib import closing

    from pipeline.bulk.copies import linked
    from pipeline.store.copies import copies
    from pipeline.store.schema import open_reader
    from pipeline.store.tasks import TaskQuery, count_tasks, list_tasks

    query = query_of(TaskQuery, options, as_of=as_of_day(as_of))
    note_secret(out, include_secret, "tasks", query.model_dump_json(exclude_defaults=True))
    with closing(open_reader(out)) as connection:
        found: tuple[TaskItem, ...] | tuple[TaskCount, ...]
        if group_by is not None:
            group = _group(group_by)
            pairs = () if group == "document" else linked(out)
            held = copies(connection, pairs, include_secret=include_secret)
            found = count_tasks(connection, query, group, limit=limit + 1, without=held.tasks)
            _print_counts(found[:limit], format)
            if len(found) > limit:
                tell(say("search.more-groups", shown=limit))
            if held.count:
                tell(say("export.copies-once", count=held.count))
        else:
            page = list_tasks(connection, query)
            found = page.items
            _print_tasks(page, query, format)
            pairs = linked(out, {item.document_id for item in page.items})
            held = copies(connection, pairs, include_secret=include_secret)
            if held.count:
                tell(say("export.copies-listed", count=held.count))
    if fail_empty and not found:
        raise typer.Exit(int(ExitCode.NOTHING_FOUND))


def _group(value: str) -> GroupBy:
    from typing import get_args

    from pipeline.store.problems import query_error
    from pipeline.store.tasks import GroupBy

    if value not in get_args(GroupBy):
        names = ", ".join(get_args(GroupBy))
        raise query_error("choice", field="group-by", value=value, names=names)
    return cast("GroupBy", value)


def _print_counts(counts: tuple[TaskCount, ...], format: Format) -> None:
    columns = ["value", "tasks", "with_deadline", "overdue", "due"]
    if format != "table":
        write_rows((count.model_dump() for count in counts), format, columns)
        return
    titles = ("group", "tasks", "with-deadline", "overdue", "due")
    table = new_table(*(say(f"search.column-{title}") for title in titles))
    for column in table.columns[1:]:
        column.justify = "right"
    for count in counts:
        numbers = (count.tasks, count.with_deadline, count.overdue, count.due)
        table.add_row(count.value or say("search.none"), *map(str, numbers))
    show_table(table)


def _print_tasks(page: TaskPage, query: TaskQuery, format: Format) -> None:
    from pipeline.store.tasks import TaskItem

    if format != "table":
        rows = (item.model_dump(mode="json") for item in page.items)
        write_rows(rows, format, list(TaskItem.model_fields))
    elif page.items:
        names = ("action", "assignees", "deadline", "state", "document")
        table = new_table(*(say(f"search.column-{name}") for name in names))
        for column, ratio in zip(table.columns, (6, 3, 3, 2, 3), strict=True):
            column.ratio = ratio
        for item in page.items:
            table.add_row(*_cells(item))
        show_table(table)
    _tell_notes(page, query)


def _cells(item: TaskItem) -> tuple[Any, ...]:
    from rich.text import Text

    deadline = " ".join((item.deadline_raw or "").split())
    day = item.due_on or item.next_on
    due = f"{deadline}\n{day}" if day else deadline
    style = {"overdue": "bold red", "due": "green"}.get(item.state, "")
    document = item.code or item.title or item.source_name
    return (
        Text(" ".join(item.action.split())),
        Text(_few(item.assignees)),
        Text(due),
        Text(say(f"search.state-{item.state}"), style=style),
        Text(f"{document}\n{item.dated_on or ''} {item.document_id[:12]}"),
    )


def _few(names: tuple[str, ...]) -> str:
    """The first names, and how many more there are."""
    more = f" (+{len(names) - _SHOWN})" if len(names) > _SHOWN else ""
    return "; ".join(names[:_SHOWN]) + more


def _tell_notes(page: TaskPage, query: TaskQuery) -> None:
    day = query.as_of.strftime("%d/%m/%Y")
    tell(say("search.tasks-total", shown=len(page.items), total=page.total, day=day))
    if any(item.state == "overdue" for item in page.items):
        tell(say("search.done-unknown"))
    reasons = Counter(
        item.due_basis for item in page.items if item.deadline_kind and item.due_on is None
    )
    if reasons:
        shown = "; ".join(f"{say(f'search.basis-{reason}')}: {n}" for reason, n in reasons.items())
        tell(say("search.unresolved", count=sum(reasons.values()), reasons=shown))
    if page.cursor:
        tell(say("search.more", cursor=page.cursor))
