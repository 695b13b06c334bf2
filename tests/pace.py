"""How busy or slow this machine is, so that a limit on time means the same on every one."""

from __future__ import annotations

import re
import time

_QUIET_SECONDS = 0.055
"""What the work below takes on a quiet core of the machine where the limits were set."""
_WORD = re.compile(r"\w+")


def pace() -> float:
    """How many times longer a fixed work takes now than on a quiet core; at least 1."""
    start = time.process_time()
    text = "rà soát hồ sơ đến hạn " * 200
    for _ in range(40):
        counted: dict[str, int] = {}
        for match in _WORD.finditer(text):
            counted[match[0]] = counted.get(match[0], 0) + match.end()
    return max(1.0, (time.process_time() - start) / _QUIET_SECONDS)


class Stopwatch:
    """Seconds of CPU, or of the clock, since it was made, as a quiet core would have taken them."""

    def __init__(self, *, clock: bool = False) -> None:
        self._now = time.monotonic if clock else time.process_time
        self._pace = pace()
        self._start = self._now()

    def seconds(self) -> float:
        """The slower of the pace before and after counts."""
        taken = self._now() - self._start
        return taken / max(self._pace, pace())
