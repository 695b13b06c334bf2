"""The text of a document in the making: pieces in; NFC text, words, blocks and pages out."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pipeline.document import (
    Block,
    BlockKind,
    Box,
    Document,
    Metadata,
    Page,
    PageSource,
    ReadIssue,
    Word,
)
from pipeline.text.fold import nfc


class Assembler:
    """Grows one text; offsets are final as soon as they are given out.

    Every piece is brought to NFC, also across the seam with the piece before it. Separators are
    asked for, not written: they appear only between two pieces, so no text starts or ends with one,
    none is doubled, and none belongs to a block.
    """

    def __init__(self) -> None:
        """An empty text."""
        self._parts: list[str] = []
        self._length = 0
        self._separator = ""
        self._waiting: list[list[int]] = []
        self._pages: list[Page] = []
        self._blocks: list[Block] = []
        self._words: list[Word] = []

    @property
    def offset(self) -> int:
        """Length of the text so far."""
        return self._length

    def space(self) -> None:
        """One space before the next piece, unless a line break is already asked for."""
        self._separator = self._separator or " "

    def newline(self, count: int = 1) -> None:
        """`count` line breaks before the next piece: 2 leave a blank line."""
        if self._separator.count("\n") < count:
            self._separator = "\n" * count

    def add(self, text: str) -> tuple[int, int]:
        """Append a piece and return its span; blanks of its own stay inside it."""
        text = nfc(text)
        if not text:
            return self._length, self._length
        lead = self._separator if self._length else ""
        start = self._length + len(lead)
        if not lead and self._parts and not text.isascii() and unicodedata.combining(text[0]):
            text = self._take_last_letter(text)
        self._separator = ""
        self._parts.append(lead + text)
        self._length += len(lead) + len(text)
        start = min(start, self._length)
        if self._waiting:
            for opening in self._waiting:
                opening.append(start)
            self._waiting.clear()
        return start, self._length

    def word(
        self,
        text: str,
        *,
        box: Box | None = None,
        confidence: float | None = None,
        raw: str | None = None,
    ) -> tuple[int, int]:
        """Append a printed word and remember where it stands on the page."""
        start, end = self.add(text)
        if end > start:
            self._words.append(Word(start=start, end=end, box=box, confidence=confidence, raw=raw))
        return start, end

    @contextmanager
    def block(self, kind: BlockKind, **facts: Any) -> Iterator[None]:
        """What is added inside is one block, if anything is; `facts` are fields of Block."""
        with self._span() as span:
            yield
        if span:
            self._blocks.append(Block(kind=kind, start=span[0], end=self._length, **facts))

    @contextmanager
    def page(self, number: int, source: PageSource, **facts: Any) -> Iterator[None]:
        """What is added inside is one page; a page without text keeps an empty span."""
        with self._span() as span:
            yield
        start = span[0] if span else self._length
        self._pages.append(
            Page(number=number, start=start, end=self._length, source=source, **facts)
        )

    def document(
        self,
        data: bytes,
        *,
        name: str,
        media_type: str,
        issues: Sequence[ReadIssue] = (),
        reading: dict[str, str] | None = None,
        metadata: Metadata | None = None,
    ) -> Document:
        """The finished document; `data` are the bytes of its source."""
        return Document(
            name=name,
            media_type=media_type,
            sha256=hashlib.sha256(data).hexdigest(),
            size=len(data),
            text="".join(self._parts),
            pages=tuple(self._pages),
            blocks=tuple(sorted(self._blocks, key=lambda block: (block.start, -block.end))),
            words=tuple(self._words),
            metadata=metadata or Metadata(),
            issues=tuple(issues),
            reading=reading or {},
        )

    @contextmanager
    def _span(self) -> Iterator[list[int]]:
        """A list that gets the start of the first piece added inside, if there is one."""
        span: list[int] = []
        self._waiting.append(span)
        try:
            yield span
        finally:
            if not span:
                self._waiting = [opening for opening in self._waiting if opening is not span]

    def _take_last_letter(self, text: str) -> str:
        """`text` led by the letter (taken back) that its first combining mark belongs to."""
        last = self._parts.pop()
        cut = len(last) - 1
        while cut > 0 and unicodedata.combining(last[cut]):
            cut -= 1
        if last[:cut]:
            self._parts.append(last[:cut])
        self._length -= len(last) - cut
        return nfc(last[cut:] + text)
