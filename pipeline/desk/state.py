"""What all pages of one running desk share, and who is asking."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from fastapi import Request

from pipeline.desk.later import Later
from pipeline.desk.memory import Memory
from pipeline.desk.opened import Shelf
from pipeline.desk.sessions import LoginLimit, RequestLimit, Sessions
from pipeline.desk.users import User, UserFile
from pipeline.errors import StoreError

AccessMode = Literal["local", "login", "token"]
"""local: one trusted person on this machine; login: users with passwords; token: no pages."""

_AUDIT_LOCK = threading.Lock()


@dataclass(frozen=True)
class Desk:
    """A running desk. `include_secret` holds for the local person and for the API token."""

    out: Path
    mode: AccessMode
    local_user: User
    users: UserFile | None = None
    sessions: Sessions = field(default_factory=Sessions)
    limit: LoginLimit = field(default_factory=LoginLimit)
    requests: RequestLimit = field(default_factory=RequestLimit)
    memory: Memory = field(default_factory=Memory)
    shelf: Shelf = field(default_factory=Shelf)
    later: Later = field(default_factory=Later)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    """Work started from a page, by name."""

    def audit(self, user: str, action: str, **facts: object) -> None:
        """Append one line to OUT/desk/audit.jsonl.

        Raises:
            StoreError: the line cannot be written, so the action may not be done.
        """
        path = self.out / "desk" / "audit.jsonl"
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        line = json.dumps({"at": now, "user": user, "action": action, **facts}, ensure_ascii=False)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with _AUDIT_LOCK, path.open("a", encoding="utf-8") as log:
                log.write(line + "\n")
        except OSError as error:
            raise StoreError(f"the audit log cannot be written: {error}", path=str(path)) from error


def desk_of(request: Request) -> Desk:
    """The desk that answers this request."""
    desk: Desk = request.app.state.desk
    return desk


def current_user(request: Request) -> User:
    """Who is asking; the guard has sent everybody else to the login page."""
    user: User = request.state.user
    return user


def reviewer(request: Request) -> User:
    """Who is asking, when that person may change something.

    Raises:
        ForbiddenError: a reader asks.
    """
    user = current_user(request)
    if user.role != "reviewer":
        raise ForbiddenError("forbidden-role")
    return user


class ForbiddenError(Exception):
    """The request may not be done; `key` names the text of messages/desk.yaml that says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key
