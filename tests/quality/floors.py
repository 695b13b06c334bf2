"""Measure by cross-validation and hold the figures against the floors in baseline.json.

    python tests/quality/floors.py [--raise] [--records DIR]

CONGVAN_GOLD names the folder of labelled documents, CONGVAN_ARCHIVE that of further ones to learn
from (congvan train --archive). A floor rises with --raise, never by itself in
a plain run; it falls only by hand, with an entry in `lowered` that says why (a test reads it).
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.evaluate import Evaluation, cross_validated, evaluate, read_gold, stored
from pipeline.evaluate.measure import summary

BASELINE = Path(__file__).resolve().parent / "baseline.json"
MEASURES = ("labels", "task", "assignee", "deadline", "header", "references", "figures")
PROMISE = "all.verbatim"
"""The figure that has no slack: every quote stands in the text."""
SLACK = 0.01
"""How far below the measured figure a raised floor is put."""


def measured(evaluation: Evaluation) -> dict[str, float]:
    """Figures by "group.measure"; "all.verbatim" is the share of quotes that stand in the text."""
    figures: dict[str, float] = {}
    for group, tally in evaluation.groups.items():
        if group == "all":
            continue
        rows = summary(tally)
        figures[f"{group}.labels"] = rows["m3"]
        for measure in MEASURES[1:]:
            if rows[measure]["n"]:
                figures[f"{group}.{measure}"] = rows[measure]["f1"] or 0.0
    wrong, quotes = evaluation.groups["all"].shares["verbatim"]
    figures["all.verbatim"] = round(1 - wrong / max(1, quotes), 6)
    return figures


def raised(floors: dict[str, float], figures: dict[str, float]) -> dict[str, float]:
    """Floors that are no lower than before and just below what was measured."""
    above = {
        name: figure if name == PROMISE else math.floor((figure - SLACK) * 1000) / 1000
        for name, figure in figures.items()
    }
    return {
        name: max(floors.get(name, 0.0), above.get(name, 0.0)) for name in sorted({*floors, *above})
    }


def compare(floors: dict[str, float], figures: dict[str, float]) -> list[str]:
    """Names of the figures that are below their floor, or were not measured."""
    return [name for name, floor in floors.items() if figures.get(name, 0.0) < floor]


def main() -> int:
    """Print every figure beside its floor; 1 when one is below."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--raise", dest="lift", action="store_true", help="raise the floors passed")
    parser.add_argument("--records", type=Path, help="score these records, read nothing anew")
    options = parser.parse_args()
    folder = Path(os.environ.get("CONGVAN_GOLD", "../shared/gold/documents"))
    if not folder.is_dir():
        print(f"no labelled documents in {folder}: set CONGVAN_GOLD")
        print("0 passed, 0 failed")
        return 0
    gold = read_gold(folder)
    archive = Path(os.environ.get("CONGVAN_ARCHIVE", "../shared/data"))
    learn = partial(cross_validated, archive=archive if archive.is_dir() else None)
    source = stored(options.records) if options.records else learn
    figures = measured(evaluate(gold, source(gold)))
    content: dict[str, Any] = json.loads(BASELINE.read_text("utf-8"))
    if options.lift:
        content["floors"] = raised(content["floors"], figures)
        BASELINE.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
    floors = content["floors"]
    below = compare(floors, figures)
    for name in sorted({*figures, *floors}):
        mark = "BELOW" if name in below else "ok"
        print(
            f"{name:24} {figures.get(name, 0.0):.4f}   floor {floors.get(name, 0.0):.3f}   {mark}"
        )
    print(f"\n{len(floors) - len(below)} passed, {len(below)} failed")
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
