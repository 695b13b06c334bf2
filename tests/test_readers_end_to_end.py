"""One text as plain text, Word file and PDF: the same words, the same tasks."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.reading.render import fonts, notices, render
from bench.reading.sheets import as_docx, as_pdf, sheet_of
from pipeline.process import understand
from pipeline.readers import read


@pytest.fixture(scope="module")
def record():
    try:
        fonts()
    except LookupError as reason:
        pytest.skip(str(reason))
    text = render(notices()[0]).text
    return understand(read(text.encode(), "a.txt"))


@pytest.mark.parametrize(("make", "name"), [(as_docx, "a.docx"), (as_pdf, "a.pdf")])
def test_every_form_of_a_text_gives_its_words_tasks_and_header(record, make, name):
    document = read(make(sheet_of(record)), name)
    numbers = [document.text[b.start : b.end] for b in document.blocks if b.kind == "page-number"]
    assert Counter(document.text.split()) - Counter(numbers) == Counter(record.text.split())
    again = understand(document)
    assert [task.quote for task in again.tasks] == [task.quote for task in record.tasks]
    assert again.header.code == record.header.code
    assert again.header.signer.value == record.header.signer.value
    assert [found.value for found in again.header.recipients] == [
        found.value for found in record.header.recipients
    ]
