"""Agreement with the referee's own scorer, where its folder is at hand."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline.evaluate import evaluate, read_gold, stored
from pipeline.evaluate.gold import LABELS
from pipeline.evaluate.report import as_json

SHARED = Path(
    os.environ.get("CONGVAN_SHARED") or Path(__file__).resolve().parent.parent.parent / "shared"
)
SCORER = SHARED / "tools" / "score.py"
GOLD = SHARED / "gold" / "documents"
FIELDS = {
    "kind": "doc_type",
    "issued_on": "date",
    "signer_title": "position",
    "published_on": "published",
    **{
        k: k
        for k in ("number", "symbol", "place", "issuer", "title", "signer", "authority", "author")
    },
}

pytestmark = pytest.mark.skipif(
    not (SCORER.is_file() and GOLD.is_dir()),
    reason="no referee: set CONGVAN_SHARED to a folder with tools/score.py and gold/documents",
)


def spoiled_record(gold: dict[str, Any], text: str, name: str, chance: random.Random) -> Any:
    """A record made from the labels with many kinds of mistakes in it."""

    def found(value: Any) -> Any:
        if not value or chance.random() < 0.1:
            return None
        quote = text[:3] if chance.random() < 0.9 else "???"
        origin = chance.choice(("rule:x", "inferred:y"))
        return {"value": value, "start": 0, "end": 3, "quote": quote, "origin": origin}

    def names(task: dict[str, Any], role: str) -> list[Any]:
        extra = [*task.get(f"{role}_also", []), "Sở Khác"] if chance.random() < 0.2 else []
        kept = [each for each in task.get(role, []) if chance.random() < 0.9]
        return [each for each in map(found, [*kept, *extra]) if each]

    units = {unit["i"]: unit for unit in gold["units"]}
    tasks: list[dict[str, Any]] = []
    for task in gold["tasks"]:
        start, end = units[task["units"][0]]["start"], units[task["units"][-1]]["end"]
        end = end if chance.random() < 0.7 else (start + end) // 2 + 1
        deadline = task.get("deadline") if chance.random() < 0.8 else None
        wrong_day = {"kind": "date", "value": "2025-01-01", "raw": "x"}
        roles = {role: names(task, role) for role in ("assignees", "coordinators", "monitors")}
        if chance.random() < 0.9:
            tasks.append(
                {"kind": chance.choice(("assigned", task["kind"])), "start": start, "end": end,
                 "deadline": deadline if chance.random() < 0.9 else wrong_day, **roles}
            )  # fmt: skip
            if chance.random() < 0.3:
                tasks[-1]["parts"] = [units[i] for i in task["units"]]
    header = gold["header"]
    values = {name: header.get(theirs) for name, theirs in FIELDS.items()}
    lists = {k: [found(x) for x in header.get(k) or []] for k in ("addressees", "recipients")}
    return {
        "text": text if chance.random() < 0.6 else text.replace("à", "a") + "\nthêm",
        "source": {"name": name + chance.choice(("", ".txt", ".scan200.pdf"))},
        "header": {
            **{k: found(v if chance.random() < 0.9 else "khác") for k, v in values.items()},
            **{k: [item for item in items if item] for k, items in lists.items()},
        },
        "statements": [
            {"label": LABELS.get(label, "context") if chance.random() < 0.85 else "cause",
             "start": unit["start"], "end": unit["end"]}
            for unit, label in zip(gold["units"], gold["labels"], strict=True)
            if chance.random() < 0.9
        ],
        "tasks": [*tasks, {"kind": "assigned", "start": 1, "end": 40, "deadline": None}],
        "references": [{"code": "1/NĐ-CP"}, *(header.get("references") or [])],
        "mentions": [
            dict(m, end=m["end"] + chance.choice((0, 0, 9))) for m in gold.get("mentions", [])
        ],
        "figures": [f for f in gold.get("figures", []) if chance.random() < 0.8],
    }  # fmt: skip


def test_every_figure_is_the_referees(tmp_path: Path) -> None:
    chance = random.Random(11)
    gold_dir, records = tmp_path / "gold", tmp_path / "records"
    gold_dir.mkdir()
    records.mkdir()
    for path in sorted(GOLD.glob("*.json"))[::14]:
        text = path.with_suffix(".txt").read_text("utf-8")
        (gold_dir / path.name).write_bytes(path.read_bytes())
        (gold_dir / f"{path.stem}.txt").write_text(text, "utf-8")
        if chance.random() < 0.95:
            record = spoiled_record(json.loads(path.read_text("utf-8")), text, path.stem, chance)
            (records / path.name).write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    out = tmp_path / "referee.json"
    command = [sys.executable, str(SCORER), str(gold_dir), str(records), "--json", str(out)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    theirs = json.loads(out.read_text("utf-8"))
    gold = read_gold(gold_dir)
    ours = json.loads(json.dumps(as_json(evaluate(gold, stored(records)(gold)))))
    assert ours["groups"] == theirs["groups"]
    assert ours["docs"] == theirs["docs"]
