"""The grammar of names: where a body, office, collective, place or person begins and ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pipeline.extract.mention_lists import Hit, lists
from pipeline.extract.mention_words import Phrases, Words

_DASHES = ("-", "–", "—")
_SEPARATORS = (",", "/", "và", "-", "–")
_MISSIONS = ("đoàn", "tổ")
_LOCAL = ("sở", "cục", "kho")
_NUMBERED = ("đoàn", "tổ", "đội", "ban", "quân", "chi")


class Grammar:
    """Finds what begins at a word of one text."""

    def __init__(
        self,
        words: Words,
        short_forms: Phrases,
        place: str | None = None,
        signer: str | None = None,
    ) -> None:
        """`short_forms` are the document's abbreviations for bodies; the rest its header's."""
        self.words = words
        self.short_forms = short_forms
        self.lists = lists()
        self.openers = self.lists.openers | short_forms.firsts
        self._beginnings = self._find_beginnings()
        self.person_names = Phrases([])
        self.person_names = Phrases([*self._full_names(), signer or ""])
        self.local_names = Phrases([*self._unit_names(), place or ""])
        self.openers |= self.local_names.firsts | self.person_names.firsts
        self._routes = self._find_routes()
        self._beginnings = self._find_beginnings()

    def _unit_names(self) -> Iterator[str]:
        """Names that follow a unit somewhere in the text: "xã Sín Phàng" makes "Sín Phàng" one."""
        for i in self.beginnings():
            unit = self.lists.units.match(self.words, i)
            if unit and not self.words.upper[i]:
                end = self._capitals_end(i + unit, 3)
                if end - i - unit >= 2:
                    yield self.words.text(i + unit, end)

    def beginnings(self, more: frozenset[str] = frozenset()) -> list[int]:
        """The words at which a mention may begin; `more` are first words of further names."""
        if more - self.openers:
            self.openers |= more
            self._beginnings = self._find_beginnings()
        return self._beginnings

    def _find_beginnings(self) -> list[int]:
        words, vocabulary = self.words, set(self.words.low)
        small = {word for word in vocabulary if word in self.lists.starters or word.isdigit()}
        wanted = small | (self.openers & vocabulary)
        return [
            i
            for i, low in enumerate(words.low)
            if low in wanted and (words.caps[i] or low in small)
        ]

    def at(self, i: int) -> Hit | None:
        """The mention that begins at word `i`, or None."""
        low = self.words.low[i]
        if low.isdigit():
            return self.group(i)
        for firsts, find in self._routes:
            if low in firsts:
                hit = find(i)
                if hit is not None:
                    return hit
        return None

    def _find_routes(self) -> tuple[tuple[frozenset[str], Callable[[int], Hit | None]], ...]:
        """What may begin with which word, in the order of preference."""
        lists_ = self.lists
        group = lists_.determiners.firsts | lists_.phrases.firsts | lists_.leads.firsts
        head = lists_.alone.firsts | lists_.named.firsts | lists_.small.firsts
        body = head | lists_.known.firsts | self.short_forms.firsts
        return (
            (group, self.group),
            (lists_.positions.firsts, self.position),
            (lists_.units.firsts, self.named_unit),
            (lists_.places.firsts, self.known_place),
            (body, self.body),
            (self.local_names.firsts, self.place),
            (lists_.courtesy.firsts | lists_.surnames, self.person),
        )

    # bodies

    def body(self, i: int) -> Hit | None:
        """A body, or the collective of such bodies ("UBND các xã")."""
        end = self.body_end(i)
        if end is None:
            return None
        several = self._several(end)
        if several is not None:
            return Hit("group", i, several)
        return Hit("agency", i, end)

    def body_end(self, i: int, depth: int = 0) -> int | None:
        """Where the body that begins at word `i` ends."""
        words, lists_ = self.words, self.lists
        if i >= words.count or depth > 3:
            return None
        small = lists_.small.match(words, i)
        if (not words.caps[i] and not small) or self._full_name(i) >= 3:
            return None
        known = max(lists_.known.match(words, i), self.short_forms.match(words, i))
        alone = lists_.alone.match(words, i)
        head = max(alone, lists_.named.match(words, i), small)
        if not known and (not head or lists_.not_heads.match(words, i) > head):
            return None
        if known < 2 and self._inside_capitals(i):
            return None
        base = i + max(known, head)
        closed = known >= head or " ".join(words.low[i:base]) in lists_.closed
        end = base if closed else self._name_end(i, base, depth)
        if (
            known >= head
            and words.low[i] in _LOCAL
            and base < words.count
            and not words.breaks[base]
        ):
            end = self._capitals_end(base, 3)
        if end == base and not known and alone < head and small < head:
            return None
        return self._with_scope(i, end, depth)

    def _inside_capitals(self, i: int) -> bool:
        """Whether a head in capitals stands inside a run of capitals ("NHIỆM VỤ TRIỂN KHAI")."""
        words = self.words
        if i == 0 or words.breaks[i] or not (words.upper[i] and words.upper[i - 1]):
            return False
        before = words.low[i - 1]
        linked = before in self.lists.stop or self.lists.positions.match(words, i - 1) == 1
        office = i > 1 and self.lists.positions.match(words, i - 2) == 2
        return not (linked or office)

    def _name_end(self, head: int, at: int, depth: int) -> int:
        """Where the name behind a head ends; `at` when there is none."""
        words, k, capital = self.words, at, False
        while k < words.count:
            small_head = not words.caps[head] and words.caps[k]
            if words.breaks[k] and (words.upper[k] or words.upper[k - 1] or small_head):
                break
            step = self._name_step(head, at, k, capital)
            if step == 0:
                break
            capital = words.caps[k] and not words.upper[k] and step == 1
            k += step
        while k > at and words.low[k - 1] in (*_SEPARATORS, "số"):
            k -= 1
        return k

    def _name_step(self, head: int, at: int, k: int, capital: bool) -> int:
        """How many words at `k` go on with a name; 0 when it ends."""
        words = self.words
        low = words.low[k]
        if not words.flat[words.starts[k]].isalnum():
            return self._joint(head, at, k)
        if low.isdigit() or low[0].isdigit():
            numbered = words.low[head] in _NUMBERED and (words.low[k - 1] == "số" or k == at)
            return int(numbered)
        if words.caps[k]:
            if words.upper[k] and low in self.lists.stop and low != "và":
                return 0
            return int(not self._begins_other(at, k) and not self._person_in_name(head, k))
        if low == "và":
            return self._joint(head, at, k)
        if low == "số" and words.low[head] in _NUMBERED:
            return 1
        if self.lists.scopes.match(words, k):
            return 0
        if capital and low not in self.lists.stop and low.isalpha():
            return int(k - 2 < at or self.lists.places.match(words, k - 2) != 2)
        pair = self.lists.name_words.match(words, k)
        return pair if k > at or pair > 1 else 0

    def _begins_other(self, at: int, k: int) -> bool:
        """Whether a capital begins something else: another body, an office, a person."""
        words, lists_ = self.words, self.lists
        if lists_.positions.match(words, k) or lists_.courtesy.match(words, k):
            return not (k == at and words.low[k] in ("anh", "chị"))
        if lists_.known.match(words, k) > 1 or lists_.leads.match(words, k):
            return True
        head = max(lists_.alone.match(words, k), lists_.named.match(words, k))
        if head and not (k == at and words.low[k] in ("quỹ", "đội", "đài", "báo", "hội", "thuế")):
            return not lists_.not_heads.match(words, k)
        return False

    def _person_in_name(self, head: int, k: int) -> bool:
        """Whether a person's name begins inside what looks like a body's name."""
        if self.words.low[head] in self.lists.after_persons:
            return False
        return self._full_name(k) >= 3

    def _joint(self, head: int, at: int, k: int) -> int:
        """A dash, comma or "và" between two parts of one name."""
        words = self.words
        if k == at or k + 1 >= words.count:
            return 0
        low = words.low[k]
        following = k + 1
        if low in (*_DASHES, "và"):
            if words.caps[following]:
                return int(not self._begins_other(at, following) and self._full_name(following) < 3)
            pair = self.lists.name_words.match(words, following)
            return 1 + pair if pair and not words.caps[k - 1] and low == "và" else 0
        if low == "," and words.low[head] in ("bộ", "sở", "phòng", "vụ", "ban", "cục"):
            ahead = words.low[k + 1 : k + 6]
            if words.caps[following] and "và" in ahead and not self._begins_other(at, following):
                after = k + 1 + ahead.index("và") + 1
                ends = (
                    after < words.count and words.caps[after] and not self._begins_other(at, after)
                )
                return int(ends)
        return 0

    def _with_scope(self, head: int, end: int, depth: int) -> int:
        """A body with its scope or superior: "tỉnh Hà Nam", "Sở Y tế" after "Thanh tra"."""
        words = self.words
        if end >= words.count:
            return end
        if words.breaks[end] and (words.upper[end] or words.upper[end - 1]):
            return end
        scope = self.lists.scopes.match(words, end)
        inner = max(self.lists.alone.match(words, end), self.lists.named.match(words, end))
        if scope and inner <= scope and not (words.breaks[end] and words.caps[end]):
            end += scope
            return self._capitals_end(end, 4)
        if self.lists.places.match(words, end) and words.caps[end]:
            return end + self.lists.places.match(words, end)
        superior = self._superior(head, end, depth)
        return superior if superior is not None else end

    def _superior(self, head: int, end: int, depth: int) -> int | None:
        """The end of the superior's name that directly follows, or follows "của" or a dash."""
        words = self.words
        if words.caps[end]:
            return self.body_end(end, depth + 1)
        mission = words.low[head] in _MISSIONS
        if mission and words.low[end] == "của" and end + 1 < words.count and words.caps[end + 1]:
            return self.body_end(end + 1, depth + 1)
        unit = words.low[head] in ("ban", "vụ", "cục")
        if unit and words.low[end] in _DASHES and end + 1 < words.count:
            return self.body_end(end + 1, depth + 1) if words.caps[end + 1] else None
        return None

    def _capitals_end(self, at: int, most: int) -> int:
        """The end of up to `most` capitalised words, dashes between them included."""
        words, k = self.words, at
        known = self.lists.places.match(words, at)
        if known and words.caps[at]:
            return at + known
        while k < words.count and k - at < most:
            if (words.breaks[k] and words.upper[k]) or self._full_name(k) >= 3:
                break
            if k > at and words.low[k - 1].isdigit():
                break
            digit = words.low[k].isdigit() and k == at and self._is_numbered(at)
            digit = digit and words.low[k][0] != "0"
            if not (words.caps[k] or digit) or (k > at and self._begins_other(at, k)):
                break
            if k == at and self._begins_other(-1, k) and not digit:
                break
            k += 1
            joined = k + 1 < words.count and words.low[k] in _DASHES and words.caps[k + 1]
            tight = joined and words.ends[k - 1] == words.starts[k]
            if tight:
                k += 1
        return k

    def _is_numbered(self, at: int) -> bool:
        """Whether the unit before word `at` is one that bears numbers ("phường 12")."""
        return any(
            self.lists.numbered_units.match(self.words, at - n) == n for n in (1, 2, 3) if at >= n
        )

    # collectives

    def group(self, i: int) -> Hit | None:
        """A collective: "các phòng, đơn vị thuộc Sở", "lãnh đạo tỉnh", "cấp huyện"."""
        words, lists_ = self.words, self.lists
        phrase = lists_.phrases.match(words, i)
        if phrase:
            return Hit("group", i, self._list_end(i + phrase))
        lead = lists_.leads.match(words, i)
        if lead:
            led = self._led(i, i + lead)
            if led:
                return led
        start = i + self._determiner(i)
        if start == i or start >= words.count:
            return None
        office = lists_.positions.match(words, start)
        noun = max(lists_.nouns.match(words, start), office)
        if words.low[i].isdigit() and (office or words.low[start] == "bộ"):
            return None
        if not noun or words.low[start + noun : start + noun + 2] == ("hành", "chính"):
            return None
        end = self._list_end(start + noun)
        if end == start + noun and (self._is_count(i) or words.low[end : end + 1] == (":",)):
            return None
        return Hit("group", i, end)

    def _is_count(self, i: int) -> bool:
        """Whether a plain number stands before the noun: "38 đơn vị" counts, it names nobody."""
        return self.words.low[i].isdigit() or self.words.low[i] in self.lists.numbers

    def _determiner(self, i: int) -> int:
        words = self.words
        count = self.lists.determiners.match(words, i)
        if count:
            return count
        low = words.low[i]
        if (
            not low.isdigit()
            or len(low) > 3
            or (i and words.low[i - 1] in ("số", "/", "ngày", "tháng"))
        ):
            return 0
        ratio = words.low[i + 1 : i + 2] == ("/",) and words.low[i + 2 : i + 3]
        return 3 if ratio and ratio[0].isdigit() else 1

    def _led(self, i: int, at: int) -> Hit | None:
        """ "lãnh đạo Sở", "thành viên Đoàn kiểm tra", "lãnh đạo tỉnh Phú Thọ"."""
        words = self.words
        if at >= words.count or (i and words.low[i - 1] in ("tổ", "hội") and words.low[i] == "đại"):
            return None
        if words.low[at] in ("các", "một", "nhiều"):
            inner = self.group(at)
            return Hit("group", i, inner.end) if inner else None
        noun = self.lists.nouns.match(words, at) if words.low[i] == "thủ" else 0
        if noun:
            return Hit("group", i, self._list_end(at + noun))
        if words.low[i] == "đại" and words.low[at] not in ("hội", "hđnd"):
            return None
        end = self.body_end(at)
        scope = self.lists.scopes.match(words, at)
        if end is None and scope:
            end = self._capitals_end(at + scope, 4)
        if end is not None and words.low[i] == "thành" and words.low[at] not in _MISSIONS:
            return None
        return Hit("group", i, end) if end is not None else None

    def _list_end(self, at: int) -> int:
        """The end of a list of collective nouns with what modifies them."""
        words, lists_, k = self.words, self.lists, at
        while k < words.count:
            step = lists_.modifiers.match(words, k)
            if not step and words.caps[k]:
                body = self.body_end(k)
                step = body - k if body is not None and words.low[k - 1] in ("thuộc", "của") else 0
            if not step and words.low[k] in _SEPARATORS:
                step = self._listed(k + 1)
            if not step and words.caps[k] and words.low[k - 1] in ("phố", "tỉnh", "huyện"):
                step = self.lists.places.match(words, k)
            if not step:
                break
            k += step
        while k > at and words.low[k - 1] in ("của", "có", "cấp") and words.low[k - 1] != "cấp":
            k -= 1
        return k

    def _listed(self, at: int) -> int:
        """How many words a separator and the collective noun behind it take, or 0."""
        skip = 1 if at < self.words.count and self.words.low[at] in ("các", "một") else 0
        noun = self.lists.more_nouns.match(self.words, at + skip)
        if noun and self.lists.positions.match(self.words, at + skip) > noun:
            return 0
        return 1 + skip + noun if noun else 0

    def _several(self, at: int) -> int | None:
        """The end of "các huyện, thị xã" or "cấp xã" behind a body that stands for many."""
        words, lists_ = self.words, self.lists
        if at >= words.count:
            return None
        level = words.low[at] == "cấp" and words.low[at + 1 : at + 2] in (
            ("xã",),
            ("huyện",),
            ("tỉnh",),
        )
        count = lists_.determiners.match(words, at)
        if level:
            return at + 2
        if not count or not lists_.nouns.match(words, at + count):
            return None
        if words.low[at] not in ("các", "hai", "ba", "những"):
            return None
        return self._list_end(at + count + lists_.nouns.match(words, at + count))

    # offices, places, persons

    def position(self, i: int) -> Hit | None:
        """An office with the body it belongs to: "Phó Giám đốc Sở Nội vụ"."""
        words = self.words
        count = self.lists.positions.match(words, i)
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
        scope = self.lists.scopes.match(words, end)
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
        words = self.words
        unit = self.lists.units.match(words, i)
        if not unit:
            return None
        if words.upper[i] and not self.lists.scopes.match(words, i):
            return None
        if words.caps[i] and self._full_name(i) >= 3:
            return None
        end = self._capitals_end(i + unit, 4)
        if end == i + unit:
            return None
        return self._governing(i, end)

    def known_place(self, i: int) -> Hit | None:
        """A province or region of the lexicon."""
        return self.place(i) if self.lists.places.match(self.words, i) else None

    def place(self, i: int) -> Hit | None:
        """A province's or region's name, or one that the document gives to a unit elsewhere."""
        words = self.words
        known = max(self.lists.places.match(words, i), self.local_names.match(words, i))
        if not known or not words.caps[i] or words.low[i : i + 3] == ("hồ", "chí", "minh"):
            return None
        return self._governing(i, i + known)

    def _governing(self, i: int, end: int) -> Hit:
        """A place, or the body that governs it where it is told to act or acts."""
        words, lists_ = self.words, self.lists
        before = any(lists_.governs_before.match(words, i - n) == n for n in (1, 2) if i >= n)
        after = lists_.governs_after.match(words, end) > 0
        return Hit("agency" if before or after else "place", i, end)

    def person(self, i: int) -> Hit | None:
        """A name after a courtesy, or two to five words that begin with a family name."""
        words = self.words
        courtesy = self.lists.courtesy.match(words, i)
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

    def _full_name(self, i: int) -> int:
        """How many words a person's name at `i` has; 0 when it is none."""
        words = self.words
        if i >= words.count or not words.caps[i] or words.low[i] not in self.lists.surnames:
            return 0
        k = i + 1
        while k < words.count and k - i < 5 and words.caps[k] and words.low[k].isalpha():
            if words.breaks[k] or words.upper[k] != words.upper[i]:
                break
            k += 1
        if words.upper[i]:
            return self.person_names.match(words, i)
        return k - i if 2 <= k - i <= 5 else 0

    def _full_names(self) -> Iterator[str]:
        """Names of three words and more in the text: in capitals they are known by them only."""
        words, surnames = self.words, self.lists.surnames
        for i in self.beginnings():
            if words.caps[i] and not words.upper[i] and words.low[i] in surnames:
                count = self._full_name(i)
                if count >= 3:
                    yield words.text(i, i + count)
