"""Where a name of somebody who acts begins and ends, word by word.

A name begins with a known head ("Sở", "UBND", "các cơ quan") and goes on until a word that opens an
act or another part of the sentence ("chủ trì", "cần", "theo").
"""

from __future__ import annotations

from pipeline.extract.agent_heads import head_end, is_plural
from pipeline.extract.agent_lexicon import PLURAL, name_lexicon, place_names
from pipeline.extract.phrases import Word, Words

_MAX_WORDS = 32
_SECOND_HALF = 5
"""Words after "và" that may still belong to a name, and the act behind them."""


def read_name(words: Words, at: int, *, listed: bool = False) -> int:
    """The index after the name that begins at `at`; `at` itself when none does.

    `listed` is for a name after another of the same list, where any head counts.
    """
    pos = head_end(words, at, listed=listed)
    if pos == at:
        return at
    reader = NameReader(words, at, pos)
    return reader.run()


class NameReader:
    """Extends a name word by word from the end of its head."""

    def __init__(self, words: Words, start: int, pos: int) -> None:
        self.words = words
        self.start = start
        self.pos = pos
        self.first_stop = self.head_stop = pos
        self.known = name_lexicon()
        self.person = (
            words[start].lower in self.known.decorators
            and self.known.honorifics.match(words, start) > 0
            and not any(k + self.known.heads.match(words, k) == pos for k in range(start, pos))
        )
        """Whether it is "ông", "đồng chí" with the name of a person, all in capitals."""
        self.joint: int | None = None
        self.of_places: bool | None = None
        self.trade = 0
        """How many words of the name, from its start, reach to the end of a company's head."""
        self.trade_read = start
        """Up to where the words were asked for such a head."""

    def _joint(self) -> int:
        """Where a comma or "và" may add another collective, -1 where none: "các sở | , ban"."""
        if self.joint is None:
            stop = self.first_stop
            self.joint = stop if is_plural(self.words, self.start, stop) else -1
        return self.joint

    def _of_places(self) -> bool:
        """Whether the head is of a place: "UBND các huyện"."""
        if self.of_places is None:
            places, stop = self.known.places, self.first_stop
            at = range(self.start, stop)
            self.of_places = any(k + places.match(self.words, k) == stop for k in at)
        return self.of_places

    def run(self) -> int:
        """The index after the name."""
        words, notable, person = self.words, self.known.notable, self.person
        longest = min(len(words), self.start + _MAX_WORDS)
        while self.pos < longest:
            word = words[self.pos]
            step = 1
            if word.lower in notable or person or not word.text[0].isalnum():
                step = self._step(word)
            if not step:
                break
            self.pos += step
        return self.pos

    def _step(self, word: Word) -> int:
        if word.lower not in self.known.notable and word.text[0].isalnum():
            return 0 if self.person and not word.is_capital else 1
        fields = self.known.fields
        field = fields.match(self.words, self.pos) if word.lower in fields.first_words else 0
        if field and (word.is_capital or self.pos - self.start <= 3 or self.pos == self.head_stop):
            return field
        if word.text in (",", "/"):
            return self._comma()
        if word.lower in ("và", "&"):
            return self._and()
        if word.text in ("-", "–"):
            return self._dash()
        if not word.text[0].isalnum():
            return 0
        return self.plain(word)

    def plain(self, word: Word) -> int:
        """How many words from here belong to the name, punctuation aside; 0 at its end."""
        if word.is_capital:
            if self.known.documents.match(self.words, self.pos):
                return 0
            head = self.known.heads.match(self.words, self.pos)
            if head:
                self.head_stop = self.pos + head
            return max(1, head)
        if self.person:
            return 0
        inner = self.known.inner
        if word.lower in inner.first_words and (step := inner.match(self.words, self.pos)):
            return step
        if word.lower in PLURAL:
            return self._plural()
        compound = self._compound()
        if compound:
            return compound
        if self._completes_name():
            return 1
        trade = self._trade()
        if trade:
            return trade
        return 0 if self._ends_here() else self._nested_head() or 1

    def _ends_here(self) -> bool:
        """Whether small letters open an act or another part: "cấp phép", but not "cấp ủy"."""
        if self.known.stops.match(self.words, self.pos):
            return True
        act = self.known.acts.match(self.words, self.pos)
        return act > 1 or (act == 1 and self.known.heads.match(self.words, self.pos) <= act)

    def _trade(self) -> int:
        """Small letters between a company's head and its proper name."""
        traders = self.known.traders
        for at in range(self.trade_read, self.pos):
            if self.words[at].lower in traders.first_words:
                self.trade = max(self.trade, traders.match(self.words, at))
        self.trade_read = self.pos
        if not self.trade or self._is_named(beyond=self.start + self.trade):
            return 0
        for step in range(1, 6):
            at = self.pos + step
            if at >= len(self.words) or not self.words[at].text[0].isalnum():
                return 0
            if self.words[at - 1].lower in self.known.no_trade:
                return 0
            if self.words[at].is_capital:
                return step
        return 0

    def _nested_head(self) -> int:
        head = self.known.heads.match(self.words, self.pos)
        if head == 1 and self._is_second_syllable():
            return 1
        if head:
            self.head_stop = self.pos + head
            self.of_places = self.known.places.match(self.words, self.pos) == head
            if self.of_places or self.known.plurals.match(self.words, self.pos) == head:
                self.joint = self.head_stop
        return head

    def _is_second_syllable(self) -> bool:
        """Whether a head is the end of a word of the name: "Nội vụ", "Giáo viên"."""
        before = self.words[self.pos - 1]
        place = self.known.places.match(self.words, self.pos)
        return before.is_capital and not before.text.isupper() and not place

    def _plural(self) -> int:
        """ "UBND các xã" goes on, "giao Sở Y tế các nhiệm vụ" does not."""
        end = head_end(self.words, self.pos)
        if end == self.pos:
            after = self.pos + 1
            return 1 if after < len(self.words) and self.words[after].is_capital else 0
        self.of_places = self.known.places.match(self.words, self.pos + 1) > 0
        self.head_stop = self.joint = end
        return end - self.pos

    def _completes_name(self) -> bool:
        """Whether this is the second syllable of a word of the name: "Đào tạo", "Kiểm tra"."""
        before = self.words[self.pos - 1]
        return before.is_capital and self.known.acts.match(self.words, self.pos - 1) == 2

    def _compound(self) -> int:
        """Words after a head that make it a name: "Ban | quản lý", "Đoàn | kiểm tra"."""
        if self.head_stop != self.pos:
            return 0
        if place_names().ends(self.words, self.pos):
            return 0  # "Hải Phòng | tiếp tục"
        for length in (2, 1):
            head = " ".join(self.words.low[self.pos - length : self.pos])
            found = self.known.compounds.get(head)
            step = found.match(self.words, self.pos) if found is not None else 0
            if step:
                if self.known.plurals.match(self.words, self.pos) == step:
                    self.head_stop = self.joint = self.pos + step  # "Thủ trưởng | cơ quan, đơn vị"
                return step
        return 0

    def _comma(self) -> int:
        """A comma inside a name: "UBND các huyện, thị xã, thành phố", "các cơ quan, đơn vị"."""
        after = self.pos + 1
        head = self._joined_head(after)
        if not head:
            return 1 + self._part(after) if self._names_parts(after) else 0
        if self.words[after].is_capital and not self._is_bare(after + head):
            return 0
        self.head_stop = self.joint = after + head
        return 1 + head

    def _names_parts(self, at: int) -> bool:
        """Whether a name has several parts: "Phòng Giám sát, Kiểm tra và Xử lý sau thanh tra"."""
        if at >= len(self.words) or self._of_places() or self.known.heads.match(self.words, at):
            return False
        if not self.words[at].is_capital or self.known.acts.match(self.words, at) < 2:
            return False
        near = range(at + 1, min(at + 6, len(self.words) - 1))
        return any(self.words[k].lower == "và" and self.words[k + 1].is_capital for k in near)

    def _joined_head(self, at: int) -> int:
        """The length of a head at `at` that is of one collective with the head before."""
        if self._joint() != self.pos or self.known.apart.match(self.words, at):
            return 0
        head = self.known.heads.match(self.words, at)
        places = self.known.places.match(self.words, at) == head
        return head if head and places == self._of_places() else 0

    def _is_bare(self, at: int) -> bool:
        """Whether a head that ends at `at` has no name: "các Tổng cục, Cục, Vụ"."""
        if at >= len(self.words):
            return True
        word = self.words[at]
        if word.is_capital or self.known.inner.match(self.words, at):
            return False
        return not word.text[0].isalnum() or self._stops(at)

    def _stops(self, at: int) -> bool:
        stops = self.known.stops.match(self.words, at) or self.known.acts.match(self.words, at)
        return bool(stops or self.words[at].lower in ("và", "chuyên", "trực", "liên", "thuộc"))

    def _and(self) -> int:
        after = self.pos + 1
        if after >= len(self.words):
            return 0
        if self.words[after].is_capital:
            if self.known.bodies.match(self.words, after) or self.known.posts.match(
                self.words, after
            ):
                return 0
            return 1 + self._part(after) if self._is_named() else 0
        head = self._joined_head(after)
        if not head:
            return self._second_half(after)
        self.head_stop = self.joint = after + head
        return 1 + head

    def _second_half(self, at: int) -> int:
        """Small letters after "và" up to an act: "Trung tâm Quy hoạch đô thị và nông thôn"."""
        known = self.known
        begins = known.heads.match(self.words, at) or known.acts.match(self.words, at)
        if not self._is_named() or begins or known.determiners.match(self.words, at):
            return 0
        for pos in range(at, min(at + _SECOND_HALF, len(self.words))):
            word = self.words[pos]
            if not word.text[0].isalpha() or word.is_capital or known.stops.match(self.words, pos):
                return 0
            if pos > at and known.acts.match(self.words, pos):
                return pos - at + 1
        return 0

    def _is_named(self, beyond: int | None = None) -> bool:
        start = self.start + 1 if beyond is None else beyond
        return any(
            word.is_capital and not word.text.isupper() for word in self.words[start : self.pos]
        )

    def _dash(self) -> int:
        after = self.pos + 1
        if after >= len(self.words) or not self.words[after].is_capital:
            return 0
        if self.known.honorifics.match(self.words, after):
            return 0
        spaced = self.words.end(self.pos - 1) < self.words.starts[self.pos]
        if spaced and self.known.bodies.match(self.words, after):
            return 0
        if self.known.acts.match(self.words, after) and not self.known.name_parts.match(
            self.words, after
        ):
            return 0
        if self.person and self.known.posts.match(self.words, after):
            self.person = False  # "đồng chí Lê Bá Tước - Chủ tịch UBND tỉnh": a post is no name
        return 1 + self._part(after) if self._is_named() else 0

    def _part(self, at: int) -> int:
        """How many words of a further part of the name are known to belong together; at least 1."""
        return max(1, self.known.fields.match(self.words, at))
