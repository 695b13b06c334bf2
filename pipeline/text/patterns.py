"""Patterns kept as data: `<U>` stands for one Vietnamese capital, `<L>` for one small letter."""

from __future__ import annotations

import re

UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
LOWER = UPPER.lower()


def expand(pattern: str) -> str:
    """`pattern` with its `<U>` and `<L>` written out; inside brackets too: `[<U>\\d]`."""
    inside = re.sub(r"\[([^\]]*)<U>([^\]]*)\]", rf"[\1{UPPER}\2]", pattern)
    inside = re.sub(r"\[([^\]]*)<L>([^\]]*)\]", rf"[\1{LOWER}\2]", inside)
    return inside.replace("<U>", f"[{UPPER}]").replace("<L>", f"[{LOWER}]")


def compile_pattern(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """`expand` and compile."""
    return re.compile(expand(pattern), flags)
