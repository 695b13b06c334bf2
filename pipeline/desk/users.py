"""The users file: names, roles and hashed passwords of a desk that several people use."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import threading
import unicodedata
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from pipeline.document import Frozen
from pipeline.errors import CongvanError, ExitCode, StoreError
from pipeline.messages import say
from pipeline.store.files import write_atomic

Role = Literal["reader", "reviewer"]

MIN_PASSWORD = 10
MAX_PASSWORD = 200
_COST = 2**15
"""scrypt N; with r=8 one hash takes 32 MB and about a tenth of a second."""
_NAME = re.compile(r"[\w.@-]{1,64}")
_HASHING = threading.BoundedSemaphore(2)
"""At most two hashes at a time, so that a flood of logins cannot take the memory."""


class User(Frozen):
    """A person; `secret` allows documents with a secrecy mark."""

    name: str
    role: Role = "reader"
    secret: bool = False


class StoredUser(User):
    """A user with the password's hash, "scrypt$N$salt$hash" in base64."""

    password: str = Field(repr=False)


class _Content(Frozen):
    users: tuple[StoredUser, ...] = ()


class UserError(CongvanError):
    """A user cannot be added or removed as asked."""

    exit_code = ExitCode.USAGE
    reason = "user"


class UserFile:
    """The users of a desk. The file is read again when it has changed; it is written mode 0600."""

    def __init__(self, path: Path) -> None:
        """`path` need not exist yet."""
        self.path = path
        self._stamp: tuple[int, int] | None = None
        self._held: dict[str, StoredUser] = {}

    def all(self) -> dict[str, StoredUser]:
        """Users by name.

        Raises:
            StoreError: the file is damaged or cannot be read.
        """
        try:
            status = self.path.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            if stamp != self._stamp:
                content = _Content.model_validate_json(self.path.read_bytes())
                self._held = {user.name: user for user in content.users}
                self._stamp = stamp
        except FileNotFoundError:
            return {}
        except (OSError, ValidationError) as error:
            problem = type(error).__name__
            raise StoreError(f"users cannot be read: {problem}", path=str(self.path)) from error
        return self._held

    def find(self, name: str) -> User | None:
        """The user of that name, without the password."""
        user = self.all().get(name)
        return User(name=user.name, role=user.role, secret=user.secret) if user else None

    def proof(self, name: str) -> str:
        """What changes with the password of a user; nothing for an unknown one."""
        user = self.all().get(name)
        return hashlib.sha256(user.password.encode()).hexdigest() if user else ""

    def check(self, name: str, password: str) -> User | None:
        """The user, when the password is right; as slow for unknown names as for known ones."""
        user = self.all().get(name)
        right = _matches(password, user.password if user else _nobody())
        return self.find(name) if user and right else None

    def add(self, user: User, password: str) -> None:
        """Add a user, or give a user another password and role.

        Raises:
            UserError: the name has other characters than letters, digits and . _ @ -, or the
                password is shorter than 10 or longer than 200 characters.
        """
        if not _NAME.fullmatch(user.name):
            raise UserError(say("desk.user-bad-name", None, name=user.name))
        if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
            limits = {"least": MIN_PASSWORD, "most": MAX_PASSWORD}
            raise UserError(say("desk.user-bad-password", None, **limits))
        stored = StoredUser(**user.model_dump(), password=hash_password(password))
        self._write({**self.all(), user.name: stored})

    def remove(self, name: str) -> None:
        """Remove a user; their sessions end with their next request.

        Raises:
            UserError: there is no such user.
        """
        users = dict(self.all())
        if name not in users:
            raise UserError(say("desk.user-unknown", None, name=name))
        del users[name]
        self._write(users)

    def _write(self, users: dict[str, StoredUser]) -> None:
        content = {"users": [users[name].model_dump() for name in sorted(users)]}
        previous = os.umask(0o077)
        try:
            text = json.dumps(content, ensure_ascii=False, indent=1)
            write_atomic(self.path, f"{text}\n".encode())
            self.path.chmod(0o600)
        finally:
            os.umask(previous)


def users_path(out: Path) -> Path:
    """Where the users of a store are, unless said otherwise."""
    return out / "desk" / "users.json"


def hash_password(password: str, cost: int = _COST) -> str:
    """The salted hash that is stored; `cost` (scrypt N) is kept with it."""
    salt = secrets.token_bytes(16)
    parts = (salt, _scrypt(password, salt, cost))
    return "$".join(("scrypt", str(cost), *(b64encode(part).decode() for part in parts)))


def _matches(password: str, stored: str) -> bool:
    _, cost, salt, wanted = stored.split("$")
    found = _scrypt(password[: MAX_PASSWORD + 1], b64decode(salt), int(cost))
    return hmac.compare_digest(found, b64decode(wanted))


def _scrypt(password: str, salt: bytes, cost: int) -> bytes:
    """The same password typed as composed or decomposed letters is one."""
    typed = unicodedata.normalize("NFKC", password).encode()
    with _HASHING:
        return hashlib.scrypt(typed, salt=salt, n=cost, r=8, p=1, maxmem=64 << 20, dklen=32)


def _nobody() -> str:
    blank = b64encode(bytes(16)).decode()
    return f"scrypt${_COST}${blank}${b64encode(bytes(32)).decode()}"
