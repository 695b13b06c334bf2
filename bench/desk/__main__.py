"""Time every page of the desk over a store.

    python bench/search/make_store.py 100000 /var/tmp/bench
    python -m bench.desk /var/tmp/bench [--rounds 20]

Prints a Markdown table of median and p95 in milliseconds, by the clock on the wall and in processor
time (on a busy machine nearer to what a free core takes; "least" is the nearest). Each round asks
for another word, body, day or page. "first" is the first request of a desk, in processor time.
Ends with 1 when a page misses 200 ms at the median or 500 ms at p95 of processor time.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from pipeline.desk.app import create_desk

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

MEDIAN, P95 = 200, 500
BODIES = ("Sở Nội vụ", "Sở Y tế", "Sở Xây dựng", "Sở Tư pháp")
WORDS = ("hồ sơ quá hạn", "rà soát", "đường dây nóng", "kiểm tra", "cải cách hành chính")


def body(number: int) -> str:
    return BODIES[number % len(BODIES)]


def day(number: int) -> str:
    return f"20{14 + number % 10}-06-{1 + number % 28:02}"


PAGES: dict[str, Callable[[int], str]] = {
    "search: start": lambda n: "/search",
    "search: words that stand in a quarter of the store": lambda n: "/search?q=cải cách hành chính",
    "search: words with accents": lambda n: f"/search?q={WORDS[n % len(WORDS)]}",
    "search: words without accents": lambda n: "/search?q=khac phuc ngay ton tai",
    "search: newest first": lambda n: f"/search?q={WORDS[n % len(WORDS)]}&sort=newest",
    "search: filters only": lambda n: (
        f"/search?label=task&agency={body(n)}&date_from={2010 + n % 9}"
    ),
    "search: filters and words": lambda n: f"/search?q=rà soát&agency={body(n)}&has_deadline=true",
    "search: document number": lambda n: f"/search?q={100 + n}/TB-SO",
    "search: all titles, newest": lambda n: "/search?unit=title&sort=newest",
    "search: page as JSON": lambda n: f"/search.json?q={WORDS[n % len(WORDS)]}",
    "tasks: all, as of a day": lambda n: f"/tasks?as_of={day(n)}",
    "tasks: overdue of a body": lambda n: f"/tasks?assignee={body(n)}&state=overdue&as_of={day(n)}",
    "tasks: with words": lambda n: f"/tasks?q=rà soát&as_of={day(n)}",
    "tasks: of an issuing body": lambda n: f"/tasks?agency={body(n)}&as_of={day(n)}",
    "tasks: by assignee": lambda n: f"/tasks?group=assignee&as_of={day(n)}",
    "tasks: by month due": lambda n: f"/tasks?group=month&as_of={day(n)}",
    "tasks: by document": lambda n: f"/tasks?group=document&as_of={day(n)}",
    "tasks: print view of 500": lambda n: f"/tasks?view=print&limit=500&as_of={day(n)}",
    "overview, today": lambda n: "/overview",
    "overview, another day": lambda n: f"/overview?as_of={day(n)}",
    "API page": lambda n: "/api/v1/docs",
}


@dataclass(frozen=True)
class Times:
    """Milliseconds of one page."""

    wall: list[float]
    processor: list[float]
    first: float
    size: int


def ask(client: TestClient, address: str) -> tuple[float, float, str]:
    wall, processor = time.perf_counter(), time.process_time()
    reply = client.get(address)
    spent = (time.perf_counter() - wall) * 1000, (time.process_time() - processor) * 1000
    if reply.status_code != 200:
        sys.exit(f"{address}: {reply.status_code}")
    return (*spent, reply.text)


def time_page(out: Path, make: Callable[[int], str], rounds: int) -> Times:
    client = TestClient(create_desk(out), base_url="http://127.0.0.1")
    client.get("/static/desk.css")
    _, first, text = ask(client, make(0))
    times = [ask(client, make(number + 1))[:2] for number in range(rounds)]
    return Times([t[0] for t in times], [t[1] for t in times], first, len(text))


def time_going_on(out: Path, address: str, rounds: int) -> Times:
    """The pages after the first, each by the link of the one before."""
    client = TestClient(create_desk(out), base_url="http://127.0.0.1")
    _, first, text = ask(client, address)
    times = []
    for _ in range(rounds):
        found = re.search(r'rel="next" href="([^"]+)"', text)
        if found is None:
            break
        *spent, text = ask(client, unescape(found[1]))
        times.append(spent)
    return Times([t[0] for t in times], [t[1] for t in times], first, len(text))


def p95(times: list[float]) -> float:
    return sorted(times)[max(0, int(len(times) * 0.95 + 0.5) - 1)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument("--rounds", type=int, default=20)
    given = parser.parse_args()
    print("| page | wall p50 / p95 | processor p50 / p95 | least | first | kB |")
    print("|---|---|---|---|---|---|")
    missed = []
    rows = {name: time_page(given.store, make, given.rounds) for name, make in PAGES.items()}
    for name, address in (
        ("search: going on", "/search?q=cải cách hành chính"),
        ("tasks: going on", "/tasks?as_of=2020-06-30"),
    ):
        rows[name] = time_going_on(given.store, address, given.rounds)
    for name, times in rows.items():
        median = statistics.median(times.processor)
        high = p95(times.processor)
        print(
            f"| {name} | {statistics.median(times.wall):.0f} / {p95(times.wall):.0f}"
            f" | {median:.0f} / {high:.0f} | {min(times.processor):.0f} | {times.first:.0f}"
            f" | {times.size / 1000:.0f} |",
            flush=True,
        )
        if median > MEDIAN or high > P95:
            missed.append(name)
    if missed:
        sys.exit(f"over {MEDIAN} / {P95} ms: {', '.join(missed)}")


if __name__ == "__main__":
    main()
