"""Names of those who act: bodies, posts, persons and collectives, read word by word.

A name begins with a known head ("Sở", "UBND", "các cơ quan") and goes on until a word that opens an
act or another part of the sentence ("chủ trì", "cần", "theo"). Lists with a shared head are spelled
out: "các Bộ: Y tế, Tài chính" gives "Bộ Y tế" and "Bộ Tài chính", each with its own words as span.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.extract.phrases import Phrases, Word, split_list, words_of
from pipeline.resources import lexicon

_MAX_WORDS = 32
_PLURAL = frozenset(("các", "những", "từng", "mỗi", "mọi", "toàn", "tất", "cả"))


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody named in the text; `value` has a shared head spelled out, the span is as printed."""

    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class AgentList:
    """Agents named one after the other, and the index of the first word after them."""

    agents: tuple[Agent, ...]
    stop: int


@dataclass(frozen=True, slots=True)
class _Lexicon:
    heads: Phrases
    bodies: Phrases
    posts: Phrases
    plurals: Phrases
    places: Phrases
    doubtful: Phrases
    no_names: Phrases
    inspectorates: Phrases
    short: Phrases
    apart: Phrases
    traders: Phrases
    openers: frozenset[str]
    determiners: Phrases
    honorifics: Phrases
    compounds: dict[str, Phrases]
    fields: Phrases
    inner: Phrases
    stops: Phrases
    acts: Phrases


@cache
def _lexicon() -> _Lexicon:
    names, acts = lexicon("agents"), lexicon("acts")
    heads = {kind: split_list(row) for kind, row in names["heads"].items()}
    all_heads = Phrases(word for row in heads.values() for word in row)
    determiners = Phrases(split_list(names["determiners"]))
    honorifics = Phrases(split_list(names["honorifics"]))
    return _Lexicon(
        openers=all_heads.first_words | determiners.first_words | honorifics.first_words,
        heads=all_heads,
        bodies=Phrases(heads["bodies"]),
        posts=Phrases(heads["posts"]),
        plurals=Phrases(heads["people"] + heads["collectives"]),
        places=Phrases(heads["places"]),
        doubtful=Phrases(split_list(names["doubtful"])),
        no_names=Phrases(split_list(names["no_names"])),
        traders=Phrases(split_list(names["traders"])),
        apart=Phrases(split_list(names["apart"])),
        short=Phrases(split_list(names["short"])),
        inspectorates=Phrases(split_list(names["inspectorates"])),
        determiners=determiners,
        honorifics=honorifics,
        compounds={head: Phrases(split_list(row)) for head, row in names["compounds"].items()},
        fields=Phrases(split_list(names["fields"])),
        inner=Phrases(split_list(names["inner"])),
        stops=Phrases(split_list(names["stops"])),
        acts=Phrases(split_list(acts["adverbs"]) + split_list(acts["verbs"])),
    )


def act_words(words: Sequence[Word], at: int) -> int:
    """How many words open an act at `at` ("khẩn trương", "rà soát"); 0 when none do."""
    return _lexicon().acts.match(words, at)


def is_name_start(words: Sequence[Word], at: int) -> bool:
    """Whether a name can begin at `at`."""
    return _head_end(words, at) > at


def _head_end(words: Sequence[Word], at: int, *, listed: bool = False) -> int:
    """The index after determiners, honorifics and head that begin at `at`; `at` without a head."""
    known = _lexicon()
    if at >= len(words) or not (words[at].lower in known.openers or words[at].text.isdigit()):
        return at
    pos, decorated = at, False
    for _ in range(3):
        step = known.determiners.match(words, pos) or known.honorifics.match(words, pos)
        if (
            not step
            and pos < len(words)
            and words[pos].text.isdigit()
            and len(words[pos].text) <= 3
        ):
            step = 1
        pos += step
        decorated = decorated or step > 0
    head = known.heads.match(words, pos)
    if head and decorated and known.no_names.match(words, pos):
        return at
    if head:
        alone = decorated or listed and _goes_on_list(words, pos)
        return pos + head if alone or _is_head_alone(words, pos, head) else at
    person = pos > at and known.honorifics.match(words, at) and pos < len(words)
    return pos + 1 if person and words[pos].is_capital else at


def _is_head_alone(words: Sequence[Word], at: int, head: int) -> bool:
    """Whether a head without "các" or the like begins a name: "Tổ chức" and "phòng, chống" do not."""
    known = _lexicon()
    after = at + head
    named = after < len(words) and words[after].is_capital
    if known.no_names.match(words, at):
        return False
    if known.acts.match(words, at) >= head:
        placed = named or known.places.match(words, after) > 0
        return placed and known.inspectorates.match(words, at) == head
    if words[at].is_capital or known.doubtful.match(words, at) != head:
        return True
    if after >= len(words):
        return False
    compounds = known.compounds.get(" ".join(word.lower for word in words[at:after]))
    return words[after].is_capital or bool(compounds and compounds.match(words, after))


def read_name(words: Sequence[Word], at: int, *, listed: bool = False) -> int:
    """The index after the name that begins at `at`; `at` itself when none does.

    `listed` is for a name after another of the same list, where any head counts.
    """
    pos = _head_end(words, at, listed=listed)
    if pos == at:
        return at
    reader = _Reader(words, at, pos)
    return reader.run()


class _Reader:
    """Extends a name word by word from the end of its head."""

    def __init__(self, words: Sequence[Word], start: int, pos: int) -> None:
        self.words = words
        self.start = start
        self.pos = pos
        self.head_end = pos
        self.known = _lexicon()
        self.collective = any(word.lower in _PLURAL for word in words[start:pos]) or any(
            k + self.known.plurals.match(words, k) == pos for k in range(start, pos)
        )
        self.joint = pos if self.collective else -1
        """Where a comma or "và" may add another collective: "các sở | , ban"."""
        self.of_places = any(
            k + self.known.places.match(words, k) == pos for k in range(start, pos)
        )

    def run(self) -> int:
        while self.pos < min(len(self.words), self.start + _MAX_WORDS):
            step = self._step()
            if not step:
                break
            self.pos += step
        return self.pos

    def _step(self) -> int:
        word = self.words[self.pos]
        field = self.known.fields.match(self.words, self.pos)
        if field and (word.is_capital or self.pos - self.start <= 3):
            return field
        if word.text in (",", "/"):
            return self._comma()
        if word.lower == "và":
            return self._and()
        if word.text in ("-", "–"):
            return self._dash()
        if not word.text[0].isalnum():
            return 0
        return self._plain(word)

    def _plain(self, word: Word) -> int:
        if word.is_capital:
            head = self.known.heads.match(self.words, self.pos)
            if head:
                self.head_end = self.pos + head
            return max(1, head)
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
        if self.known.stops.match(self.words, self.pos) or self.known.acts.match(
            self.words, self.pos
        ):
            return 0
        return self._nested_head() or 1

    def _trade(self) -> int:
        """Small letters between a company's head and its proper name."""
        head = max(
            (self.known.traders.match(self.words, k) for k in range(self.start, self.pos)), default=0
        )
        if not head or self._is_named(beyond=self.start + head):
            return 0
        for step in range(1, 6):
            at = self.pos + step
            if at >= len(self.words) or not self.words[at].text[0].isalnum():
                return 0
            if self.words[at].is_capital:
                return step
        return 0

    def _nested_head(self) -> int:
        head = self.known.heads.match(self.words, self.pos)
        if head:
            self.head_end = self.pos + head
            self.of_places = self.known.places.match(self.words, self.pos) == head
            if self.of_places or self.known.plurals.match(self.words, self.pos) == head:
                self.joint = self.head_end
        return head

    def _plural(self) -> int:
        """ "UBND các xã" goes on, "giao Sở Y tế các nhiệm vụ" does not."""
        end = _head_end(self.words, self.pos)
        if end == self.pos:
            after = self.pos + 1
            return 1 if after < len(self.words) and self.words[after].is_capital else 0
        self.of_places = self.known.places.match(self.words, self.pos + 1) > 0
        self.head_end = self.joint = end
        return end - self.pos

    def _completes_name(self) -> bool:
        """Whether this is the second syllable of a word of the name: "Đào tạo", "Kiểm tra"."""
        before = self.words[self.pos - 1]
        return before.is_capital and self.known.acts.match(self.words, self.pos - 1) == 2

    def _compound(self) -> int:
        """Words after a head that make it a name: "Ban | quản lý", "Đoàn | kiểm tra"."""
        if self.head_end != self.pos:
            return 0
        for length in (2, 1):
            head = " ".join(word.lower for word in self.words[self.pos - length : self.pos])
            found = self.known.compounds.get(head)
            if found is not None and found.match(self.words, self.pos):
                return found.match(self.words, self.pos)
        return 0

    def _comma(self) -> int:
        """A comma inside a name: "UBND các huyện, thị xã, thành phố", "các cơ quan, đơn vị"."""
        after = self.pos + 1
        head = self._joined_head(after)
        if not head:
            return 2 if self._names_parts(after) else 0
        if self.words[after].is_capital and not self._is_bare(after + head):
            return 0
        self.head_end = self.joint = after + head
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
        return not word.is_capital and (not word.text[0].isalnum() or bool(self._stops(at)))

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
            return 2 if self._is_named() else 0
        head = self._joined_head(after)
        if not head:
            return 0
        self.head_end = self.joint = after + head
        return 1 + head

    def _is_named(self, beyond: int | None = None) -> bool:
        start = self.start + 1 if beyond is None else beyond
        return any(
            word.is_capital and not word.text.isupper() for word in self.words[start : self.pos]
        )

    def _dash(self) -> int:
        after = self.pos + 1
        if after >= len(self.words) or not self.words[after].is_capital:
            return 0
        spaced = self.words[self.pos - 1].end < self.words[self.pos].start
        if spaced and self.known.bodies.match(self.words, after):
            return 0
        return 2 if self._is_named() else 0


def _strip_honorific(words: Sequence[Word], start: int, end: int) -> int:
    """Past "các đồng chí" when a post follows: the post is the name."""
    known = _lexicon()
    pos = start
    while True:
        step = known.honorifics.match(words, pos) or (
            words[pos].lower == "các" and known.honorifics.match(words, pos + 1)
        )
        if not step:
            break
        pos += step + (words[pos].lower == "các" and not known.honorifics.match(words, pos))
    return (
        pos
        if pos < end and (known.posts.match(words, pos) or known.bodies.match(words, pos))
        else start
    )


def read_agents(
    flat: str, words: Sequence[Word], at: int, *, expected: bool = False
) -> AgentList:
    """The list of agents that begins at word `at`; without agents when none does.

    `expected` says that a name must come here (after "yêu cầu"), so that any head counts.

    >>> flat = "Sở Y tế, Sở Tài chính chủ trì"
    >>> [agent.value for agent in read_agents(flat, words_of(flat, 0, len(flat)), 0).agents]
    ['Sở Y tế', 'Sở Tài chính']
    """
    agents: list[Agent] = []
    pos = at
    while True:
        end = read_name(words, pos, listed=expected or bool(agents))
        if end == pos:
            break
        shared, after = _shared_head(flat, words, pos, end)
        agents.extend(shared or [_member(flat, words, pos, end, agents)])
        stop = after if shared else end
        stop = _skip_person(words, _skip_brackets(words, stop))
        following = _next_in_list(words, stop)
        if following is None:
            return AgentList(tuple(_joined_persons(flat, words, agents)), stop)
        pos = following
    return AgentList(tuple(_joined_persons(flat, words, agents)), pos)


def _joined_persons(flat: str, words: Sequence[Word], agents: Sequence[Agent]) -> list[Agent]:
    """ "bà Nguyễn Thị A, Phó Giám đốc" is one agent: the person with the post."""
    known = _lexicon()
    joined: list[Agent] = []
    for agent in agents:
        if joined and known.posts.match(words_of(agent.value, 0, 99), 0):
            before = joined[-1]
            person = before.value.split(" ")[0].lower() in ("ông", "bà", "đồng")
            if person and flat[before.end : agent.start].strip() == ",":
                joined[-1] = Agent(flat[before.start : agent.end], before.start, agent.end)
                continue
        joined.append(agent)
    return joined


def full_name(flat: str, agent: Agent) -> Agent:
    """A body named by its head alone ("Sở", "Cục", "tỉnh"), with the full name last read before it."""
    if " " in agent.value or not _lexicon().short.match(words_of(agent.value, 0, 99), 0):
        return agent
    head = agent.value
    for variant in (head, head[:1].upper() + head[1:], head.lower()):
        at = agent.start
        while (at := flat.rfind(f"{variant} ", 0, at)) >= 0:
            words = words_of(flat, at, min(len(flat), at + 160))
            whole = at == 0 or not flat[at - 1].isalnum()
            if whole and len(words) > 1 and words[1].is_capital:
                end = read_name(words, 0)
                if end > 1:
                    return Agent(flat[at : words[end - 1].end], agent.start, agent.end)
    return agent


def _skip_brackets(words: Sequence[Word], at: int) -> int:
    """Past "(BHXH)" or "(1)" when it stands at `at`."""
    if at < len(words) and words[at].text == "(":
        for pos in range(at + 1, min(at + 14, len(words))):
            if words[pos].text == ")":
                return pos + 1
    return at


def _skip_person(words: Sequence[Word], at: int) -> int:
    """Past the person's name after a bracket: "Tổng giám đốc X (VEC) Mai Tuấn Anh"."""
    if at and words[at - 1].text == ")":
        while at < len(words) and words[at].is_capital:
            at += 1
    return at


def _next_in_list(words: Sequence[Word], at: int) -> int | None:
    """Where the next name of the list begins, or None at its end."""
    pos = at
    while pos < len(words) and words[pos].text in (",", ";", "và", "cùng", "-", "–", "hoặc"):
        pos += 1
    if pos == at or pos >= len(words):
        return None
    return pos if is_name_start(words, pos) or _goes_on_list(words, pos) else None


def _goes_on_list(words: Sequence[Word], at: int) -> bool:
    """Whether a head that is doubtful elsewhere names a further member of a list."""
    known = _lexicon()
    head = known.heads.match(words, at)
    doubtful = known.doubtful.match(words, at) == head
    return bool(head) and doubtful and not known.no_names.match(words, at)


def _agent(flat: str, words: Sequence[Word], start: int, end: int, prefix: str = "") -> Agent:
    begin, stop = words[start].start, words[end - 1].end
    value = flat[begin:stop]
    return Agent(f"{prefix} {value}" if prefix else value, begin, stop)


def _member(
    flat: str, words: Sequence[Word], start: int, end: int, before: Sequence[Agent]
) -> Agent:
    """A name of a list, with what it shares with the name before: "UBND thành phố A, thành phố B"."""
    begin = _strip_honorific(words, start, end)
    prefix = _shared_prefix(words, begin, before[-1].value) if before else ""
    return _agent(flat, words, begin, end, prefix)


def _shared_prefix(words: Sequence[Word], at: int, before: str) -> str:
    known = _lexicon()
    word = words[at].lower
    if words[at].is_capital or not (known.places.match(words, at) or word == "cơ"):
        return ""
    earlier = before.split(" ")
    if word == "cơ":
        return earlier[0] + " " + earlier[1] if before.startswith("Thủ trưởng cơ quan") else ""
    lowered = [part.lower() for part in earlier]
    marks = ("tỉnh", "thành", "huyện", "quận", "thị", "xã", "phường", "tp")
    found = next((k for k, part in enumerate(lowered) if k and part in marks), 0)
    return " ".join(earlier[:found]) if "các" not in lowered[:found] else ""


def _shared_head(flat: str, words: Sequence[Word], start: int, end: int) -> tuple[list[Agent], int]:
    """Agents of "các Bộ: A, B và C" or "UBND các tỉnh: A, B"; none when the head is not shared."""
    known = _lexicon()
    heads = [k for k in range(start, end) if words[k].lower == "các"]
    if not heads:
        return [], end
    determiner = heads[-1]
    head = known.heads.match(words, determiner + 1)
    if not head:
        return [], end
    body = determiner + 1 + head
    if body == end and end < len(words) and words[end].text == ":":
        first = end + 1
    elif body < end and words[body].is_capital and body - determiner <= 3:
        first = body
    else:
        return [], end
    prefix = " ".join(
        word.text for word in (*words[start:determiner], *words[determiner + 1 : body])
    )
    pieces, after = _capital_pieces(words, first)
    if len(pieces) < 2 and first == body:
        return [], end
    prefix = prefix[:1].upper() + prefix[1:]
    return [_agent(flat, words, begin, stop, prefix) for begin, stop in pieces], after


def _capital_pieces(words: Sequence[Word], at: int) -> tuple[list[tuple[int, int]], int]:
    """Spans of capitalised names parted by commas, "và" or "-", from `at`."""
    known = _lexicon()
    pieces: list[tuple[int, int]] = []
    pos = at
    while pos < len(words) and words[pos].is_capital and not known.posts.match(words, pos):
        reader = _Reader(words, pos, pos + 1)
        field = known.fields.match(words, pos)
        end = pos + field if field else _field_end(reader)
        pieces.append((pos, end))
        pos = end
        while pos < len(words) and words[pos].text in (",", ";", "và", "-", "–"):
            pos += 1
        if pos == end:
            break
    return pieces, pieces[-1][1] if pieces else at


def _field_end(reader: _Reader) -> int:
    """The end of a field or place name: only some hold "và" ("Giáo dục và Đào tạo")."""
    while reader.pos < len(reader.words):
        word = reader.words[reader.pos]
        if word.lower == "và" and _pair(reader):
            reader.pos += 2
            continue
        if not word.text[0].isalnum() or word.lower == "và":
            break
        step = reader._plain(word)
        if not step:
            break
        reader.pos += step
    return reader.pos


_PAIRS = frozenset(
    (
        "giáo dục đào",
        "kế hoạch đầu",
        "nông nghiệp môi",
        "tài nguyên môi",
        "khoa học công",
        "nông nghiệp phát",
        "thông tin truyền",
        "dân tộc tôn",
    )
)


def _pair(reader: _Reader) -> bool:
    begin = max(reader.start, reader.pos - 2)
    left = " ".join(word.lower for word in reader.words[begin : reader.pos])
    following = reader.words[reader.pos + 1].lower if reader.pos + 1 < len(reader.words) else ""
    return f"{left} {following}" in _PAIRS
