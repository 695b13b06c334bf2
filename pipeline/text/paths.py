"""Paths and names of files as text that can be stored, shown and turned back into the real path."""

from __future__ import annotations

import re

_HIDDEN = r"\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
"""Control characters, line breaks, marks that turn the order of letters round, and surrogates,
by which Python holds bytes that are not UTF-8."""
_ESCAPE = re.compile(rf"[{_HIDDEN}]|\\(?=x[0-9a-f]{{2}}|u[0-9a-f]{{4}})")
_ESCAPED = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4}))")
_UNREADABLE = re.compile(r"\\x[89a-f][0-9a-f]|\ufffd")
"""U+FFFD: what libraries put where they could not read a name from inside a message."""
_FIRST_BYTE = 0xDC00
"""What `surrogateescape` (PEP 383) adds to a byte that is not UTF-8."""


def path_text(path: str) -> str:
    r"""A path or name as text: "ten-\xff.txt" where the name holds the byte 0xFF.

    Bytes that are not UTF-8 and control characters become escapes; no two paths become one text,
    so a backslash that would read as such an escape becomes one too.
    """
    if path.isprintable() and "\\" not in path:
        return path  # nearly all of millions
    return _ESCAPE.sub(_escaped, path)


def real_path(text: str) -> str:
    """The path that `path_text` made this text of; what it did not touch comes back as it is."""
    return _ESCAPED.sub(_meant, text) if "\\" in text else text


def has_unreadable_bytes(text: str) -> bool:
    """Whether the name behind a text of `path_text` holds bytes that are not UTF-8."""
    return bool(_UNREADABLE.search(text))


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0x80 <= code - _FIRST_BYTE <= 0xFF:
        return f"\\x{code - _FIRST_BYTE:02x}"
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}"


def _meant(match: re.Match[str]) -> str:
    byte, character = match.groups()
    if byte is None:
        return chr(int(character, 16))
    code = int(byte, 16)
    return chr(code if code < 0x80 else _FIRST_BYTE + code)
