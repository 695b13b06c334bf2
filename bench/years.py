"""The year taken from the words of undated reports, against the year they were written in.

    python -m bench.years FOLDER --year 2017

FOLDER holds .txt files of news, all of that year. Counted are reports without a date of their own
that give a task a day or month without a year.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from pipeline.process import process
from pipeline.record import Record
from pipeline.text.years import year_of_writing


def asks_for_a_year(record: Record) -> bool:
    """Whether a deadline of an undated report has no year printed beside it."""
    header = record.header
    dated = header.issued_on or header.published_on
    found = [task.deadline for task in record.tasks if task.deadline]
    open_ended = (d.value.startswith("--") or ".inferred-year" in d.origin for d in found)
    return dated is None and any(open_ended)


def main() -> None:
    """Print how many years are right, wrong, and left open."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--year", required=True)
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    for path in sorted(options.folder.glob("*.txt")):
        record = process(path.read_bytes(), path.name)
        if asks_for_a_year(record):
            year = year_of_writing(" ".join(said.quote for said in record.statements).lower())
            counts["open" if year is None else "right" if year == options.year else "wrong"] += 1
    print(f"{sum(counts.values())} reports: {dict(counts)}")


if __name__ == "__main__":
    main()
