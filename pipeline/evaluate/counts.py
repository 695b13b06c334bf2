"""Right, wrong and missed, and the figures made of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.evaluate.align import same_name

Row = dict[str, float | int | None]


@dataclass(slots=True)
class Counts:
    """True positives, false positives and false negatives of one measure."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, right: int = 0, wrong: int = 0, missed: int = 0) -> None:
        """Count more of each."""
        self.right += right
        self.wrong += wrong
        self.missed += missed

    def merge(self, other: Counts) -> None:
        """Count what `other` counted."""
        self.add(other.right, other.wrong, other.missed)

    def verdict(self, gold: object, predicted: object, *, same: bool) -> None:
        """Count one value: right, another value (wrong and missed), invented, or missed."""
        if gold and predicted:
            self.add(1) if same else self.add(0, 1, 1)
        else:
            self.add(0, int(bool(predicted)), int(bool(gold)))

    @property
    def errors(self) -> int:
        """Wrong and missed together."""
        return self.wrong + self.missed

    @property
    def precision(self) -> float | None:
        """Share of the predicted that is right; None when nothing was predicted."""
        total = self.right + self.wrong
        return self.right / total if total else None

    @property
    def recall(self) -> float | None:
        """Share of the gold that was found; None when the gold has none."""
        total = self.right + self.missed
        return self.right / total if total else None

    @property
    def weight(self) -> int:
        """The denominator of F1."""
        return 2 * self.right + self.errors

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; None when there was nothing to count."""
        return 2 * self.right / self.weight if self.weight else None

    def row(self) -> Row:
        """The figures, rounded to four places, with the number of gold values."""
        return {
            "p": _rounded(self.precision),
            "r": _rounded(self.recall),
            "f1": _rounded(self.f1),
            "n": self.right + self.missed,
        }


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 4)


def _counts() -> defaultdict[str, Counts]:
    return defaultdict(Counts)


def _shares() -> defaultdict[str, list[int]]:
    return defaultdict(lambda: [0, 0])


@dataclass(slots=True)
class Tally:
    """Everything counted over some documents: `counts` by measure, `shares` as [part, whole].

    Measures are paths: "labels/task", "fields/signer", "deadline".
    """

    counts: defaultdict[str, Counts] = field(default_factory=_counts)
    shares: defaultdict[str, list[int]] = field(default_factory=_shares)
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    documents: int = 0
    missing: list[str] = field(default_factory=list)

    def share(self, name: str, part: int, whole: int = 1) -> None:
        """Count `part` of `whole`."""
        pair = self.shares[name]
        pair[0] += part
        pair[1] += whole

    def merge(self, other: Tally) -> None:
        """Count what `other` counted."""
        for name, counts in other.counts.items():
            self.counts[name].merge(counts)
        for name, (part, whole) in other.shares.items():
            self.share(name, part, whole)
        self.confusion.update(other.confusion)
        self.documents += other.documents
        self.missing += other.missing

    def below(self, prefix: str) -> dict[str, Counts]:
        """Measures "prefix/NAME" by NAME."""
        head = f"{prefix}/"
        return {name[len(head) :]: c for name, c in self.counts.items() if name.startswith(head)}

    def sum(self, prefix: str) -> Counts:
        """All measures below `prefix` counted together."""
        total = Counts()
        for counts in self.below(prefix).values():
            total.merge(counts)
        return total


def match_names(
    gold: Sequence[str], predicted: Sequence[str], optional: Sequence[str] = ()
) -> tuple[int, int, int]:
    """Right, wrong and missed names; those in `optional` are neither asked for nor held against."""
    used: set[int] = set()
    for name in gold:
        for k, other in enumerate(predicted):
            if k not in used and same_name(name, other):
                used.add(k)
                break
    spare = sum(
        1
        for k, other in enumerate(predicted)
        if k not in used and any(same_name(name, other) for name in optional)
    )
    return len(used), len(predicted) - len(used) - spare, len(gold) - len(used)
