"""Checks of records: each raises its flag on a text of its own, and not on its neighbour."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.checks import run_checks
from pipeline.checks.catalogue import Reading, catalogue, flag, short
from pipeline.extract.figures import find_figures
from pipeline.extract.references import find_references, resolve_short_forms
from pipeline.record import (
    Deadline,
    Found,
    Header,
    Provenance,
    Record,
    RecordBlock,
    RecordPage,
    Section,
    Source,
    Statement,
    Task,
)

FORM = {"missing-national-title", "missing-issuer", "missing-signer"}


def found(text: str, words: str, value: str | None = None, origin: str = "rule:test") -> Found[str]:
    start = text.index(words)
    end = start + len(words)
    return Found[str](value=value or words, start=start, end=end, quote=words, origin=origin)


def record(text: str, family: str = "state", **parts: object) -> Record:
    """A record as the extractors would make it, header and tasks as given."""
    header = parts.pop("header", Header())
    assert isinstance(header, Header)
    cited = find_references(text, own_code=header.code)
    return Record.model_validate(
        {
            "id": "0" * 64,
            "source": Source(name="a.txt", media_type="text/plain", bytes=1, sha256="0" * 64),
            "status": "success",
            "family": family,
            "text": text,
            "pages": (),
            "blocks": (),
            "header": header,
            "figures": find_figures(text, [(0, len(text))], issued_on=None),
            "references": (*cited, *resolve_short_forms(text, cited)),
            "provenance": Provenance(congvan="0", config="0"),
        }
        | parts
    )


def codes(text: str, family: str = "state", **parts: object) -> list[str]:
    return [i.code for i in run_checks(record(text, family, **parts)) if i.code not in FORM]


@pytest.mark.parametrize(
    ("written", "day", "is_flagged"),
    [("9/2/1946", "1946-02-09", False), ("3/7/1976", "1976-07-03", True), ("9/2", None, True)],
)
def test_no_national_title_is_missed_before_the_state_had_it(
    written: str, day: str | None, is_flagged: bool
) -> None:
    text = f"Sắc lệnh ngày {written} lập một sở coi việc đê điều."
    header = Header(issued_on=found(text, written, day) if day else None)
    flags = {issue.code for issue in run_checks(record(text, header=header))}
    assert ("missing-national-title" in flags) is is_flagged


def block(text: str, kind: str, words: str) -> RecordBlock:
    start = text.index(words)
    return RecordBlock.model_validate({"kind": kind, "start": start, "end": start + len(words)})


@pytest.mark.parametrize(
    ("code", "text", "neighbour"),
    [
        (
            "sum-confirmed",
            "Tiếp nhận 1.240 hồ sơ, giải quyết 1.200 hồ sơ, còn 40 hồ sơ.",
            "Tiếp nhận 1.240 hồ sơ, giải quyết 1.200 hồ sơ, còn 39 hồ sơ.",
        ),
        (
            "sum-differs",
            "Có 60 thủ tục (gồm 31 thủ tục cấp tỉnh và 28 thủ tục cấp xã).",
            "Có 60 thủ tục (trong đó 31 thủ tục trực tuyến).",
        ),
        (
            "parts-within",
            "Có 90 thủ tục, trong đó có 20 thủ tục mới và 31 thủ tục sửa đổi.",
            "Có 90 thủ tục, gồm 20 thủ tục mới.",
        ),
        (
            "percent-confirmed",
            "Hoàn thành 45/60 nhiệm vụ (đạt 75%).",
            "Hoàn thành 45/60 nhiệm vụ. Thu đạt 80%.",
        ),
        (
            "percent-differs",
            "Hoàn thành 45/60 nhiệm vụ (đạt 85%).",
            "Hoàn thành 45/60 nhiệm vụ (đạt 75%).",
        ),
        (
            "derived-overdue",
            "Số nhiệm vụ đang thực hiện là 90 nhiệm vụ, trong đó trong hạn là 70 nhiệm vụ.",
            "Đang thực hiện 90 nhiệm vụ, trong đó trong hạn 70 nhiệm vụ, quá hạn 20 nhiệm vụ.",
        ),
        ("date-without-year", "Sáng 18/5, Đoàn làm việc.", "Sáng 18/5/2023, Đoàn làm việc."),
        ("date-without-year", "Nộp trước ngày 20/11.", "Nộp trước ngày 20/11 hằng năm."),
        (
            "dates-reversed",
            "Từ ngày 12/7/2023 đến ngày 02/7/2023 kiểm tra.",
            "Từ ngày 02/7/2023 đến ngày 12/7/2023 kiểm tra.",
        ),
        ("number-spacing", "Kế hoạch số 12 /KH-SNV về họp", "Kế hoạch số 12/KH-SNV về họp"),
        ("abbreviation-suspect", "- GD; các PGĐ Sở;", "- GĐ; các PGĐ Sở;"),
        ("abbreviation-suspect", "Nghị định 30/2020/ND-CP", "Nghị định số 30/2020/NĐ-CP"),
        ("markup-left", "**KT. GIÁM ĐỐC", "KT. GIÁM ĐỐC"),
        ("citation-without-so", "theo Kế hoạch 12/KH-SNV về họp", "theo Kế hoạch số 12/KH-SNV"),
        (
            "citation-no-subject",
            "Quyết định số 12/QĐ-SNV ngày 02/3/2023 của Sở Nội vụ đã nêu.",
            "Quyết định số 12/QĐ-SNV ngày 02/3/2023 của Sở Nội vụ về kiểm tra.",
        ),
        ("short-reference", "Quyết định số 12/QĐ-SNV. Theo QĐ 12;", "Quyết định số 12/QĐ-SNV."),
        ("year-without-word", "thực hiện nhiệm vụ 2023.", "thực hiện nhiệm vụ năm 2023."),
        (
            "variant-mixed",
            "UBND tỉnh và Ủy ban nhân dân xã",
            "Ủy ban nhân dân (UBND) xã, UBND tỉnh",
        ),
        (
            "agency-variant",
            "Sở Giao thông - Vận tải. Sở Giao thông – Vận tải.",
            "Sở Giao thông - Vận tải. Sở Giao thông - Vận tải.",
        ),
        ("joined-by-hyphen", "ông Lê Văn Bình-Phó Giám đốc Sở", "ông Lê Văn Bình, Phó Giám đốc Sở"),
        ("doubled-word", "rà soát hồ hồ sơ", "hành vi vi phạm, luôn luôn"),
        ("misspelling", "đưa ra giải phpas mới", "đưa ra file html mới"),
        ("confused-word", "tiếp nhận/tra kết quả", "kiểm tra kết quả"),
        (
            "stray-comma",
            "Sở Nội vụ tỉnh A, yêu cầu các phòng",
            "Sở Nội vụ tỉnh A yêu cầu các phòng",
        ),
        ("abolished-level", "phân cấp cho cấp huyện", "phân cấp cho cấp xã"),
        ("abolished-level", "phân cấp cho cấp huyện", "hồ sơ của UBND cấp huyện (trước đây)"),
        ("abolished-level", "do quận Ba Đình cấp", "thay cụm từ “cấp huyện” bằng “cấp xã”"),
        ("abolished-level", "UBND quận Ba Đình", "UBND quận Ba Đình (trước đây)"),
        ("old-term", "05 TTHC mức độ 4", "05 TTHC toàn trình"),
        ("open-period", "Từ đầu năm đến nay, Sở giải quyết", "Từ đầu năm đến tháng 6, Sở"),
        (
            "period-not-deadline",
            "Từ ngày 02/7/2023 đến ngày 12/7/2023, Đoàn kiểm tra đã làm việc",
            "Từ ngày 02/7/2023 đến ngày 12/7/2023 nộp hồ sơ",
        ),
        ("limit-not-deadline", "mỗi lượt không quá 20 phút", "gửi trước 20 giờ"),
        ("limit-not-deadline", "mỗi lượt dưới 20 phút", "cửa chịu lửa không dưới 20 phút"),
        ("duration-not-deadline", "giảm từ 15 ngày xuống còn 9 ngày", "báo cáo sau 15 ngày"),
        ("range-not-date", "cắt giảm 30-50% thời gian", "chiều 30-5"),
        ("monitor-apart", "Giao Văn phòng Sở theo dõi, đôn đốc.", "- Văn phòng Sở theo dõi."),
        (
            "general-recommendation",
            "đã kiến nghị với các đơn vị khắc phục những tồn tại, hạn chế",
            "đã kiến nghị Sở Xây dựng hoàn trả 12 hồ sơ",
        ),
        (
            "own-solutions",
            "Để khắc phục hạn chế nêu trên, Sở Y tế đề ra các giải pháp sau",
            "Sở Y tế đã khắc phục hạn chế",
        ),
        (
            "difficulty-raised",
            "các đơn vị kiến nghị khó khăn về biên chế",
            "Đoàn kiểm tra chỉ ra khó khăn",
        ),
        (
            "oversight-questions",
            "thành viên Đoàn giám sát đề nghị Sở làm rõ",
            "Đoàn kiểm tra kết luận",
        ),
        (
            "shared-shortcoming",
            "tại các Sở được kiểm tra vẫn còn bộc lộ hạn chế",
            "tại Sở Y tế vẫn còn hạn chế",
        ),
        (
            "open-list",
            "thiếu trụ sở, thiếu phương tiện làm việc…",
            "thiếu trụ sở, thiếu phương tiện làm việc.",
        ),
        ("recipient-form", "Nơi nhận:\n- Như kính gửi;", "Nơi nhận:\n- Như trên;"),
        ("percent-spacing", "đạt 98% và 97 %", "đạt 98% và 97%"),
        ("no-break-spaces", "một\u00a0hai\u00a0ba\u00a0bốn\u00a0năm\u00a0sáu", "một\u00a0hai ba"),
        (
            "cut-sentence",
            "Phòng Hành chính hướng dẫn người dân đến làm việc tại Bộ\n\nphận một cửa của Sở.",
            "Phòng Hành chính hướng dẫn người dân tại Bộ phận một cửa.\n\nphòng khác không.",
        ),
        (
            "item-gap",
            "1. Rà soát.\n2. Báo cáo.\n4. Công khai.",
            "1. Rà soát.\n2. Báo cáo.\n3. Hết.",
        ),
        (
            "item-gap",
            "1. Một.\n2. Hai.\n4. Bốn.",
            "3. Ba gồm:\n1. Một.\n2. Hai.\n4. Bốn.",
        ),
    ],
)
def test_flag_and_silence(code, text, neighbour):
    assert code in codes(text)
    assert code not in codes(neighbour)


@pytest.mark.parametrize(
    ("code", "text", "neighbour"),
    [
        ("end-mark-in-news", "Đoàn đã kết thúc./.", "Đoàn đã kết thúc."),
        ("author-initials", "Tin cuối.\n\nKO\n", "Tin cuối.\n\nKO kết thúc\n"),
        ("decorated-line", "Tin.\n   ---Lê Bình----\n", "Tin.\n- Lê Bình -\n"),
        ("counter-lines", "Tin.\nHôm nay : 81\n", "Tin.\nHôm nay trời đẹp\n"),
        ("counter-date", "Tin.\nNăm 2023 : 6.425\n", "Tin.\nNăm 2023 có 5 tin\n"),
        ("antecedent-missing", "Trên đây là ý kiến của Sở.", "Ý kiến của Sở trên đây."),
    ],
)
def test_flags_of_news(code, text, neighbour):
    assert code in codes(text, "news")
    assert code not in codes(neighbour, "news")


def test_form_of_an_official_document():
    text = "Số: 12/TB-SNV\nTHÔNG BÁO\nNội dung."
    assert {issue.code for issue in run_checks(record(text))} >= FORM
    full = "CỘNG HÒA XÃ HỘI\nCHỦ NGHĨA VIỆT NAM\nSỞ NỘI VỤ\nNội dung.\nLê Văn Bình"
    header = Header(issuer=found(full, "SỞ NỘI VỤ"), signer=found(full, "Lê Văn Bình"))
    assert not FORM & {issue.code for issue in run_checks(record(full, header=header))}
    assert not FORM & {issue.code for issue in run_checks(record(text, "news"))}


def test_kind_and_symbol_disagree():
    text = "Số: 12/TB-SNV\nKẾT LUẬN"
    header = Header(
        kind=found(text, "KẾT LUẬN", "KL"), symbol=found(text, "TB-SNV"), code="12/TB-SNV"
    )
    assert "kind-symbol" in codes(text, header=header)
    agreed = header.model_copy(update={"kind": found(text, "KẾT LUẬN", "TB")})
    assert "kind-symbol" not in codes(text, header=agreed)


def test_signature_read_in_the_wrong_order():
    text = "GIÁM ĐỐC\n\nNơi nhận:\n- Như trên;\n\nLê Văn Bình"
    header = Header(signer_title=found(text, "GIÁM ĐỐC"), signer=found(text, "Lê Văn Bình"))
    assert "signature-order" in codes(text, header=header)
    right = "Nơi nhận:\n- Như trên;\n\nGIÁM ĐỐC\n\nLê Văn Bình"
    header = Header(signer_title=found(right, "GIÁM ĐỐC"), signer=found(right, "Lê Văn Bình"))
    assert "signature-order" not in codes(right, header=header)


def test_archive_line_without_its_unit():
    text = "Số: 12/SNV-VP\nNơi nhận:\n- Lưu: VT.\n"
    header = Header(symbol=found(text, "SNV-VP"), code="12/SNV-VP")
    assert "archive-unit-missing" in codes(text, header=header)
    named = text.replace("VT.", "VT, VP.")
    header = Header(symbol=found(named, "SNV-VP"), code="12/SNV-VP")
    assert "archive-unit-missing" not in codes(named, header=header)


def test_cited_document_is_later_than_this_one():
    text = "Ngày 02/3/2023. Theo Kế hoạch số 12/KH-SNV ngày 05/4/2023 về họp."
    issued = Header(issued_on=found(text, "02/3/2023", "2023-03-02"))
    later = Header(issued_on=found(text, "02/3/2023", "2023-06-02"))
    assert "cited-later" in codes(text, header=issued)
    assert "cited-later" not in codes(text, header=later)


def section(text: str, label: str, title: str) -> Section:
    start = text.index(title)
    return Section(
        id=label, level=1, label=label, title=title, role="other", start=start, end=start + 5
    )


def test_headings_of_one_level_in_two_forms():
    text = "I. Kết quả đạt được:\nA.\nII. Tồn tại, hạn chế\nB."
    mixed = (section(text, "I.", "Kết quả đạt được:"), section(text, "II.", "Tồn tại, hạn chế"))
    assert "heading-form" in codes(text, sections=mixed)
    same = text.replace("được:", "được")
    plain = (section(same, "I.", "Kết quả đạt được"), section(same, "II.", "Tồn tại, hạn chế"))
    assert "heading-form" not in codes(same, sections=plain)
    anew = (section(text, "III.", "Kết quả đạt được:"), section(text, "I.", "Tồn tại, hạn chế"))
    assert "heading-form" not in codes(text, sections=anew)


def task(text: str, words: str, deadline: Deadline | None = None) -> Task:
    start = text.index(words)
    return Task(
        id=words,
        kind="assigned",
        start=start,
        end=start + len(words),
        quote=words,
        statements=(),
        action=words,
        deadline=deadline,
    )


def due(text: str, words: str, value: str) -> Deadline:
    start = text.index(words)
    return Deadline(
        kind="date",
        value=value,
        raw=words,
        start=start,
        end=start + len(words),
        origin="rule:test",
    )


def test_tasks_with_urgency_alone():
    text = "THÔNG BÁO\n1. Khẩn trương rà soát\n2. Công khai hồ sơ trước ngày 02/4/2023"
    header = Header(kind=found(text, "THÔNG BÁO", "TB"))
    tasks = (task(text, "Khẩn trương rà soát"), task(text, "Công khai hồ sơ"))
    assert "tasks-without-deadline" in codes(text, header=header, tasks=tasks)
    dated = task(text, "Công khai hồ sơ", due(text, "trước ngày 02/4/2023", "2023-04-02"))
    assert "tasks-without-deadline" not in codes(text, header=header, tasks=(tasks[0], dated))


def test_deadline_that_had_run_out():
    text = "Ngày 05/6/2023. Hoàn thành trước ngày 02/4/2023"
    header = Header(issued_on=found(text, "05/6/2023", "2023-06-05"))
    late = task(text, "Hoàn thành", due(text, "trước ngày 02/4/2023", "2023-04-02"))
    assert "deadline-past" in codes(text, header=header, tasks=(late,))
    early = Header(issued_on=found(text, "05/6/2023", "2023-03-05"))
    assert "deadline-past" not in codes(text, header=early, tasks=(late,))


def statement(text: str, words: str, label: str) -> Statement:
    start = text.index(words)
    return Statement.model_validate(
        {
            "id": label,
            "label": label,
            "start": start,
            "end": start + len(words),
            "quote": words,
            "confidence": 1.0,
            "origin": "rule:test",
        }
    )


def test_no_headings_for_tasks_and_shortcomings():
    text = "Còn chậm trễ. Yêu cầu khắc phục."
    both = (
        statement(text, "Còn chậm trễ.", "shortcoming"),
        statement(text, "Yêu cầu khắc phục.", "task"),
    )
    assert "no-headings" in codes(text, statements=both)
    assert "no-headings" not in codes(text, statements=both[:1])


def test_traces_of_the_page_around_a_news_item():
    headline = "Kiểm tra cải cách hành chính tại Sở Y tế"
    text = f"{headline}\n\n( Đoàn tại tỉnh Bình An )\n\n{headline}\n\nTin.\n\nLượt xem bài viết"
    blocks = (
        block(text, "caption", "( Đoàn tại tỉnh Bình An )"),
        block(text, "boilerplate", "Lượt xem bài viết"),
    )
    header = Header(title=found(text, headline))
    raised = codes(text, "news", header=header, blocks=blocks)
    assert {"page-furniture", "caption-between", "headline-repeated"} <= set(raised)
    assert "place-only-in-caption" in raised
    told = text.replace("Tin.", "Tin từ Bình An.")
    blocks = (block(told, "caption", "( Đoàn tại tỉnh Bình An )"),)
    assert "place-only-in-caption" not in codes(told, "news", header=header, blocks=blocks)


def test_a_failed_sum_on_an_ocr_page_asks_for_another_look():
    text = "Có 60 thủ tục (gồm 31 thủ tục cấp tỉnh và 28 thủ tục cấp xã)."
    page = RecordPage(number=3, start=0, end=len(text), source="ocr")
    assert "page-reread" in codes(text, pages=(page,))
    assert "page-reread" not in codes(text)


@pytest.mark.parametrize("text", ["", " \n\u00a0\n", "----\n….", "\f"])
def test_a_text_without_letter_and_digit_is_told(text):
    assert "no-text" in codes(text, "unknown")
    assert "no-text" not in codes(f"{text}7", "unknown")


def test_a_name_that_is_not_utf8_is_told():
    source = Source(name=r"th\xb0.txt", media_type="text/plain", bytes=1, sha256="0" * 64)
    assert "file-name-unreadable" in codes("Thư.", source=source)
    readable = source.model_copy(update={"name": r"th\x0a\x5cxb0.txt"})
    assert "file-name-unreadable" not in codes("Thư.", source=readable)


def test_checks_are_told_in_order_and_within_their_limits():
    text = "Họp sáng 1/2. " * 20
    issues = run_checks(record(text, "news"))
    dated = [issue for issue in issues if issue.code == "date-without-year"]
    assert len(dated) == catalogue()["date-without-year"].limit
    starts = [issue.start or 0 for issue in issues]
    assert starts == sorted(starts)


def test_the_record_is_not_changed():
    made = record("Có 60 thủ tục (gồm 31 thủ tục cấp tỉnh và 28 thủ tục cấp xã).")
    before = made.model_dump_json()
    run_checks(made)
    assert made.model_dump_json() == before


def test_catalogue_has_both_languages_with_the_same_slots():
    for check in catalogue().values():
        slots = {part.partition("}")[0] for part in check.vi.split("{")[1:]}
        assert slots == {part.partition("}")[0] for part in check.en.split("{")[1:]}
        assert check.limit > 0


def test_a_flag_needs_its_facts():
    with pytest.raises(KeyError):
        flag("item-gap", 0, 1, before=1)
    with pytest.raises(KeyError):
        flag("no-such-check", 0, 1)


def test_short_words():
    assert short("a\n b") == "a b"
    assert len(short("từ " * 100)) <= 60


@given(st.text(max_size=300), st.sampled_from(["state", "party", "news", "unknown"]))
def test_any_text_is_checked_without_an_exception(text, family):
    for issue in run_checks(record(text, family)):
        assert issue.message
        if issue.start is not None:
            assert 0 <= issue.start <= (issue.end or 0) <= len(text) + 1


SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 12)), max_size=6)


@given(SPANS, st.integers(0, 60))
def test_noise_is_what_any_block_of_noise_covers(spans: list[tuple[int, int]], at: int) -> None:
    blocks = tuple(
        RecordBlock(kind="boilerplate", start=start, end=start + size) for start, size in spans
    )
    reading = Reading(record("x" * 60).model_copy(update={"blocks": blocks}))
    covered = any(block.start <= at < block.end for block in blocks)
    assert reading.is_noise(at) is covered


@pytest.mark.parametrize(
    ("text", "slips"),
    [
        ("Đưa ra giải phpas mới.", ["phpas"]),
        (
            "Đưa ra giải phpas trong năm nay, giải phpas1 mới.",
            ["phpas"],
        ),  # a number is no second time
        ("Đưa ra giải phpas, không phải phpas.", []),
        ("Đưa ra giải (phpas) mới, thủ tụcc gọn.", ["phpas", "tụcc"]),
        ("Đưa ra strong phpas mới.", []),
        ("Đưa ra giải phpas................mới.", ["phpas"]),
        ("Phpas mới, phpas1, phpas_, phpas/2.", []),
    ],
)
def test_slips_stand_once_among_syllables(text: str, slips: list[str]) -> None:
    issues = run_checks(record(text))
    assert [text[i.start : i.end] for i in issues if i.code == "misspelling"] == slips


@pytest.mark.parametrize(
    ("text", "doubled"),
    [
        ("Rà soát hồ hồ sơ.", ["hồ hồ"]),
        ("Rà soát (hồ\n hồ, sơ.", ["hồ\n hồ"]),
        ("Rà soát hồ hồ-sơ, hồ sơ.", []),
        ("Rà soát tái-hồ hồ sơ.", []),
        ("Hồ hồ sơ, hồ. hồ sơ, hồ1 hồ.", []),
        ("các các các đơn vị", ["các các", "các các"]),
        ("hành vi vi phạm, luôn luôn", []),
    ],
)
def test_doubled_words_stand_side_by_side(text: str, doubled: list[str]) -> None:
    issues = run_checks(record(text))
    assert [text[i.start : i.end] for i in issues if i.code == "doubled-word"] == doubled


def test_time_of_checks_grows_with_the_text_and_no_faster() -> None:
    """Ten times the lines, each with a slip and noise, are not a hundred times the work."""

    def seconds(lines: int) -> float:
        parts, blocks, at = [], [], 0
        for number in range(lines):
            word = "phpas" + "abcdeghiklmnopqr"[number % 16] * (1 + number // 16 % 3)
            line, noise = f"Nội dung {word} cần **rà soát** lại.\n", f"Trang {number}\n"
            end = at + len(line) + len(noise)
            blocks.append(RecordBlock(kind="page-number", start=at + len(line), end=end))
            parts += [line, noise]
            at = end
        made = record("".join(parts)).model_copy(update={"blocks": tuple(blocks)})
        start = time.process_time()
        run_checks(made)
        return time.process_time() - start

    seconds(20)
    assert seconds(4000) < 40 * max(seconds(400), 0.01)
