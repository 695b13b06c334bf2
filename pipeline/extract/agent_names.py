"""Where a name of somebody who acts begins and ends, word by word.

A name begins with a known head ("Sở", "UBND", "các cơ quan") and goes on until a word that opens an
act or another part of the sentence ("chủ trì", "cần", "theo").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.extract.phrases import Phrases, Word, split_list
from pipeline.resources import lexicon, lexicon_rows

_MAX_WORDS = 32
_SECOND_HALF = 5
"""Words after "và" that may still belong to a name, and the act behind them."""
_PLURAL = frozenset(("các", "những", "từng", "mỗi", "mọi", "toàn", "tất", "cả"))


@dataclass(frozen=True, slots=True)
class NameLexicon:
    """The phrases of models/lexicons/agents.yaml and acts.yaml that names are read with."""

    heads: Phrases
    bodies: Phrases
    posts: Phrases
    plurals: Phrases
    places: Phrases
    doubtful: Phrases
    no_names: Phrases
    inspectorates: Phrases
    short: Phrases
    alone: Phrases
    before_alone: Phrases
    bound: Phrases
    apart: Phrases
    name_parts: Phrases
    traders: Phrases
    openers: frozenset[str]
    decorators: frozenset[str]
    """First words of what may stand before a head."""
    notable: frozenset[str]
    """First words of all phrases that may end or shape a name."""
    pairs: frozenset[str]
    determiners: Phrases
    honorifics: Phrases
    compounds: dict[str, Phrases]
    fields: Phrases
    inner: Phrases
    stops: Phrases
    acts: Phrases


@cache
def name_lexicon() -> NameLexicon:
    """The lexicon, loaded once."""
    names, verbs = lexicon("agents"), lexicon("acts")
    heads = {kind: split_list(row) for kind, row in names["heads"].items()}
    all_heads = Phrases(word for row in heads.values() for word in row)
    determiners = Phrases(split_list(names["determiners"]))
    honorifics = Phrases(split_list(names["honorifics"]))
    fields, inner = Phrases(split_list(names["fields"])), Phrases(split_list(names["inner"]))
    stops = Phrases(split_list(names["stops"]))
    acts = Phrases(split_list(verbs["adverbs"]) + split_list(verbs["verbs"]))
    compounds = {head: Phrases(split_list(row)) for head, row in names["compounds"].items()}
    shaping = (all_heads, fields, inner, stops, acts, *compounds.values())
    return NameLexicon(
        notable=_PLURAL.union(("và",), *(phrases.first_words for phrases in shaping)),
        pairs=frozenset(split_list(names["pairs"])),
        decorators=determiners.first_words | honorifics.first_words,
        openers=all_heads.first_words | determiners.first_words | honorifics.first_words,
        heads=all_heads,
        bodies=Phrases(heads["bodies"]),
        posts=Phrases(heads["posts"]),
        plurals=Phrases(heads["people"] + heads["collectives"]),
        places=Phrases(heads["places"]),
        doubtful=Phrases(split_list(names["doubtful"])),
        no_names=Phrases(split_list(names["no_names"])),
        traders=Phrases(split_list(names["traders"])),
        name_parts=Phrases(split_list(names["name_parts"])),
        apart=Phrases(split_list(names["apart"])),
        short=Phrases(split_list(names["short"])),
        alone=Phrases(split_list(names["alone"])),
        before_alone=Phrases(split_list(names["before_alone"])),
        bound=Phrases(split_list(names["bound"])),
        inspectorates=Phrases(split_list(names["inspectorates"])),
        determiners=determiners,
        honorifics=honorifics,
        compounds=compounds,
        fields=fields,
        inner=inner,
        stops=stops,
        acts=acts,
    )


@cache
def place_names() -> Phrases:
    """Provinces and cities, old and new, as they are printed alone."""
    return Phrases(row["name"] for row in lexicon_rows("provinces"))


def act_words(words: Sequence[Word], at: int) -> int:
    """How many words open an act at `at` ("khẩn trương", "rà soát"); 0 when none do."""
    return name_lexicon().acts.match(words, at)


def is_name_start(words: Sequence[Word], at: int) -> bool:
    """Whether a name can begin at `at`."""
    if at >= len(words):
        return False
    word = words[at]
    if word.lower not in name_lexicon().openers and not word.text.isdigit():
        return False
    return head_end(words, at) > at


def head_end(words: Sequence[Word], at: int, *, listed: bool = False) -> int:
    """The index after determiners, honorifics and head that begin at `at`; `at` without a head."""
    known = name_lexicon()
    if at >= len(words) or not (words[at].lower in known.openers or words[at].text.isdigit()):
        return at
    pos, decorated, last = at, False, 0
    for _ in range(3):
        step = 0
        if pos < len(words) and words[pos].lower in known.decorators:
            step = known.determiners.match(words, pos) or known.honorifics.match(words, pos)
        if (
            not step
            and pos < len(words)
            and words[pos].text.isdigit()
            and len(words[pos].text) <= 3
        ):
            step = 1
        pos += step
        last = step or last
        decorated = decorated or step > 0
    head = known.heads.match(words, pos)
    if not head and pos - last > at:  # "các tập thể": the last determiner is the head
        head = known.heads.match(words, pos - last)
        pos -= last if head else 0
    if head and decorated and known.no_names.match(words, pos):
        return at
    if head:
        alone = decorated or (listed and goes_on_list(words, pos))
        return pos + head if alone or _is_head_alone(words, pos, head) else at
    person = pos > at and known.honorifics.match(words, at) and pos < len(words)
    return pos + 1 if person and words[pos].is_capital else at


def _is_head_alone(words: Sequence[Word], at: int, head: int) -> bool:
    """Whether a head without "các" begins a name: "Tổ chức", "phòng, chống" do not."""
    known = name_lexicon()
    after = at + head
    named = after < len(words) and words[after].is_capital
    if known.no_names.match(words, at):
        return False
    if known.acts.match(words, at) >= head:
        placed = known.places.match(words, after) > 0
        placed = placed or (named and words[at].lower != "cấp")  # "cấp Giấy phép" is an act
        if words[at].lower == "lãnh":
            placed = placed or head_end(words, after) > after or known.alone.match(words, after) > 0
        return placed and known.inspectorates.match(words, at) == head
    if words[at].is_capital or known.doubtful.match(words, at) != head:
        return True
    if after >= len(words):
        return False
    if words[after].text.isdigit() and known.places.match(words, at) == head:
        return True  # "quận 2"
    compounds = known.compounds.get(" ".join(word.lower for word in words[at:after]))
    if words[after].is_capital or bool(compounds and compounds.match(words, after)):
        return True
    return known.alone.match(words, at) == head and _is_bound(words, at, after)


def _is_bound(words: Sequence[Word], at: int, after: int) -> bool:
    """Whether a head without a name opens a clause and is told to act: "…, tỉnh | cần"."""
    known = name_lexicon()
    opens = at == 0 or not words[at - 1].text[0].isalnum() or known.before_alone.ends(words, at)
    return opens and known.bound.match(words, after) > 0


def read_name(words: Sequence[Word], at: int, *, listed: bool = False) -> int:
    """The index after the name that begins at `at`; `at` itself when none does.

    `listed` is for a name after another of the same list, where any head counts.
    """
    pos = head_end(words, at, listed=listed)
    if pos == at:
        return at
    reader = NameReader(words, at, pos)
    return reader.run()


def _is_plural(words: Sequence[Word], start: int, stop: int) -> bool:
    """Whether a head with what stands before it means many: "các sở", "13 cơ sở", "Sáu phòng"."""
    known = name_lexicon()
    if stop - start > 1 and (words[start].text.isdigit() or known.determiners.match(words, start)):
        return True
    many = any(word.lower in _PLURAL for word in words[start:stop])
    return many or any(k + known.plurals.match(words, k) == stop for k in range(start, stop))


class NameReader:
    """Extends a name word by word from the end of its head."""

    def __init__(self, words: Sequence[Word], start: int, pos: int) -> None:
        self.words = words
        self.start = start
        self.pos = pos
        self.head_stop = pos
        self.known = name_lexicon()
        self.collective = _is_plural(words, start, pos)
        self.person = bool(self.known.honorifics.match(words, start)) and not any(
            k + self.known.heads.match(words, k) == pos for k in range(start, pos)
        )
        """Whether it is "ông", "đồng chí" with the name of a person, all in capitals."""
        self.joint = pos if self.collective else -1
        """Where a comma or "và" may add another collective: "các sở | , ban"."""
        self.of_places = any(
            k + self.known.places.match(words, k) == pos for k in range(start, pos)
        )

    def run(self) -> int:
        """The index after the name."""
        while self.pos < min(len(self.words), self.start + _MAX_WORDS):
            step = self._step()
            if not step:
                break
            self.pos += step
        return self.pos

    def _step(self) -> int:
        word = self.words[self.pos]
        if word.lower not in self.known.notable and word.text[0].isalnum():
            return 0 if self.person and not word.is_capital else 1
        field = self.known.fields.match(self.words, self.pos)
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
            head = self.known.heads.match(self.words, self.pos)
            if head:
                self.head_stop = self.pos + head
            return max(1, head)
        if self.person:
            return 0
        inner = self.known.inner.match(self.words, self.pos)
        if inner:
            return inner
        if word.lower in _PLURAL:
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
        act = self.known.acts.match(self.words, self.pos)
        head = self.known.heads.match(self.words, self.pos)
        stop = self.known.stops.match(self.words, self.pos)
        return stop > 0 or act > 1 or (act == 1 and head <= act)

    def _trade(self) -> int:
        """Small letters between a company's head and its proper name."""
        head = max(
            (self.known.traders.match(self.words, k) for k in range(self.start, self.pos)),
            default=0,
        )
        if not head or self._is_named(beyond=self.start + head):
            return 0
        for step in range(1, 6):
            at = self.pos + step
            if at >= len(self.words) or not self.words[at].text[0].isalnum():
                return 0
            if self.words[at - 1].lower in ("với", "về", "cho", "cứ"):
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
        for length in (2, 1):
            head = " ".join(word.lower for word in self.words[self.pos - length : self.pos])
            if place_names().ends(self.words, self.pos):
                return 0  # "Hải Phòng | tiếp tục"
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
        if at >= len(self.words) or self.of_places or self.known.heads.match(self.words, at):
            return False
        if not self.words[at].is_capital or self.known.acts.match(self.words, at) < 2:
            return False
        near = range(at + 1, min(at + 6, len(self.words) - 1))
        return any(self.words[k].lower == "và" and self.words[k + 1].is_capital for k in near)

    def _joined_head(self, at: int) -> int:
        """The length of a head at `at` that is of one collective with the head before."""
        if self.joint != self.pos or self.known.apart.match(self.words, at):
            return 0
        head = self.known.heads.match(self.words, at)
        places = self.known.places.match(self.words, at) == head
        return head if head and places == self.of_places else 0

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
        spaced = self.words[self.pos - 1].end < self.words[self.pos].start
        if spaced and self.known.bodies.match(self.words, after):
            return 0
        if self.known.acts.match(self.words, after) and not self.known.name_parts.match(
            self.words, after
        ):
            return 0
        return 1 + self._part(after) if self._is_named() else 0

    def _part(self, at: int) -> int:
        """How many words of a further part of the name are known to belong together; at least 1."""
        return max(1, self.known.fields.match(self.words, at))


def goes_on_list(words: Sequence[Word], at: int) -> bool:
    """Whether a head that is doubtful elsewhere names a further member of a list."""
    known = name_lexicon()
    head = known.heads.match(words, at)
    doubtful = known.doubtful.match(words, at) == head
    acts_alone = known.alone.match(words, at) == head and known.bound.match(words, at + head) > 0
    return bool(head) and doubtful and not acts_alone and not known.no_names.match(words, at)
