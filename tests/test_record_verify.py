"""The verbatim promise: every quote of a record is checked, wherever it stands."""

import json
import re
from typing import Any

import pytest
from headers import STATE

from pipeline.errors import NotVerbatimError
from pipeline.process import process
from pipeline.record import Record, from_json, quoted, to_json, verify

BODY = (
    "\nI. Tồn tại\n1. Phòng Hành chính còn 12 hồ sơ quá hạn theo Quyết định số 15/QĐ-UBND.\n"
    "II. Yêu cầu\n1. Giao Văn phòng Sở chủ trì, phối hợp với Thanh tra Sở rà soát 12 hồ sơ, "
    "báo cáo Giám đốc Sở trước ngày 30/9/2021.\n"
)


@pytest.fixture(scope="module")
def record() -> Record:
    head, mark, foot = STATE.partition("Nơi nhận")
    return process((head + BODY + mark + foot).encode(), "thong-bao.txt")


def test_every_quote_is_checked(record: Record) -> None:
    paths = [path for path, *_ in quoted(record)]
    wanted = ("header.number", "tasks[0].deadline", "figures[0]", "references[0]", "mentions[0]")
    assert {*wanted, "statements[0]", "header.recipients[0]", "tasks[0].assignees[0]"} <= {*paths}
    for path in paths:
        with pytest.raises(NotVerbatimError, match=re.escape(path)):
            verify(_changed(record, path, "quote", "raw"))


def test_a_span_past_the_end_of_the_text_is_no_place_of_a_quote(record: Record) -> None:
    last = record.mentions[-1]
    size = len(record.text)
    beyond = last.model_copy(
        update={"start": size - 3, "end": size + 3, "quote": record.text[size - 3 :]}
    )
    with pytest.raises(NotVerbatimError, match=r"mentions\[0\]"):
        verify(record.model_copy(update={"mentions": (beyond,)}))


def _changed(record: Record, path: str, *names: str) -> Record:
    """The record with one letter more in the quote at `path`."""
    content: Any = json.loads(to_json(record))
    inner = content
    for key in re.findall(r"\w+", path):
        inner = inner[int(key) if key.isdigit() else key]
    name = next(name for name in names if name in inner)
    inner[name] += "x"
    return from_json(json.dumps(content))
