"""Where a name of somebody who acts begins: determiners, honorifics and a known head."""

from __future__ import annotations

from pipeline.extract.agent_lexicon import PLURAL, name_lexicon
from pipeline.extract.phrases import Words

_SMALL = 3
"""Digits of the largest number that counts a head: "13 xã"."""


def is_name_start(words: Words, at: int) -> bool:
    """Whether a name can begin at `at`."""
    return head_end(words, at) > at


def may_open_name(words: Words) -> bool:
    """Whether the first word can open a name; sooner to be told than whether one begins there."""
    return bool(words) and (words[0].lower in name_lexicon().openers or words[0].text.isdigit())


def head_end(words: Words, at: int, *, listed: bool = False) -> int:
    """The index after determiners, honorifics and head that begin at `at`; `at` without a head."""
    if at >= len(words):
        return at
    known, word = name_lexicon(), words.low[at]
    counted = word not in known.openers
    if counted and not word.isdigit():
        return at
    pos, last = at, 0
    if counted or word in known.decorators:
        pos, last = _past_decorators(words, at)
    head = known.heads.match(words, pos)
    if head > 2:
        head = _before_capital(words, pos, head)
    if pos == at:
        alone = head and ((listed and goes_on_list(words, at)) or _is_head_alone(words, at, head))
        return at + head if alone else at
    if not head and pos - last > at:  # "các tập thể": the last determiner is the head
        head = known.heads.match(words, pos - last)
        pos -= last if head else 0
    if head:
        thing = words[pos - 1].text.isdigit() and _is_thing(words, pos, head)
        return at if thing or known.no_names.match(words, pos) else pos + head
    person = pos < len(words) and words[pos].is_capital and known.honorifics.match(words, at)
    return pos + 1 if person else at


def _before_capital(words: Words, at: int, size: int) -> int:
    """How many words a head of `size` words has: in a collective a capital begins another one."""
    for pos in range(at + 1, at + name_lexicon().plurals.match(words, at) - 1):
        if words[pos].text == "," and words[pos + 1].is_capital:
            return pos - at
    return size


def _is_thing(words: Words, at: int, head: int) -> bool:
    """Whether a head after a number counts things: "125 trạm", but not "02 trạm y tế"."""
    known, after = name_lexicon(), at + head
    if known.counted_things.match(words, at) != head:
        return False
    compounds = known.compounds.get(" ".join(words.low[at:after]))
    named = after < len(words) and words[after].is_capital
    return not named and not (compounds and compounds.match(words, after))


def _past_decorators(words: Words, at: int) -> tuple[int, int]:
    """The index after up to three determiners, honorifics or small numbers; the last one's size."""
    pos, last = at, 0
    for _ in range(3):
        step = _decorator(words, pos) if pos < len(words) else 0
        if not step:
            break
        pos, last = pos + step, step
    return pos, last


def _decorator(words: Words, at: int) -> int:
    """How many words of a determiner, an honorific or a small number stand at `at`."""
    known, word = name_lexicon(), words[at]
    step = 0
    if word.lower in known.decorators:
        step = known.determiners.match(words, at) or known.honorifics.match(words, at)
    return step or (1 if word.text.isdigit() and len(word.text) <= _SMALL else 0)


def _is_head_alone(words: Words, at: int, head: int) -> bool:
    """Whether a head without "các" begins a name: "Tổ chức", "phòng, chống" do not."""
    known = name_lexicon()
    if words[at].lower not in known.unclear:
        return True
    after = at + head
    named = after < len(words) and words[after].is_capital
    if known.no_names.match(words, at) or known.no_names_before.ends(words, after):
        return False
    if known.acts.match(words, at) >= head:
        placed = known.places.match(words, after) > 0
        placed = placed or (named and words[at].lower != "cấp")  # "cấp Giấy phép" is an act
        if words[at].lower == "lãnh":
            placed = placed or head_end(words, after) > after or known.alone.match(words, after) > 0
        return placed and known.inspectorates.match(words, at) == head
    doubtful = known.doubtful.match(words, at) == head
    column = doubtful and len(words[at].text) == 2 and words[at].text.isupper()  # "TT" of a table
    if not doubtful or (words[at].is_capital and not column):
        return True
    if after >= len(words):
        return False
    if words[after].text.isdigit() and known.places.match(words, at) == head:
        return True  # "quận 2"
    compounds = known.compounds.get(" ".join(words.low[at:after]))
    if words[after].is_capital or bool(compounds and compounds.match(words, after)):
        return True
    return known.alone.match(words, at) == head and _is_bound(words, at, after)


def _is_bound(words: Words, at: int, after: int) -> bool:
    """Whether a head without a name opens a clause and is told to act: "…, tỉnh | cần"."""
    known = name_lexicon()
    opens = at == 0 or not words[at - 1].text[0].isalnum() or known.before_alone.ends(words, at)
    return opens and known.bound.match(words, after) > 0


def is_plural(words: Words, start: int, stop: int) -> bool:
    """Whether a head with what stands before it means many: "các sở", "13 cơ sở", "Sáu phòng".

    So does the first of several levels of offices without a name: "Sở, ban, ngành có liên quan".
    """
    known = name_lexicon()
    if stop - start > 1 and (words[start].text.isdigit() or known.determiners.match(words, start)):
        return True
    level = start + known.levels.match(words, start) == stop
    if level and stop < len(words) and words[stop].text == ",":
        return known.levels.match(words, stop + 1) > 0
    many = any(word.lower in PLURAL for word in words[start:stop])
    return many or any(k + known.plurals.match(words, k) == stop for k in range(start, stop))


def goes_on_list(words: Words, at: int) -> bool:
    """Whether a head that is doubtful elsewhere names a further member of a list."""
    known = name_lexicon()
    head = known.heads.match(words, at)
    doubtful = known.doubtful.match(words, at) == head
    acts_alone = known.alone.match(words, at) == head and known.bound.match(words, at + head) > 0
    return bool(head) and doubtful and not acts_alone and not known.no_names.match(words, at)
