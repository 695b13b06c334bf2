"""The grammar of names: where the name of a body, a place or a person ends."""

from __future__ import annotations

from pipeline.extract.mention_lists import NOTHING, Standing, lists
from pipeline.extract.mention_words import Phrases, Words

_DASHES = frozenset("-–—")
_JOINTS = _DASHES | {"và", "&"}
SEPARATORS = frozenset({",", "/", "và", "-", "–"})
"""What stands between the parts of a name and between the members of a list."""
_NOT_LAST = SEPARATORS | {"số"}
_COMMITTEE = "ủy"
"""How the short names of Party committees end; theirs go on with a capital only."""


class Names:
    """Finds how far what begins at a word of one text goes."""

    def __init__(self, words: Words, short_forms: Phrases) -> None:
        """`short_forms` are the document's abbreviations for bodies."""
        self.words = words
        self.low = words.low
        """The words, and two empty ones behind the last."""
        self.short_forms = short_forms
        self.lists = lists()
        self.person_names = Phrases([])
        self.local_names = Phrases([])

    def standing(self, i: int) -> Standing:
        """What the lists know that stands at word `i`."""
        low, word = self.low, self.low[i]
        pair = word.longer.get(low[i + 1])
        if pair is None:
            return word.alone
        for rest, standing in pair.longer:
            if low[i + 2 : i + 2 + len(rest)] == rest:
                return standing
        return pair.alone

    def body_end(self, i: int, depth: int = 0) -> int | None:
        """Where the body that begins at word `i` ends."""
        low, here = self.low, self.standing(i)
        if depth > 3 or not (low[i].cap or here.small):
            return None
        known, head = max(here.known, self.short_forms.match(low, i)), here.head
        if not known and (not head or here.not_heads > head):
            return None
        if self._is_person(i) or (known < 2 and self._inside_capitals(i)):
            return None
        base = i + max(known, head)
        committee = low[base - 1] == _COMMITTEE and not low[base].cap
        closed = known >= head or committee or " ".join(low[i:base]) in self.lists.closed
        end = base if closed else self._name_end(i, base, depth)
        if known >= head and low[i] in self.lists.local_heads and not self.words.breaks[base]:
            end = self._capitals_end(base, 3)
        if end == base and not known and here.alone < head and here.small < head:
            return None
        return self._with_scope(i, end, depth)

    def _inside_capitals(self, i: int) -> bool:
        """Whether a head in capitals stands inside a run of capitals ("NHIỆM VỤ TRIỂN KHAI")."""
        low = self.low
        if i == 0 or not (low[i].all_caps and low[i - 1].all_caps) or self.words.breaks[i]:
            return False
        linked = low[i - 1] in self.lists.stop or self.standing(i - 1).positions == 1
        office = i > 1 and self.standing(i - 2).positions == 2
        return not (linked or office)

    def _name_end(self, head: int, at: int, depth: int) -> int:
        """Where the name behind a head ends; `at` when there is none."""
        low, breaks, k, capital = self.low, self.words.breaks, at, False
        while k < self.words.count:
            word = low[k]
            if breaks[k] and (
                word.all_caps or low[k - 1].all_caps or (word.cap and not low[head].cap)
            ):
                break
            step = self._name_step(head, at, k, capital)
            if step == 0:
                break
            capital = word.cap and not word.all_caps and step == 1
            k += step
        while k > at and low[k - 1] in _NOT_LAST:
            k -= 1
        return k

    def _name_step(self, head: int, at: int, k: int, capital: bool) -> int:
        """How many words at `k` go on with a name; 0 when it ends."""
        low, stop = self.low, self.lists.stop
        word = low[k]
        if (word == "và" and not word.cap) or not word[0].isalnum():
            return self._joint(head, at, k)
        if word[0].isdigit():
            return int(low[head] in self.lists.numbered_heads and (low[k - 1] == "số" or k == at))
        if word.cap:
            if word.all_caps and word in stop and word != "và":
                return 0
            if word.surname and self._person_in_name(head, k):
                return 0
            here = self.standing(k)
            if here is NOTHING:
                return 1
            return 0 if self._begins_other(at, k, here) else here.name_words or 1
        if word == "số" and low[head] in self.lists.numbered_heads:
            return 1
        here = self.standing(k)
        if here.scopes >= max(1, here.name_words):
            return 0
        if capital and word not in stop and word.isalpha():
            return int(k - 2 < at or self.standing(k - 2).places != 2)
        pair = here.name_words
        return pair if k > at or pair > 1 else 0

    def _begins_other(self, at: int, k: int, here: Standing | None = None) -> bool:
        """Whether a capital begins something else: another body, an office, a person."""
        here, word = here or self.standing(k), self.low[k]
        if here is NOTHING or (k == at and word in self.lists.fronts):
            return False
        if here.positions or here.courtesy:
            return not (k == at and word in {"anh", "chị"})
        if here.known > 1 or here.leads:
            return True
        if not (here.alone or here.named) or here.not_heads:
            return False
        return not (k == at and word in self.lists.heads_as_syllables)

    def _person_in_name(self, head: int, k: int) -> bool:
        """Whether a person's name begins inside what looks like a body's name."""
        return self._is_person(k) and self.low[head] not in self.lists.after_persons

    def _joint(self, head: int, at: int, k: int) -> int:
        """A dash, comma or "và" between two parts of one name."""
        low, following = self.low, k + 1
        if k == at or following >= self.words.count:
            return 0
        if low[k] in _JOINTS:
            if low[following].cap:
                return int(not self._begins_other(at, following) and not self._is_person(following))
            pair = self.standing(following).name_words
            return 1 + pair if pair and not low[k - 1].cap and low[k] == "và" else 0
        if low[k] == "," and low[head] in {"bộ", "sở", "phòng", "vụ", "ban", "cục"}:
            ahead = low[following : k + 6]
            if low[following].cap and "và" in ahead and not self._begins_other(at, following):
                after = following + ahead.index("và") + 1
                return int(low[after].cap and not self._begins_other(at, after))
        return 0

    def _with_scope(self, head: int, end: int, depth: int) -> int:
        """A body with its scope or superior: "tỉnh Hà Nam", "Sở Y tế" after "Thanh tra"."""
        low, broken = self.low, self.words.breaks[end]
        if broken and (low[end].all_caps or low[end - 1].all_caps):
            return end
        here = self.standing(end)
        scope, inner = here.scopes, max(here.alone, here.named, here.name_words)
        if scope and inner <= scope and not (broken and low[end].cap):
            return self._capitals_end(end + scope, 4)
        if here.places and low[end].cap:
            return end + here.places
        superior = self._superior(head, end, depth)
        return superior if superior is not None else end

    def _superior(self, head: int, end: int, depth: int) -> int | None:
        """The end of the superior's name that directly follows, or follows "của" or a dash."""
        low = self.low
        if low[end].cap:
            return self.body_end(end, depth + 1)
        of = low[end] == "của" and low[head] in self.lists.mission_heads
        dashed = low[end] in _DASHES and low[head] in {"ban", "vụ", "cục"}
        if (of or dashed) and low[end + 1].cap:
            return self.body_end(end + 1, depth + 1)
        return None

    def _capitals_end(self, at: int, most: int) -> int:
        """The end of up to `most` capitalised words, dashes between them included."""
        low, breaks, k = self.low, self.words.breaks, at
        if not (low[at].cap or low[at].is_number):
            return at
        known = self.standing(at).places
        if known and low[at].cap:
            return at + known
        while k - at < most:
            word = low[k]
            if word.all_caps and (breaks[k] or word in self.lists.stop):
                break
            if self._is_person(k):
                break
            if k > at and low[k - 1].is_number:
                break
            digit = k == at and word.is_number and word[0] != "0" and self._is_numbered(at)
            if not digit and (not word.cap or self._begins_other(at if k > at else -1, k)):
                break
            k += 1
            if low[k] in _DASHES and low[k + 1].cap and self._touch(k):
                k += 1
        return k

    def _touch(self, k: int) -> bool:
        """Whether no blank stands before word `k`."""
        return self.words.span(k - 1, k)[1] == self.words.span(k, k + 1)[0]

    def _is_numbered(self, at: int) -> bool:
        """Whether the unit before word `at` is one that bears numbers ("phường 12")."""
        return any(self.standing(at - n).numbered_units == n for n in (1, 2, 3) if at >= n)

    def _is_person(self, i: int) -> bool:
        """Whether the name of a person begins at word `i`: three words and more."""
        return self.low[i].surname and self._full_name(i) >= 3

    def _full_name(self, i: int) -> int:
        """How many words a person's name at `i` has; 0 when it is none."""
        low, breaks, first = self.low, self.words.breaks, self.low[i]
        if not first.surname:
            return 0
        if first.all_caps:
            return self.person_names.match(low, i)
        k = i + 1
        while k - i < 5 and low[k].cap and low[k].isalpha() and not (breaks[k] or low[k].all_caps):
            k += 1
        return k - i if k - i >= 2 else 0
