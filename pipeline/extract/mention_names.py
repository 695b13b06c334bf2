"""The grammar of names: where the name of a body, a place or a person ends."""

from __future__ import annotations

from functools import partial

from pipeline.extract.mention_lists import NOTHING, lists
from pipeline.extract.mention_words import Phrases, Words

_DASHES = ("-", "–", "—")
SEPARATORS = (",", "/", "và", "-", "–")
"""What stands between the parts of a name and between the members of a list."""
MISSIONS = ("đoàn", "tổ")
_LOCAL = ("sở", "cục", "kho")
_NUMBERED = ("đoàn", "tổ", "đội", "ban", "quân", "chi")
_ALSO_SYLLABLES = ("quỹ", "đội", "đài", "báo", "hội", "thuế")
"""Heads that may be the first word of another body's name."""


class Names:
    """Finds how far what begins at a word of one text goes."""

    def __init__(self, words: Words, short_forms: Phrases) -> None:
        """`short_forms` are the document's abbreviations for bodies."""
        self.words = words
        self.short_forms = short_forms
        self.lists = lists()
        self.standing = partial(self.lists.table.at, (*words.low, "", ""))
        """What stands at a word."""
        self.person_names = Phrases([])
        self.local_names = Phrases([])

    def body_end(self, i: int, depth: int = 0) -> int | None:
        """Where the body that begins at word `i` ends."""
        words, here = self.words, self.standing(i)
        if depth > 3 or i >= words.count or not (words.caps[i] or here.small):
            return None
        known = max(here.known, self.short_forms.match(words, i))
        alone, small = here.alone, here.small
        head = max(alone, here.named, small)
        if not known and (not head or here.not_heads > head):
            return None
        if self._full_name(i) >= 3:
            return None
        if known < 2 and self._inside_capitals(i):
            return None
        base = i + max(known, head)
        closed = known >= head or " ".join(words.low[i:base]) in self.lists.closed
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
        linked = before in self.lists.stop or self.standing(i - 1).positions == 1
        office = i > 1 and self.standing(i - 2).positions == 2
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
        while k > at and words.low[k - 1] in (*SEPARATORS, "số"):
            k -= 1
        return k

    def _name_step(self, head: int, at: int, k: int, capital: bool) -> int:
        """How many words at `k` go on with a name; 0 when it ends."""
        words = self.words
        low = words.low[k]
        if not low[0].isalnum():
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
        if self.standing(k).scopes:
            return 0
        if capital and low not in self.lists.stop and low.isalpha():
            return int(k - 2 < at or self.standing(k - 2).places != 2)
        pair = self.standing(k).name_words
        return pair if k > at or pair > 1 else 0

    def _begins_other(self, at: int, k: int) -> bool:
        """Whether a capital begins something else: another body, an office, a person."""
        here, low = self.standing(k), self.words.low
        if here is NOTHING:
            return False
        if here.positions or here.courtesy:
            return not (k == at and low[k] in ("anh", "chị"))
        if here.known > 1 or here.leads:
            return True
        if not (here.alone or here.named) or here.not_heads:
            return False
        return not (k == at and low[k] in _ALSO_SYLLABLES)

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
            pair = self.standing(following).name_words
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
        here = self.standing(end)
        scope, inner = here.scopes, max(here.alone, here.named)
        if scope and inner <= scope and not (words.breaks[end] and words.caps[end]):
            end += scope
            return self._capitals_end(end, 4)
        if here.places and words.caps[end]:
            return end + here.places
        superior = self._superior(head, end, depth)
        return superior if superior is not None else end

    def _superior(self, head: int, end: int, depth: int) -> int | None:
        """The end of the superior's name that directly follows, or follows "của" or a dash."""
        words = self.words
        if words.caps[end]:
            return self.body_end(end, depth + 1)
        mission = words.low[head] in MISSIONS
        if mission and words.low[end] == "của" and end + 1 < words.count and words.caps[end + 1]:
            return self.body_end(end + 1, depth + 1)
        unit = words.low[head] in ("ban", "vụ", "cục")
        if unit and words.low[end] in _DASHES and end + 1 < words.count:
            return self.body_end(end + 1, depth + 1) if words.caps[end + 1] else None
        return None

    def _capitals_end(self, at: int, most: int) -> int:
        """The end of up to `most` capitalised words, dashes between them included."""
        words, k = self.words, at
        known = self.standing(at).places
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
            tight = joined and words.end(k - 1) == words.start(k)
            if tight:
                k += 1
        return k

    def _is_numbered(self, at: int) -> bool:
        """Whether the unit before word `at` is one that bears numbers ("phường 12")."""
        return any(self.standing(at - n).numbered_units == n for n in (1, 2, 3) if at >= n)

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
