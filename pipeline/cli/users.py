"""`congvan user`: who may use the desk of a shared machine."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.cli.common import (
    DEFAULT_OUT,
    FormatOption,
    LangOption,
    OutOption,
    print_rows,
    tell,
)
from pipeline.messages import say

if TYPE_CHECKING:
    from pipeline.desk.users import UserFile

app = typer.Typer(no_args_is_help=True, help="Users of the desk.")

NameArgument = Annotated[str, typer.Argument(help="Name to log in with.")]
UsersOption = Annotated[
    Path | None, typer.Option("--users", help="Users file.", envvar="CONGVAN_USERS")
]


def register(parent: typer.Typer) -> None:
    """Add the commands."""
    parent.add_typer(app, name="user")


@app.command("add")
def add_user(
    name: NameArgument,
    role: Annotated[
        Literal["reader", "reviewer"], typer.Option(help="reviewer: may correct and retry.")
    ] = "reader",
    secret: Annotated[
        bool, typer.Option("--secret", help="May see documents with a secrecy mark.")
    ] = False,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from stdin.")
    ] = False,
    users: UsersOption = None,
    out: OutOption = DEFAULT_OUT,
    lang: LangOption = None,
) -> None:
    """Add a user, or give one a new password and role."""
    from pipeline.desk.users import User

    held = _users(out, users)
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else _ask(name)
    held.add(User(name=name, role=role, secret=secret), password)
    tell(say("desk.user-added", None, name=name, role=role, path=held.path))


@app.command("list")
def list_users(
    users: UsersOption = None,
    out: OutOption = DEFAULT_OUT,
    form: FormatOption = "table",
    lang: LangOption = None,
) -> None:
    """List the users."""
    rows = [user.model_dump(exclude={"password"}) for user in _users(out, users).all().values()]
    if form == "table":
        rows = [row | {"secret": "✓" if row["secret"] else ""} for row in rows]
    titles = {name: say(f"desk.user-column-{name}") for name in ("name", "role", "secret")}
    print_rows(rows, form, titles)


@app.command("remove")
def remove_user(
    name: NameArgument,
    users: UsersOption = None,
    out: OutOption = DEFAULT_OUT,
    lang: LangOption = None,
) -> None:
    """Remove a user; their sessions end at once."""
    _users(out, users).remove(name)
    tell(say("desk.user-removed", None, name=name))


def _users(out: Path, users: Path | None) -> UserFile:
    from pipeline.desk.users import UserFile, users_path

    return UserFile(users or users_path(out))


def _ask(name: str) -> str:
    """The password, typed twice without being shown."""
    first = getpass.getpass(say("desk.user-password", None, name=name))
    if getpass.getpass(say("desk.user-again")) != first:
        raise typer.BadParameter(say("desk.user-differs"))
    return first
