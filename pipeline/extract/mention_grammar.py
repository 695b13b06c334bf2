"""The grammar of mentions: bodies, offices, collectives, places and persons where they begin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.extract.mention_lists import NOTHING, Hit, Standing
from pipeline.extract.mention_names import SEPARATORS, Names
from pipeline.extract.mention_spelling import parts_of
from pipeline.extract.mention_words import Phrases, Words

_BRACKET = 8
"""Words of the brackets that may stand behind a name in a list."""


class Grammar(Names):
    """Finds what begins at a word of one text."""

    def __init__(
        self,
        words: Words,
        short_forms: Phrases,
        place: str | None = None,
        signer: str | None = None,
    ) -> None:
        """`short_forms` are the document's abbreviations for bodies; the rest its header's."""
        super().__init__(words, short_forms)
        self._ends: dict[int, int] = {}
        """Where the lists end that were followed from a word: lists begin within lists."""
        self._here = self._standing_here()
        """What stands at the words that may begin a mention in any text."""
        self.person_names = Phrases([*self._full_names(), parts_of(signer or "")])
        self.local_names = Phrases([*self._unit_names(), parts_of(place or "")])
        self._own = short_forms.firsts | self.local_names.firsts

    def _standing_here(self) -> dict[int, Standing]:
        low = self.low
        found = {}
        for i in self.words.begins:
            word = low[i]
            if low[i + 1] in word.longer:
                here = self.standing(i)
                if word.surname or (here.opens if word.cap else here.opens_small):
                    found[i] = here
            elif word.begins_alone:
                found[i] = word.alone
            elif word.is_number and self.standing(self._counted_from(i)).nouns:
                found[i] = NOTHING
        return found

    def _unit_names(self) -> Iterator[tuple[str, ...]]:
        """Names that follow a unit somewhere in the text: "xã Sín Phàng" makes "Sín Phàng" one."""
        low, listed = self.low, 0
        for i, here in self._here.items():
            at = i + here.units
            if not here.units or low[i].all_caps:
                continue
            if low[at] == ":" and low[i - 1] in self.lists.several_words:
                at += 1
            if low[at].cap:
                end = self._capitals_end(at, 3)
                if end - at >= 2:
                    yield low[at:end]
                if end > max(at, listed) and low[i - 1] in self.lists.several_words:
                    for start, listed in self._further_names(end):
                        yield low[start:listed]

    def _further_names(self, at: int) -> Iterator[tuple[int, int]]:
        """Where the other names of two words and more stand in a list such as
        "các xã Tân An, Hòa Mỹ (huyện Yên Phú) và Long Sơn"."""
        low = self.low
        while True:
            if low[at] == "(":
                close = low[at : at + _BRACKET].index(")") if ")" in low[at : at + _BRACKET] else 0
                at += close + 1
            if low[at] not in {",", "và"} or not low[at + 1].cap:
                return
            end = self._capitals_end(at + 1, 3)
            if end - at < 3:
                return
            yield at + 1, end
            at = end

    def _full_names(self) -> Iterator[tuple[str, ...]]:
        """Names of three words and more in the text: in capitals they are known by them only."""
        low = self.low
        for i in self._here:
            if low[i].surname and not low[i].all_caps:
                size = self._full_name(i)
                if size >= 3:
                    yield low[i : i + size]

    def beginnings(self, more: frozenset[str] = frozenset()) -> Iterable[int]:
        """The words at which a mention may begin; `more` are first words of further names."""
        own = (more | self._own | self.person_names.firsts) - self.lists.surnames
        if not own:
            return self._here
        return sorted({i for i in self.words.capitals if self.low[i] in own}.union(self._here))

    def at(self, i: int) -> Hit | None:
        """The mention that begins at word `i`, or None; what comes first here is preferred."""
        word, here = self.low[i], self._here.get(i) or self.standing(i)
        if word.is_number:
            return self.counted(i)
        return (
            (here.group and self.group(i, here))
            or (here.positions and self.position(i, here))
            or (here.units and self.named_unit(i, here))
            or (here.places and self.place(i, here))
            or ((here.body or word in self.short_forms.firsts) and self.body(i))
            or (word in self.local_names.firsts and self.place(i, here))
            or ((here.courtesy or word.surname) and self.person(i, here))
            or None
        )

    def body(self, i: int) -> Hit | None:
        """A body, or the collective of such bodies ("UBND các xã")."""
        end = self.body_end(i)
        if end is None:
            return None
        several = self._several(end)
        if several is not None:
            return Hit("group", i, several)
        return Hit("agency", i, end)

    # collectives

    def group(self, i: int, here: Standing) -> Hit | None:
        """A collective: "các phòng, đơn vị thuộc Sở", "lãnh đạo tỉnh", "cấp huyện"."""
        if here.phrases:
            return Hit("group", i, self._list_end(i + here.phrases))
        led = self._led(i, i + here.leads) if here.leads else None
        if led or not here.determiners:
            return led
        counts = self.low[i] in self.lists.numbers
        return self._collective(i, i + here.determiners, counts=counts)

    def counted(self, i: int) -> Hit | None:
        """A plain number that determines a collective: "12/38 xã, phường", "38 sở, ngành"."""
        low, start = self.low, self._counted_from(i)
        there = self.standing(start)
        if not there.nouns or there.positions or low[start] == "bộ":
            return None
        if len(low[i]) > 3 or (i and low[i - 1] in {"số", "/", "ngày", "tháng"}):
            return None
        return self._collective(i, start, counts=True)

    def _counted_from(self, i: int) -> int:
        """Where what the number or ratio at word `i` counts begins."""
        return i + 3 if self.low[i + 1] == "/" and self.low[i + 2].is_number else i + 1

    def _collective(self, i: int, start: int, *, counts: bool) -> Hit | None:
        """A determiner and the nouns it stands before; one that counts a single noun ("38 đơn vị")
        names nobody."""
        low, there = self.low, self.standing(start)
        noun = max(there.nouns, there.positions)
        if not noun or low[start + noun : start + noun + 2] == ("hành", "chính"):
            return None
        if there.not_heads > noun:
            return None  # "các tổ chức" are no "tổ"
        end = self._list_end(start + noun)
        if end == start + noun and (counts or low[end] == ":"):
            return None
        return Hit("group", i, end)

    def _led(self, i: int, at: int) -> Hit | None:
        """ "lãnh đạo Sở", "thành viên Đoàn kiểm tra", "lãnh đạo tỉnh Phú Thọ"."""
        low = self.low
        if i and low[i - 1] in {"tổ", "hội"} and low[i] == "đại":
            return None
        if low[at] in {"các", "một", "nhiều"}:
            inner = self.group(at, self.standing(at))
            return Hit("group", i, inner.end) if inner else None
        here = self.standing(at)
        if here.nouns and low[i] == "thủ":
            return Hit("group", i, self._list_end(at + here.nouns))
        if low[i] == "đại" and low[at] not in {"hội", "hđnd"}:
            return None
        end = self.body_end(at)
        if end is None and here.scopes:
            end = self._capitals_end(at + here.scopes, 4)
        if end is not None and low[i] == "thành" and low[at] not in self.lists.mission_heads:
            return None
        return Hit("group", i, end) if end is not None else None

    def _list_end(self, at: int) -> int:
        """The end of a list of collective nouns with what modifies them."""
        low, k, ends, passed = self.low, at, self._ends, []
        while k not in ends and (step := self._list_step(k)):
            passed.append(k)
            k += step
        k = ends.get(k, k)
        ends.update(dict.fromkeys(passed, k))
        while k > at and low[k - 1] in {"của", "có"}:
            k -= 1
        return k

    def _list_step(self, k: int) -> int:
        """How many words at `k` go on with a list of collective nouns; 0 when it ends."""
        low, here = self.low, self.standing(k)
        step = here.modifiers
        if not step and low[k].cap and low[k - 1] in {"thuộc", "của"}:
            body = self.body_end(k)
            step = body - k if body is not None else 0
        if not step and low[k] in SEPARATORS:
            step = self._listed(k + 1)
        if not step and low[k].cap and low[k - 1] in {"phố", "tỉnh", "huyện"}:
            step = here.places
        return step

    def _listed(self, at: int) -> int:
        """How many words a separator and the collective noun behind it take, or 0."""
        skip = 1 if self.low[at] in {"các", "một"} else 0
        here = self.standing(at + skip)
        noun = here.more_nouns
        if not noun or here.positions > noun or here.not_heads > noun:
            return 0
        if self.low[at + skip].cap and self._is_named_body(at + skip, noun):
            return 0
        return 1 + skip + noun

    def _is_named_body(self, at: int, noun: int) -> bool:
        """Whether a list ends before the name of a body ("các bộ, Bộ Y tế") or of many."""
        end = self.body_end(at)
        if end is None:
            return False
        named = any(word.cap for word in self.low[at + noun : end])
        return named or self._several_from(end) is not None

    def _several(self, at: int) -> int | None:
        """The end of "các huyện, thị xã", ", phường" or "cấp xã" behind a body that stands for
        many."""
        begun = self._several_from(at)
        return begun if begun is None or self.low[at] == "cấp" else self._list_end(begun)

    def _several_from(self, at: int) -> int | None:
        """Where the list of what such a body stands for goes on, which is not followed here:
        whether it does is asked again for each member of a list."""
        low = self.low
        if (
            low[at] == ","
            and low[at - 1] in self.lists.several_units
            and self.standing(at + 1).units
        ):
            small = not (low[at - 1].cap or low[at + 1].cap or low[at + 2].cap)
            return at if small and self._listed(at + 1) else None
        if low[at] not in self.lists.several_words:
            return None
        if low[at] == "cấp":
            return at + 2 if low[at + 1] in {"xã", "huyện", "tỉnh"} else None
        noun_at = at + self.standing(at).determiners
        noun = self.standing(noun_at).nouns
        return noun_at + noun if noun else None

    # offices, places, persons

    def position(self, i: int, here: Standing) -> Hit | None:
        """An office with the body it belongs to: "Phó Giám đốc Sở Nội vụ"."""
        low = self.low
        size = here.positions
        if not low[i].cap and size < 2:
            return None
        end = i + size
        if low[end : end + 3] == (",", "thủ", "trưởng"):
            return Hit("group", i, end)
        last = low[end - 1]
        for extra in (("thường", "trực"), ("phụ", "trách")):
            if low[end : end + 2] == extra:
                end += 2
        several = self._several(end)
        if several is not None:
            return Hit("group", i, several)
        beside = not (self._new_line(end) or self._is_person(end))
        body = self.body_end(end) if beside else None
        if body is not None:
            several = self._several(body)
            return Hit("group", i, several) if several else Hit("position", i, body)
        named = last in {"phòng", "ban", "khoa", "tra"} and low[end].cap
        if named and self._full_name(end) < 2 and not self._new_line(end):
            return Hit("position", i, self._with_scope(i, self._name_end(i, end, 0), 0))
        scope = self.standing(end).scopes
        if scope:
            return Hit("position", i, self._capitals_end(end + scope, 4))
        if not low[i].cap and " ".join(low[i:end]) in self.lists.vague:
            return None
        return Hit("position", i, end)

    def _new_line(self, at: int) -> bool:
        return self.words.breaks[at] and (self.low[at].all_caps or self.low[at - 1].all_caps)

    def named_unit(self, i: int, here: Standing) -> Hit | None:
        """A unit with its name: "huyện Tam Đảo", "TP. Vinh", "sông Lô"."""
        low, name = self.low, i + here.units
        if (low[i].all_caps and not here.scopes) or self._is_person(i):
            return None
        if low[name].surname and low[i] in self.lists.after_persons and self._is_person(name):
            return self._governing(i, name + self._full_name(name))
        end = self._capitals_end(name, 4)
        return self._governing(i, end) if end > name else None

    def place(self, i: int, here: Standing) -> Hit | None:
        """A province's or region's name, or one that the document gives to a unit elsewhere."""
        low = self.low
        known = max(here.places, self.local_names.match(low, i))
        if not known or not low[i].cap or low[i : i + 3] == ("hồ", "chí", "minh"):
            return None
        return self._governing(i, i + known)

    def _governing(self, i: int, end: int) -> Hit:
        """A place, or the body that governs it where it is told to act or acts."""
        before = any(self.standing(i - n).governs_before == n for n in (1, 2) if i >= n)
        after = self.standing(end).governs_after > 0
        return Hit("agency" if before or after else "place", i, end)

    def person(self, i: int, here: Standing) -> Hit | None:
        """A name after a courtesy, or two to five words that begin with a family name."""
        low = self.low
        courtesy = here.courtesy
        before = low[i - 1] if i else ""
        if courtesy and before not in {"tiếng", "nước", "phiếu"}:
            at = i + courtesy
            mark = ":" if low[i] in {"ảnh", "tác"} else "."
            while low[at] == mark:
                at += 1
            if self.words.breaks[at] or (self.standing(at).places and not low[at].surname):
                return None
            size = self._capital_run(at)
            short = len(low[at]) < 2 or (low[at].all_caps and low[at].isalpha())
            strange = short or low[at] in self.lists.starters
            single = size == 1 and strange
            return Hit("person", at, at + size) if size and not single else None
        size = self._full_name(i)
        if before in self.lists.not_persons_after:
            return None
        if before.isdigit() and size >= 2 and low[i + size] == ",":
            return Hit("place", i, i + size)
        if size >= 3 or (size == 2 and self._closed(i + 2)):
            return Hit("person", i, i + size)
        return None

    def _closed(self, at: int) -> bool:
        """Whether what follows a short name is no further syllable of a compound word."""
        return not self.low[at].isalpha() or self.words.breaks[at]

    def _capital_run(self, at: int) -> int:
        """How many capitalised words, at most five, stand at `at`."""
        low, k = self.low, at
        while k - at < 5 and low[k].cap:
            if (k > at and self.words.breaks[k]) or self._begins_other(-1, k):
                break
            k += 1
        return k - at
