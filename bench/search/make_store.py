"""Make a store of N statements for timing: own sentences recombined with words drawn by rank.

    python bench/search/make_store.py 100000 /var/tmp/bench

The text is invented; common phrases are as common as in the worst case (a quarter of the rows), so
that figures are upper bounds. Rows are written straight into the index, in big transactions.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from pipeline.record import (
    Deadline,
    Found,
    Header,
    Provenance,
    Record,
    RecordBlock,
    RecordPage,
    Source,
    Statement,
    Task,
)
from pipeline.resources import lexicon_rows
from pipeline.store import index
from pipeline.store.schema import open_writer

PER_DOCUMENT = 11
COMMON = "cải cách hành chính"
OPENERS = {
    "achievement": [
        "Công tác {c} được triển khai đồng bộ",
        "Đã giải quyết đúng hạn hồ sơ {w}",
        "Hoàn thành niêm yết {w}",
    ],
    "shortcoming": [
        "Còn hồ sơ quá hạn về {w}",
        "Việc công khai đường dây nóng về {w} chưa kịp thời",
        "Công tác {c} còn chậm ở khâu {w}",
    ],
    "task": [
        "Giao {a} chủ trì rà soát {w}",
        "Yêu cầu {a} khắc phục ngay tồn tại về {w}",
        "Đề nghị {a} đẩy mạnh {c}",
    ],
    "context": ["Ngày họp, Đoàn kiểm tra nghe báo cáo {w}", "Thành phần gồm đại diện {w}"],
}
AGENCIES = ["Sở Nội vụ", "Sở Y tế", "Sở Xây dựng", "Sở Tư pháp", "Văn phòng Sở", "Thanh tra tỉnh"]


def words() -> list[str]:
    """A vocabulary of Vietnamese syllables in pairs: about ten thousand, all from own lexicons."""
    texts = [row["long"] for row in lexicon_rows("synonyms_search")]
    syllables = sorted({s for text in texts for s in text.lower().split() if s.isalpha()})
    return [f"{a} {b}" for a in syllables for b in syllables][:10_000]


def records(statements: int, seed: int = 1) -> Iterator[Record]:
    """Documents of eleven statements each."""
    dice = random.Random(seed)
    vocabulary = words()
    dice.shuffle(vocabulary)
    weights = [1 / (rank + 1) for rank in range(len(vocabulary))]
    places = [f"Tỉnh {number}" for number in range(16)]
    for number in range(statements // PER_DOCUMENT + 1):
        drawn = dice.choices(vocabulary, weights, k=PER_DOCUMENT * 6)
        yield _record(number, dice, drawn, dice.choice(AGENCIES[:4]), dice.choice(places))


class _Text:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.length = 0

    def add(self, line: str, part: str | None = None, value: str | None = None) -> Found[str]:
        start = self.length + line.index(part or line)
        quote = part or line
        self.lines.append(line)
        self.length += len(line) + 1
        return Found(
            value=value or quote, start=start, end=start + len(quote), quote=quote, origin="bench"
        )


def _record(number: int, dice: random.Random, drawn: list[str], agency: str, place: str) -> Record:
    text = _Text()
    year, month, day = 2010 + number % 16, number % 12 + 1, number % 28 + 1
    issuer = text.add(agency.upper())
    code = text.add(f"Số: {number}/TB-SO", str(number))
    issued = text.add(f"{place}, ngày {day}/{month}/{year}", None, f"{year}-{month:02d}-{day:02d}")
    title = text.add(f"Kết quả kiểm tra {drawn[0]} lần {number}")
    statements, tasks = [], []
    for at in range(PER_DOCUMENT):
        label = dice.choices(list(OPENERS), [3, 3, 3, 2])[0]
        opener = dice.choice(OPENERS[label])
        who, due = dice.choice(AGENCIES), f"trước ngày {dice.randint(1, 28)}/{month}/{year + 1}"
        filled = opener.format(c=COMMON, w=drawn[at * 6], a=who)
        line = f"{filled}, gồm {', '.join(drawn[at * 6 + 1 : at * 6 + 6])}"
        dated = label == "task" and dice.random() < 0.5
        if dated:
            line += f", hoàn thành {due}"
        found = text.add(line + ".")
        ident = sha256(f"{number}.{at}".encode()).hexdigest()[:16]
        statements.append(
            Statement(
                id=ident,
                label=label,
                start=found.start,
                end=found.end,
                quote=found.quote,
                confidence=0.9,
                origin="bench",
            )
        )
        if label == "task":
            tasks.append(_task(ident, found, who, due if dated else None, year + 1, month))
    body = "\n".join(text.lines)
    ident = sha256(str(number).encode()).hexdigest()
    return Record.model_construct(
        schema_version="1.0.0",
        id=ident,
        source=Source(name=f"{number}.txt", media_type="text/plain", bytes=len(body), sha256=ident),
        status="success",
        family="state",
        text=body,
        pages=(RecordPage(number=1, start=0, end=len(body), source="plain"),),
        blocks=(RecordBlock(kind="paragraph", start=0, end=len(body)),),
        header=Header(
            kind=Found(value="TB", **code.model_dump(exclude={"value"})),
            number=code,
            issuer=issuer,
            issued_on=issued,
            title=title,
            place=issued.model_copy(update={"value": place}),
            code=f"{number}/TB-SO",
        ),
        sections=(),
        statements=tuple(statements),
        tasks=tuple(tasks),
        figures=(),
        references=(),
        mentions=(),
        issues=(),
        provenance=Provenance(congvan="bench", config="bench"),
    )


def _task(ident: str, found: Found[str], who: str, due: str | None, year: int, month: int) -> Task:
    at = found.start + found.quote.index(who)
    party = Found(value=who, start=at, end=at + len(who), quote=who, origin="bench")
    deadline = None
    if due:
        start = found.start + found.quote.index(due)
        day = int(due.split("/")[0].split()[-1])
        deadline = Deadline(
            kind="date",
            value=f"{year}-{month:02d}-{day:02d}",
            raw=due,
            start=start,
            end=start + len(due),
            origin="bench",
        )
    return Task(
        id=f"t{ident}",
        kind="assigned",
        start=found.start,
        end=found.end,
        quote=found.quote,
        statements=(ident,),
        action=found.quote,
        assignees=(party,),
        deadline=deadline,
    )


def fill(out: Path, statements: int) -> float:
    """Index N statements; seconds taken by the index alone."""
    spent = 0.0
    with closing(open_writer(out)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN IMMEDIATE")
        for number, record in enumerate(records(statements)):
            start = time.perf_counter()
            index.write_rows(connection, record, record.id)
            if number % 2000 == 1999:
                connection.execute("COMMIT")
                connection.execute("BEGIN IMMEDIATE")
            spent += time.perf_counter() - start
        start = time.perf_counter()
        connection.execute("COMMIT")
        connection.execute("INSERT INTO passages_fts (passages_fts) VALUES ('optimize')")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        spent += time.perf_counter() - start
    return spent


if __name__ == "__main__":
    print(f"{fill(Path(sys.argv[2]), int(sys.argv[1])):.1f} s")
