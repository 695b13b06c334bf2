"""Unit boundaries, headings and robustness against labelled documents.

    python -m bench.structure GOLD [--cross-validate] [--archive DIR] [--originals FOLDER]
                              [--every N] [--errors N] [--no-labels]

For each way in which a text may be saved (variants.py) prints, by group of documents, the F1 of
unit boundaries, of headings and (macro) of labels. With --cross-validate these come from models
that have not seen the document (trained once for all rows), else from the shipped model, which
has: then only the differences between the rows mean something. --originals is a folder of
Markdown files from which some of the gold was made; they are measured beside the clean texts.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.structure.boundaries import Measured, measure
from bench.structure.originals import originals
from bench.structure.variants import VARIANTS, varied
from pipeline.document import Document
from pipeline.evaluate import GoldDocument, evaluate, read_gold
from pipeline.evaluate.counts import Counts
from pipeline.evaluate.gold import GROUPS, Json
from pipeline.evaluate.measure import summary
from pipeline.labels.model import LabelModel
from pipeline.labels.training import cross_validate, load_examples
from pipeline.process import structured, understand
from pipeline.readers import read
from pipeline.readers.limits import Limits
from pipeline.record import to_json
from pipeline.train import draft_from, further_examples

Models = dict[str, LabelModel]
"""By document name; empty for the shipped model."""


@dataclass(frozen=True)
class Saved:
    """A labelled document and the way in which it was saved this time."""

    gold: GoldDocument
    data: bytes
    name: str

    def read(self) -> Document:
        """The document as read."""
        return read(self.data, self.name, limits=Limits())


def models_apart(options: argparse.Namespace) -> Models:
    """For every labelled document a model that has not seen it."""
    examples = load_examples(options.gold, draft_from)
    return cross_validate(examples, always=further_examples(options.archive))


def report(title: str, saved: Sequence[Saved], models: Models, options: argparse.Namespace) -> None:
    """One row a group."""
    found: defaultdict[str, Measured] = defaultdict(Measured)
    for each in saved:
        one = measure(each.gold, structured(each.read())[0])
        found[each.gold.group].merge(one)
        found[GROUPS[-1]].merge(one)
    gold = [each.gold for each in saved]
    scores = evaluate(gold, _records(saved, models)).groups if options.labels else {}
    for group in GROUPS:
        if group in found:
            cells = (_cell(found[group].boundaries), _cell(found[group].headings))
            rest = _scores(summary(scores[group])) if group in scores else ""
            print(f"{title:12} {group:9} {cells[0]:26} {cells[1]:26} {rest}")
    for error in found[GROUPS[-1]].errors[: options.errors]:
        print("   ", error)


def _records(saved: Sequence[Saved], models: Models) -> Iterator[dict[str, object]]:
    for each in saved:
        yield json.loads(to_json(understand(each.read(), models.get(each.gold.name))))


def _scores(figures: Json) -> str:
    measures = (figures["m3"], *(figures[name]["f1"] or 0.0 for name in ("task", "header")))
    return " ".join(f"{figure:.4f}" for figure in measures)


def _cell(counts: Counts) -> str:
    p, r, f1 = (figure or 0.0 for figure in (counts.precision, counts.recall, counts.f1))
    return f"{f1:.4f} ({p:.3f} {r:.3f}) {counts.right + counts.missed:>5}"


def rows(options: argparse.Namespace) -> Iterator[tuple[str, list[Saved]]]:
    """Each way of saving, with the documents saved in it."""
    gold = read_gold(options.gold)[:: options.every]
    for variant in VARIANTS:
        yield variant, [Saved(d, varied(d, variant).text.encode(), f"{d.name}.txt") for d in gold]
    if options.originals:
        files = originals(gold, options.originals)
        kept = [d for d in gold if d.name in files]
        yield "cleaned", [Saved(d, d.text.encode(), f"{d.name}.txt") for d in kept]
        yield "original", [Saved(d, files[d.name].read_bytes(), f"{d.name}.md") for d in kept]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--cross-validate", action="store_true")
    parser.add_argument("--archive", type=Path, help="further documents to learn from")
    parser.add_argument("--originals", type=Path)
    parser.add_argument("--only", action="append", default=[], help="name of a row; repeatable")
    parser.add_argument("--every", type=int, default=1, help="only every Nth document")
    parser.add_argument("--errors", type=int, default=0, help="how many errors to print a row")
    parser.add_argument("--no-labels", dest="labels", action="store_false")
    options = parser.parse_args()
    models = models_apart(options) if options.cross_validate else {}
    print(
        f"{'saved as':12} {'group':9} {'unit boundaries':26} {'headings':26} labels task   header"
    )
    for title, saved in rows(options):
        if not options.only or title in options.only:
            report(title, saved, models, options)


if __name__ == "__main__":
    main()
