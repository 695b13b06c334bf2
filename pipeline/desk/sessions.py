"""Who is logged in, tokens against forged requests, and how often a password may be tried."""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from hashlib import sha256

IDLE_SECONDS = 12 * 3600
"""A session ends after this time without a request."""
MAX_SESSIONS = 10_000
TRIES = 5
TRY_SECONDS = 15 * 60
"""After so many wrong passwords within this time the next try has to wait."""
REQUESTS = 600
REQUEST_SECONDS = 60
"""After so many requests within this time a visitor has to wait; a person makes a tenth of them."""

Clock = Callable[[], float]


class Sessions:
    """Sessions in memory: a restart logs everybody out, and nothing on disk can be stolen."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        """`clock` gives seconds."""
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._held: OrderedDict[str, tuple[str, str, float]] = OrderedDict()
        self._lock = threading.Lock()

    def start(self, user: str, proof: str = "") -> str:
        """A new session of `user`; its id is for the cookie only. `proof` changes with the password
        (`UserFile.proof`)."""
        sid = new_id()
        with self._lock:
            self._held[_digest(sid)] = (user, proof, self._clock())
            while len(self._held) > MAX_SESSIONS:
                self._held.popitem(last=False)
        return sid

    def user(self, sid: str) -> str | None:
        """The user of a session that has not ended; this request keeps it alive."""
        key, now = _digest(sid), self._clock()
        with self._lock:
            user, proof, seen = self._held.get(key, ("", "", 0.0))
            if not user:
                return None
            if now - seen > IDLE_SECONDS:
                del self._held[key]
                return None
            self._held[key] = (user, proof, now)
            self._held.move_to_end(key)
        return user

    def began_with(self, sid: str, proof: str) -> bool:
        """Whether the password has not changed since this session began."""
        with self._lock:
            held = self._held.get(_digest(sid))
        return held is not None and hmac.compare_digest(held[1], proof)

    def end(self, sid: str) -> None:
        """Log out."""
        with self._lock:
            self._held.pop(_digest(sid), None)

    def form_token(self, sid: str) -> str:
        """What a form of this visitor has to carry, so that no other site can send it."""
        return hmac.new(self._key, sid.encode(), sha256).hexdigest()

    def is_form_token(self, sid: str, token: str) -> bool:
        """Whether `token` was given to this visitor."""
        return hmac.compare_digest(self.form_token(sid).encode(), token.encode())


def new_id() -> str:
    """An id that cannot be guessed."""
    return secrets.token_urlsafe(32)


def _digest(sid: str) -> str:
    return sha256(sid.encode()).hexdigest()


class LoginLimit:
    """Wrong passwords of late, by name and by address."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        """`clock` gives seconds."""
        self._clock = clock
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.RLock()

    def begin(self, name: str, address: str) -> int:
        """Seconds to wait as `wait` says; when 0, the try counts as wrong until it is `right`, so
        that many sent at once count too."""
        with self._lock:
            seconds = self.wait(name, address)
            if not seconds:
                self.wrong(name, address)
        return seconds

    def wait(self, name: str, address: str) -> int:
        """Seconds until the next try is taken; 0 when it may be made now."""
        now = self._clock()
        with self._lock:
            waits = [
                tries[0] + TRY_SECONDS - now
                for key, most in _keys(name, address)
                if len(tries := self._of_late(key, now)) >= most
            ]
        return max(0, *(int(seconds) + 1 for seconds in waits)) if waits else 0

    def wrong(self, name: str, address: str) -> None:
        """Count a wrong password."""
        now = self._clock()
        with self._lock:
            for key, _ in _keys(name, address):
                self._wrong[key] = self._of_late(key, now)
                self._wrong[key].append(now)
                self._wrong.move_to_end(key)
            while len(self._wrong) > MAX_SESSIONS:
                self._wrong.popitem(last=False)

    def right(self, name: str, address: str) -> None:
        """Forget the wrong ones of a name from this address, and that the last one counted."""
        with self._lock:
            for key, _ in _keys(name, address)[1:]:
                if tries := self._wrong.get(key):
                    tries.pop()
            self._wrong.pop(_keys(name, address)[0][0], None)

    def _of_late(self, key: str, now: float) -> deque[float]:
        """Its tries that still count. Asking keeps nothing, so that questions fill no memory."""
        tries = self._wrong.get(key, deque())
        while tries and tries[0] < now - TRY_SECONDS:
            tries.popleft()
        return tries


class RequestLimit:
    """Requests of late by who asks, so that one visitor does not hold up all others."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        """`clock` gives seconds."""
        self._clock = clock
        self._asked: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, who: str) -> int:
        """Count a request; the seconds it has to wait, 0 when it is answered."""
        now = self._clock()
        with self._lock:
            began, count = self._asked.pop(who, (now, 0))
            if now - began >= REQUEST_SECONDS:
                began, count = now, 0
            self._asked[who] = began, count + 1
            while len(self._asked) > MAX_SESSIONS:
                self._asked.popitem(last=False)
        return int(began + REQUEST_SECONDS - now) + 1 if count >= REQUESTS else 0


def _keys(name: str, address: str) -> tuple[tuple[str, int], ...]:
    """A name from an address, the address whatever the names, the name from wherever."""
    return (
        (f"{name[:64]}|{address}", TRIES),
        (f"|{address}", 4 * TRIES),
        (f"{name[:64]}|", 10 * TRIES),
    )
