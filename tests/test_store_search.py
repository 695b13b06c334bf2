"""The conformance suite of search engines: every engine must pass all of it."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import QueryError
from pipeline.record import Record, to_json
from pipeline.store.fts import FtsIndex
from pipeline.store.query import Query
from pipeline.store.search import Hits, SearchIndex
from tests.records import Draft, notice

ENGINES = ("fts", pytest.param("tantivy", marks=pytest.mark.slow))


def make(engine: str, out: Path) -> SearchIndex:
    if engine == "fts":
        return FtsIndex.writer(out)
    pytest.importorskip("tantivy", reason="the extra congvan[search] is not installed")
    from pipeline.store.tantivy_index import TantivyIndex

    return TantivyIndex.writer(out)


def put(index: SearchIndex, draft: Draft) -> Record:
    record = draft.record()
    index.upsert(record, sha256(to_json(record)).hexdigest())
    return record


@pytest.fixture(params=ENGINES)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchIndex]:
    engine = make(request.param, tmp_path)
    yield engine
    engine.close()


def ask(index: SearchIndex, text: str = "", **filters: Any) -> Hits:
    return index.search(Query(text=text, **filters))


def texts(hits: Hits) -> list[str]:
    return [hit.text for hit in hits.items]


FOLDING = [
    ("hồ sơ quá hạn", "Còn nhiều hồ sơ quá hạn chưa xử lý."),
    ("ho so qua han", "Còn nhiều hồ sơ quá hạn chưa xử lý."),
    ("HỒ SƠ QUÁ HẠN", "Còn nhiều hồ sơ quá hạn chưa xử lý."),
    ("dat dai", "Công tác đất đai có chuyển biến."),
    ("đất đai", "Công tác ĐẤT ĐAI có chuyển biến."),
    ("duong day nong", "Niêm yết số đường dây nóng tại trụ sở."),
    ("hoá đơn", "Quản lý hóa đơn điện tử."),
    ("hóa đơn", "Quản lý hoá đơn điện tử."),
    ("kỹ thuật", "Bảo trì hạ tầng kĩ thuật."),
    ("ki thuat", "Bảo trì hạ tầng kỹ thuật."),
    ("uỷ ban", "Ủy ban nhân dân xã đã báo cáo."),
    ("nghiem tuc", "Một số đơn vị chưa nghiêm túc."),
    ("TTHC", "Rút ngắn thời gian giải quyết thủ tục hành chính."),
    ("thủ tục hành chính", "Rút ngắn thời gian giải quyết TTHC."),
    ("cds", "Đẩy mạnh chuyển đổi số trong ngành."),
    ("Sở TN&MT", "Giao Sở Tài nguyên và Môi trường rà soát."),
    ("so nong nghiep va moi truong", "Giao Sở Tài nguyên và Môi trường rà soát."),
    ("phòng cháy chữa cháy", "Kiểm tra phòng cháy, chữa cháy tại chợ."),
    ("64/KH-SXD", "Thực hiện Kế hoạch số 64/KH-SXD của Sở."),
    ("64 kh sxd", "Thực hiện Kế hoạch số 64/KH-SXD của Sở."),
    ("khac ph*", "Yêu cầu khắc phục ngay các tồn tại."),
    ('"một cửa"', "Bộ phận một cửa hoạt động nền nếp."),
]


@pytest.fixture(scope="module", params=ENGINES)
def folding(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    engine = make(request.param, tmp_path_factory.mktemp("store"))
    draft = notice()
    for text in dict.fromkeys(text for _, text in FOLDING):
        draft.say("context", text)
    draft.say("context", "Câu khác hẳn, không liên quan gì.")
    put(engine, draft)
    yield engine
    engine.close()


@pytest.mark.parametrize(("query", "text"), FOLDING, ids=[q for q, _ in FOLDING])
def test_finds_however_typed(folding: SearchIndex, query: str, text: str) -> None:
    hits = ask(folding, query, labels=("context",))
    found = next(hit for hit in hits.items if hit.text == text)
    assert found.highlights
    assert hits.total <= 3


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_query_in_any_unicode_form(index: SearchIndex, form: Any) -> None:
    draft = notice()
    draft.say("shortcoming", "Hồ sơ quá hạn còn nhiều.")
    put(index, draft)
    assert ask(index, unicodedata.normalize(form, "quá hạn")).total == 1


def test_accented_match_comes_before_other_accents(index: SearchIndex) -> None:
    draft = notice()
    draft.say("context", "Mối qua hàn bị nứt.")
    draft.say("context", "Việc này đã quá hạn theo quy định và phải được báo cáo đầy đủ, kịp thời.")
    draft.say("context", "Qua hạn.")
    put(index, draft)
    hits = ask(index, "quá hạn")
    assert texts(hits)[0].startswith("Việc này đã quá hạn")
    assert (hits.total, hits.total_as_typed) == (3, 1)
    assert hits.items[0].tier == "phrase"


def test_phrase_comes_before_scattered_words(index: SearchIndex) -> None:
    draft = notice()
    draft.say("context", "Hạn nộp đã quá.")
    draft.say("context", "Một câu dài hơn nhiều nói rằng hồ sơ đã quá hạn từ lâu mà chưa ai biết.")
    put(index, draft)
    assert texts(ask(index, "quá hạn"))[0].startswith("Một câu dài")


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("đường OR hồ", {"Sửa đường.", "Nạo vét hồ."}),
        ("sửa -đường", {"Sửa cầu."}),
        ("sửa NOT (đường OR cầu)", set()),
        ("(cầu OR đường) sửa", {"Sửa đường.", "Sửa cầu."}),
        ("sửa AND cầu", {"Sửa cầu."}),
        ('"sửa cầu" OR "nạo vét"', {"Sửa cầu.", "Nạo vét hồ."}),
    ],
)
def test_operators(index: SearchIndex, query: str, wanted: set[str]) -> None:
    draft = notice()
    for text in ("Sửa đường.", "Sửa cầu.", "Nạo vét hồ."):
        draft.say("context", text)
    put(index, draft)
    assert set(texts(ask(index, query, labels=("context",)))) == wanted


def test_highlight_marks_the_original(index: SearchIndex) -> None:
    draft = notice()
    draft.say("context", "Công bố ĐƯỜNG DÂY NÓNG, đường dây nóng.")
    put(index, draft)
    hit = ask(index, "duong day nong").items[0]
    assert [hit.text[a:b] for a, b in hit.highlights] == ["ĐƯỜNG DÂY NÓNG", "đường dây nóng"]


def test_typed_accents_do_not_highlight_others(index: SearchIndex) -> None:
    draft = notice()
    draft.say("context", "Mối qua hàn đã quá hạn bảo hành.")
    put(index, draft)
    hit = ask(index, '"quá hạn"').items[0]
    assert [hit.text[a:b] for a, b in hit.highlights] == ["quá hạn"]


def _two_departments(index: SearchIndex) -> tuple[Record, Record]:
    one = notice(
        number="9", symbol="TB-STNMT", issuer="SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG", day="2023-07-24"
    )
    one.task(
        "Giao Văn phòng Sở rà soát hồ sơ, xong trước ngày 30/9/2023.",
        assignees=["Văn phòng Sở"],
        deadline=("date", "2023-09-30", "trước ngày 30/9/2023"),
    )
    two = notice(
        number="10",
        symbol="KL-SYT",
        issuer="SỞ Y TẾ",
        kind="KL",
        place="Thái Bình",
        day="2025-02-03",
    )
    two.say("shortcoming", "Công tác rà soát hồ sơ còn chậm.")
    return put(index, one), put(index, two)


@pytest.fixture(scope="module", params=ENGINES)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    engine = make(request.param, tmp_path_factory.mktemp("store"))
    _two_departments(engine)
    yield engine
    engine.close()


FILTERS = [
    ({"kinds": ("KL",)}, "10/KL-SYT"),
    ({"labels": ("task",)}, "9/TB-STNMT"),
    ({"agencies": ("Sở Y tế",)}, "10/KL-SYT"),
    ({"agencies": ("Sở NN&MT",)}, "9/TB-STNMT"),
    ({"agencies": ("so tai nguyen va moi truong",)}, "9/TB-STNMT"),
    ({"agencies": ("Sở Y tế Thái Bình",)}, "10/KL-SYT"),
    ({"places": ("Hưng Yên",)}, "10/KL-SYT"),
    ({"places": ("tỉnh Thái Bình",)}, "10/KL-SYT"),
    ({"dated_from": "2024"}, "10/KL-SYT"),
    ({"dated_to": "2023-07"}, "9/TB-STNMT"),
    ({"dated_from": "2025-02-03", "dated_to": "2025-02-03"}, "10/KL-SYT"),
    ({"has_deadline": True}, "9/TB-STNMT"),
    ({"overdue_on": dt.date(2023, 10, 1)}, "9/TB-STNMT"),
    ({"due_from": dt.date(2023, 9, 30)}, "9/TB-STNMT"),
    ({"number": "9 tb stnmt"}, "9/TB-STNMT"),
    ({"number": "09/TB-STNMT"}, "9/TB-STNMT"),
    ({"signers": ("hạnh",), "kinds": ("KL",)}, "10/KL-SYT"),
    ({"families": ("state",), "units": ("statement",), "labels": ("shortcoming",)}, "10/KL-SYT"),
]


@pytest.mark.parametrize(("filters", "code"), FILTERS, ids=[str(f) for f, _ in FILTERS])
@pytest.mark.parametrize("text", ["rà soát hồ sơ", ""])
def test_filters(filled: SearchIndex, filters: dict[str, Any], code: str, text: str) -> None:
    hits = ask(filled, text, **filters)
    assert {hit.code for hit in hits.items} == {code}
    assert hits.total == len(hits.items)


def test_not_yet_overdue_on_the_last_day(filled: SearchIndex) -> None:
    assert ask(filled, overdue_on=dt.date(2023, 9, 30)).total == 0


def test_filters_typed_in_the_text(filled: SearchIndex) -> None:
    typed = ask(filled, 'nhãn:"nhiệm vụ" cq:"Sở TN&MT" quáhạn:1/10/2023 rà soát')
    assert [hit.code for hit in typed.items] == ["9/TB-STNMT"]


@pytest.mark.parametrize(
    "typed", ["9/TB-STNMT", "9 TB STNMT", "tb 9 stnmt", "09/tb-stnmt", "9-TB/STNMT", "tb 9"]
)
def test_document_number_however_typed(filled: SearchIndex, typed: str) -> None:
    first = ask(filled, typed).items[0]
    assert (first.code, first.unit) == ("9/TB-STNMT", "title")


def test_facets_count_matches(filled: SearchIndex) -> None:
    hits = ask(filled, "rà soát", facets=("kind", "label", "year", "agency", "place", "family"))
    assert hits.facets["kind"] == (("KL", 1), ("TB", 1))
    assert hits.facets["label"] == (("shortcoming", 1), ("task", 1))
    assert hits.facets["year"] == (("2023", 1), ("2025", 1))
    assert dict(hits.facets["agency"])["SỞ Y TẾ"] == 1


@pytest.mark.parametrize("sort", ["best", "newest", "oldest", "due"])
def test_pages_are_stable_and_whole(index: SearchIndex, sort: Any) -> None:
    for number in range(1, 8):
        draft = notice(number=str(number), day=f"202{number % 4}-0{number}-11")
        draft.say("shortcoming", f"Hồ sơ số {number} quá hạn.")
        draft.say("context", f"Mối hàn qua hàn số {number}.")
        put(index, draft)
    query, seen = Query(text="quá hạn", sort=sort, limit=3), []
    while True:
        hits = index.search(query)
        seen += [(hit.document_id, hit.span_start) for hit in hits.items]
        if hits.cursor is None:
            break
        query = query.model_copy(update={"cursor": hits.cursor})
    assert len(seen) == len(set(seen)) == hits.total == 7 + hits.total - hits.total_as_typed


def test_sort_by_date(index: SearchIndex) -> None:
    for day in ("2021-05-06", "2024-05-06", "2022-05-06"):
        draft = notice(day=day, number=day[2:4])
        draft.say("context", "Họp giao ban.")
        put(index, draft)
    days = [hit.dated_on for hit in ask(index, "giao ban", sort="newest").items]
    assert days == ["2024-05-06", "2022-05-06", "2021-05-06"]


def test_delete_and_replace(index: SearchIndex) -> None:
    draft = notice()
    draft.say("context", "Nội dung cũ.")
    record = put(index, draft)
    newer = record.model_copy(update={"statements": ()})
    index.upsert(newer, "other")
    assert ask(index, "nội dung cũ", labels=("context",)).total == 0
    assert ask(index, "nội dung cũ").total == 1  # the line is still text of the document
    assert index.delete(record.id) == 1
    assert ask(index, "nội dung cũ").total == 0
    assert index.delete(record.id) == 0
    assert index.count() == 0


def test_secret_documents_are_left_out(index: SearchIndex) -> None:
    draft = notice(secrecy="MẬT")
    draft.say("task", "Rà soát việc mật.")
    put(index, draft)
    for text in ("rà soát", "", "17/TB-SXD"):
        assert ask(index, text, facets=("kind",)).total == 0
        assert ask(index, text, include_secret=True).total > 0


def test_text_outside_statements_is_found(index: SearchIndex) -> None:
    draft = notice()
    draft.line("Nơi nhận: Phòng Quản lý nhà; Lưu: VT.")
    draft.heading("II.", "Tồn tại về trật tự xây dựng", "shortcoming")
    put(index, draft)
    assert ask(index, "phòng quản lý nhà").items[0].unit == "other"
    assert ask(index, "trật tự xây dựng").items[0].unit == "heading"
    assert ask(index, "cải cách hành chính").items[0].unit == "title"


BAD = ['a"b', "(a", "a)", "-a", "NOT a", "has:x", "label:x", "from:abc", "overdue:99/99/2020",
       "a " * 100, "(" * 30 + "a" + ")" * 30]  # fmt: skip


@pytest.mark.parametrize("text", BAD)
def test_bad_query_is_refused_with_a_sentence(filled: SearchIndex, text: str) -> None:
    with pytest.raises(QueryError):
        ask(filled, text)


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "W10", "bnVsbA", "WzEsMiwzLDQsNV0", "é"])
def test_bad_cursor_is_refused(filled: SearchIndex, cursor: str) -> None:
    with pytest.raises(QueryError):
        ask(filled, "a", cursor=cursor)


def test_cursor_of_another_query_is_refused(filled: SearchIndex) -> None:
    cursor = ask(filled, "rà soát", limit=1).cursor
    assert cursor
    with pytest.raises(QueryError):
        ask(filled, "hồ sơ", limit=1, cursor=cursor)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=60) | st.text(alphabet='ab "()-*:|&ORNTđậ^{}~+', max_size=30))
def test_any_text_is_answered_or_refused(filled: SearchIndex, text: str) -> None:
    try:
        hits = filled.search(Query(text=text, facets=("kind",)))
    except QueryError:
        return
    for hit in hits.items:
        assert all(0 <= a < b <= len(hit.text) for a, b in hit.highlights)


def test_looking_at_the_latest_rows_first_changes_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("tantivy", reason="the extra congvan[search] is not installed")
    from pipeline.store import tantivy_index

    monkeypatch.setattr(tantivy_index, "FIRST_WINDOW", 3)
    engines = [make(name, tmp_path) for name in ("fts", "tantivy")]
    for number in range(1, 24):
        draft = notice(number=str(number))
        draft.say("shortcoming", "Còn hồ sơ quá hạn." if number % 4 else "Con ho so qua han.")
        put(engines[1], draft)
    engines[1].delete(notice(number="9").record().id)
    for query in (
        Query(text="hồ sơ quá hạn", limit=5, facets=("label", "kind")),
        Query(text="ho so", limit=7, facets=("kind",)),
        Query(text="23/TB-SXD"),
        Query(labels=("shortcoming",), limit=3),
        Query(text="hồ sơ", sort="newest", limit=4),
    ):
        answers: list[list[Hits]] = []
        for engine in engines:
            pages = [engine.search(query)]
            while pages[-1].cursor is not None:
                pages.append(engine.search(query.model_copy(update={"cursor": pages[-1].cursor})))
            answers.append(pages)
        assert answers[0] == answers[1]
    for engine in engines:
        engine.close()
