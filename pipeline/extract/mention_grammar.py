"""The grammar of mentions: bodies, offices, collectives, places and persons where they begin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import compress

from pipeline.extract.mention_lists import Hit, Standing
from pipeline.extract.mention_names import MISSIONS, SEPARATORS, Names
from pipeline.extract.mention_words import Phrases, Words


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
        self._here = dict(self._standing_here())
        """What stands at the words that may begin a mention in any text."""
        self.person_names = Phrases([*self._full_names(), signer or ""])
        self.local_names = Phrases([*self._unit_names(), place or ""])
        self._own = short_forms.firsts | self.local_names.firsts

    def _standing_here(self) -> Iterator[tuple[int, Standing]]:
        low, standing, surnames = self.words.low, self.standing, self.lists.surnames
        for i in compress(range(self.words.count), self.words.begins):
            here = standing(i)
            is_counted = low[i].isdigit() and (
                standing(i + 1).nouns or low[i + 1 : i + 2] == ("/",)
            )
            if here.opens or is_counted or low[i] in surnames:
                yield i, here

    def _unit_names(self) -> Iterator[str]:
        """Names that follow a unit somewhere in the text: "xã Sín Phàng" makes "Sín Phàng" one."""
        words = self.words
        for i, here in self._here.items():
            if here.units and not words.upper[i]:
                end = self._capitals_end(i + here.units, 3)
                if end - i - here.units >= 2:
                    yield words.text(i + here.units, end)

    def _full_names(self) -> Iterator[str]:
        """Names of three words and more in the text: in capitals they are known by them only."""
        words, surnames = self.words, self.lists.surnames
        for i in self._here:
            if words.caps[i] and words.low[i] in surnames and not words.upper[i]:
                count = self._full_name(i)
                if count >= 3:
                    yield words.text(i, i + count)

    def beginnings(self, more: frozenset[str] = frozenset()) -> Iterable[int]:
        """The words at which a mention may begin; `more` are first words of further names."""
        words = self.words
        own = (more | self._own | self.person_names.firsts) - self.lists.surnames
        if not own:
            return self._here
        further = {i for i, low in enumerate(words.low) if low in own and words.caps[i]}
        return sorted(further.union(self._here))

    def at(self, i: int) -> Hit | None:
        """The mention that begins at word `i`, or None; what comes first here is preferred."""
        low, here = self.words.low[i], self._here.get(i) or self.standing(i)
        if low.isdigit():
            return self.counted(i)
        return (
            (here.group and self.group(i))
            or (here.positions and self.position(i))
            or (here.units and self.named_unit(i))
            or (here.places and self.place(i))
            or ((here.body or low in self.short_forms.firsts) and self.body(i))
            or (low in self.local_names.firsts and self.place(i))
            or ((here.courtesy or low in self.lists.surnames) and self.person(i))
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

    def group(self, i: int) -> Hit | None:
        """A collective: "các phòng, đơn vị thuộc Sở", "lãnh đạo tỉnh", "cấp huyện"."""
        words, here = self.words, self.standing(i)
        if here.phrases:
            return Hit("group", i, self._list_end(i + here.phrases))
        led = self._led(i, i + here.leads) if here.leads else None
        if led or not here.determiners:
            return led
        return self._collective(i, i + here.determiners, counts=words.low[i] in self.lists.numbers)

    def counted(self, i: int) -> Hit | None:
        """A plain number that determines a collective: "12/38 xã, phường", "38 sở, ngành"."""
        low = self.words.low
        is_ratio = low[i + 1 : i + 2] == ("/",) and "".join(low[i + 2 : i + 3]).isdigit()
        start = i + 3 if is_ratio else i + 1
        there = self.standing(start)
        if not there.nouns or there.positions or low[start] == "bộ":
            return None
        if len(low[i]) > 3 or (i and low[i - 1] in ("số", "/", "ngày", "tháng")):
            return None
        return self._collective(i, start, counts=True)

    def _collective(self, i: int, start: int, *, counts: bool) -> Hit | None:
        """A determiner and the nouns it stands before; one that counts a single noun ("38 đơn vị")
        names nobody."""
        low, there = self.words.low, self.standing(start)
        noun = max(there.nouns, there.positions)
        if not noun or low[start + noun : start + noun + 2] == ("hành", "chính"):
            return None
        end = self._list_end(start + noun)
        if end == start + noun and (counts or low[end : end + 1] == (":",)):
            return None
        return Hit("group", i, end)

    def _led(self, i: int, at: int) -> Hit | None:
        """ "lãnh đạo Sở", "thành viên Đoàn kiểm tra", "lãnh đạo tỉnh Phú Thọ"."""
        words = self.words
        if at >= words.count or (i and words.low[i - 1] in ("tổ", "hội") and words.low[i] == "đại"):
            return None
        if words.low[at] in ("các", "một", "nhiều"):
            inner = self.group(at)
            return Hit("group", i, inner.end) if inner else None
        here = self.standing(at)
        if here.nouns and words.low[i] == "thủ":
            return Hit("group", i, self._list_end(at + here.nouns))
        if words.low[i] == "đại" and words.low[at] not in ("hội", "hđnd"):
            return None
        end = self.body_end(at)
        if end is None and here.scopes:
            end = self._capitals_end(at + here.scopes, 4)
        if end is not None and words.low[i] == "thành" and words.low[at] not in MISSIONS:
            return None
        return Hit("group", i, end) if end is not None else None

    def _list_end(self, at: int) -> int:
        """The end of a list of collective nouns with what modifies them."""
        words, k = self.words, at
        while k < words.count:
            step = self.standing(k).modifiers
            if not step and words.caps[k]:
                body = self.body_end(k)
                step = body - k if body is not None and words.low[k - 1] in ("thuộc", "của") else 0
            if not step and words.low[k] in SEPARATORS:
                step = self._listed(k + 1)
            if not step and words.caps[k] and words.low[k - 1] in ("phố", "tỉnh", "huyện"):
                step = self.standing(k).places
            if not step:
                break
            k += step
        while k > at and words.low[k - 1] in ("của", "có", "cấp") and words.low[k - 1] != "cấp":
            k -= 1
        return k

    def _listed(self, at: int) -> int:
        """How many words a separator and the collective noun behind it take, or 0."""
        skip = 1 if at < self.words.count and self.words.low[at] in ("các", "một") else 0
        here = self.standing(at + skip)
        noun = here.more_nouns
        return 1 + skip + noun if noun and here.positions <= noun else 0

    def _several(self, at: int) -> int | None:
        """The end of "các huyện, thị xã" or "cấp xã" behind a body that stands for many."""
        low = self.words.low
        first, second = (*low[at : at + 2], "", "")[:2]
        if first == "cấp":
            return at + 2 if second in ("xã", "huyện", "tỉnh") else None
        if first not in ("các", "hai", "ba", "những"):
            return None
        noun_at = at + self.standing(at).determiners
        noun = self.standing(noun_at).nouns
        return self._list_end(noun_at + noun) if noun else None

    # offices, places, persons

    def position(self, i: int) -> Hit | None:
        """An office with the body it belongs to: "Phó Giám đốc Sở Nội vụ"."""
        words = self.words
        count = self.standing(i).positions
        if not count or (not words.caps[i] and count < 2):
            return None
        end = i + count
        if words.low[end : end + 3] == (",", "thủ", "trưởng"):
            return Hit("group", i, end)
        last = words.low[end - 1]
        for extra in (("thường", "trực"), ("phụ", "trách")):
            if words.low[end : end + 2] == extra:
                end += 2
        several = self._several(end)
        if several is not None:
            return Hit("group", i, several)
        person = end < words.count and self._full_name(end) >= 3
        beside = end < words.count and not self._new_line(end) and not person
        body = self.body_end(end) if beside else None
        if body is not None:
            several = self._several(body)
            return Hit("group", i, several) if several else Hit("position", i, body)
        named = last in ("phòng", "ban", "khoa", "tra") and end < words.count and words.caps[end]
        if named and self._full_name(end) < 2 and not self._new_line(end):
            return Hit("position", i, self._with_scope(i, self._name_end(i, end, 0), 0))
        scope = self.standing(end).scopes
        if scope:
            return Hit("position", i, self._capitals_end(end + scope, 4))
        if not words.caps[i] and " ".join(words.low[i:end]) in self.lists.vague:
            return None
        return Hit("position", i, end)

    def _new_line(self, at: int) -> bool:
        words = self.words
        return words.breaks[at] and (words.upper[at] or words.upper[at - 1])

    def named_unit(self, i: int) -> Hit | None:
        """A unit with its name: "huyện Tam Đảo", "TP. Vinh", "sông Lô"."""
        words, here = self.words, self.standing(i)
        unit = here.units
        if not unit or (words.upper[i] and not here.scopes):
            return None
        if words.caps[i] and self._full_name(i) >= 3:
            return None
        end = self._capitals_end(i + unit, 4)
        if end == i + unit:
            return None
        return self._governing(i, end)

    def place(self, i: int) -> Hit | None:
        """A province's or region's name, or one that the document gives to a unit elsewhere."""
        words = self.words
        known = max(self.standing(i).places, self.local_names.match(words, i))
        if not known or not words.caps[i] or words.low[i : i + 3] == ("hồ", "chí", "minh"):
            return None
        return self._governing(i, i + known)

    def _governing(self, i: int, end: int) -> Hit:
        """A place, or the body that governs it where it is told to act or acts."""
        before = any(self.standing(i - n).governs_before == n for n in (1, 2) if i >= n)
        after = self.standing(end).governs_after > 0
        return Hit("agency" if before or after else "place", i, end)

    def person(self, i: int) -> Hit | None:
        """A name after a courtesy, or two to five words that begin with a family name."""
        words = self.words
        courtesy = self.standing(i).courtesy
        if courtesy and not (i and words.low[i - 1] in ("tiếng", "nước", "phiếu")):
            at = i + courtesy
            credit = words.low[i] in ("ảnh", "tác")
            while at < words.count and words.low[at] in ((":",) if credit else (".",)):
                at += 1
            count = self._capital_run(at)
            single = count == 1 and (len(words.low[at]) < 2 or words.low[at] in self.lists.starters)
            return Hit("person", at, at + count) if count and not single else None
        count = self._full_name(i)
        if i and words.low[i - 1] in self.lists.not_persons_after:
            return None
        if (
            i
            and words.low[i - 1].isdigit()
            and count >= 2
            and words.low[i + count : i + count + 1] == (",",)
        ):
            return Hit("place", i, i + count)
        if count >= 3 or (count == 2 and self._closed(i + 2)):
            return Hit("person", i, i + count)
        return None

    def _closed(self, at: int) -> bool:
        """Whether what follows a short name is no further syllable of a compound word."""
        words = self.words
        return at >= words.count or not words.low[at].isalpha() or words.breaks[at]

    def _capital_run(self, at: int) -> int:
        """How many capitalised words, at most five, stand at `at`."""
        words, k = self.words, at
        while k < words.count and k - at < 5 and words.caps[k]:
            if k > at and (words.breaks[k] or self._begins_other(-1, k)):
                break
            if k == at and self._begins_other(-1, k):
                break
            k += 1
        return k - at
