"""The log of looks at documents with a secrecy mark (MẬT and above)."""

from __future__ import annotations

import datetime as dt
import getpass
import json
from pathlib import Path

from pipeline.errors import StoreError


def log_secret_access(out: Path, action: str, detail: str, *, user: str | None = None) -> Path:
    """Append one line to OUT/secret-access.jsonl, before anything is shown; the path of the log.

    `user` is the person logged in, else the account that runs congvan.

    Raises:
        StoreError: the line cannot be written, so nothing may be shown.
    """
    path = out / "secret-access.jsonl"
    line = {
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "user": user or _user(),
        "action": action,
        "detail": detail[:500],
    }
    try:
        with path.open("a", encoding="utf-8") as log:
            log.write(json.dumps(line, ensure_ascii=False) + "\n")
    except OSError as error:
        raise StoreError(f"the access log cannot be written: {error}", path=str(path)) from error
    return path


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
