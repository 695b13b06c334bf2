"""Who is to act: names, lists and what is inherited, from lines written for this test."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_extract_tasks import doers, draft_of

from pipeline.extract.agents import read_agents
from pipeline.extract.assignment import roles_of
from pipeline.extract.inheritance import heading_agents
from pipeline.extract.phrases import words_of
from pipeline.extract.row_cells import people_cell
from pipeline.extract.tasks import extract_tasks
from pipeline.record import Family
from pipeline.structure.draft import Labelled


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "các cấp ủy, chính quyền địa phương phải dọn bùn",
            ["các cấp ủy, chính quyền địa phương"],
        ),
        (
            "các ngành, cấp ủy đảng, chính quyền các cấp tổ chức trực",
            ["các ngành", "cấp ủy đảng, chính quyền các cấp"],
        ),
        ("Các cấp ủy Đảng, Chính quyền rà soát", ["Các cấp ủy Đảng", "Chính quyền"]),
        (
            "các xã, lực lượng quân đội, công an, dân quân tự vệ giúp dân",
            ["các xã", "lực lượng quân đội, công an, dân quân tự vệ"],
        ),
        (
            "Sở Y tế cũng như các bệnh viện công lập phải kê khai",
            ["Sở Y tế", "các bệnh viện công lập"],
        ),
        (
            "Các Trạm thú y số 2, số 5 và số 7 kiểm kê",
            ["Trạm thú y số 2", "Trạm thú y số 5", "Trạm thú y số 7"],
        ),
        (
            "Thủ trưởng các cơ quan: Sở Y tế, Sở Văn hóa, Thể thao và Du lịch; các xã rà soát",
            ["Thủ trưởng Sở Y tế", "Thủ trưởng Sở Văn hóa, Thể thao và Du lịch", "các xã"],
        ),
        (
            "Bí thư tỉnh ủy và Chủ tịch UBND các tỉnh: Cà Mau, An Giang trực tiếp kiểm tra",
            ["Bí thư tỉnh ủy Cà Mau", "Bí thư tỉnh ủy An Giang"]
            + [f"Chủ tịch UBND tỉnh {place}" for place in ("Cà Mau", "An Giang")],
        ),
        (
            "Giám đốc: Trung tâm Công báo - Tin học, Kho bạc tỉnh; các xã niêm yết",
            ["Giám đốc Trung tâm Công báo - Tin học", "Giám đốc Kho bạc tỉnh", "các xã"],
        ),
        (
            "các Ban Hội đồng nhân dân, Tổ đại biểu Hội đồng nhân dân giám sát",
            ["các Ban Hội đồng nhân dân", "Tổ đại biểu Hội đồng nhân dân"],
        ),
        ("Bí thư tỉnh ủy, thành ủy tổ chức trực", ["Bí thư tỉnh ủy, thành ủy"]),
        ("Thủ tướng Chính phủ kết quả thực hiện trong tháng", ["Thủ tướng Chính phủ"]),
        ("Sở Nội vụ tình hình triển khai từng quý", ["Sở Nội vụ"]),
        (
            "Thủ trưởng các đơn vị thuộc, trực thuộc Cục rà soát",
            ["Thủ trưởng các đơn vị thuộc, trực thuộc Cục"],
        ),
        ("Trung tâm Tin học cấu hình máy chủ", ["Trung tâm Tin học"]),
        ("Ủy ban bầu cử xã lập danh sách", ["Ủy ban bầu cử xã"]),
        ("Chủ tịch UBND phường Quyết định mức chi", ["Chủ tịch UBND phường"]),
        ("Tổ chức, doanh nghiệp công bố thông tin", ["Tổ chức, doanh nghiệp"]),
        ("02 trạm y tế lập danh sách", ["02 trạm y tế"]),
        ("64 trạm nâng cấp lên chuẩn mới", []),
        ("Phòng Tư pháp kính trình xem xét", ["Phòng Tư pháp"]),
    ],
)
def test_lists_of_those_who_act(words: str, expected: list[str]) -> None:
    found = read_agents(words, words_of(words, 0, len(words)), 0)
    assert [agent.value for agent in found.agents] == expected


@pytest.mark.parametrize(
    ("cell", "assignees", "coordinators"),
    [
        ("Khoa Nội chủ trì; Hội đồng Thuốc dự", ["Khoa Nội"], ["Hội đồng Thuốc"]),
        ("Phòng Hành chính, phối hợp: Khoa Dược", ["Phòng Hành chính"], ["Khoa Dược"]),
    ],
)
def test_cells_name_those_who_act_by_their_role(
    cell: str, assignees: list[str], coordinators: list[str]
) -> None:
    found = people_cell(cell, 0, len(cell))
    assert found is not None
    assert [agent.value for agent in found.assignees] == assignees
    assert [agent.value for agent in found.coordinators] == coordinators


def test_an_item_that_names_nobody_means_those_with_one_name_for_all() -> None:
    lines = (
        "T a) Các hội; các trường (sau đây gọi tắt là các cơ quan, đơn vị) xác định việc cần làm.",
        "H 2. Nội dung thi đua",
        "T a) Tổ chức tuyên truyền về ngày bầu cử.",
    )
    task = extract_tasks(draft_of(*lines, kind="KH"))[-1]
    assert [agent.value for agent in task.assignees] == ["các cơ quan, đơn vị"]
    assert task.assignees[0].inherited


@pytest.mark.parametrize(
    ("before", "short", "expected"),
    [
        ("Chi cục Thuế quận 9 báo cáo.", "Chi cục kê khai lại hồ sơ.", "Chi cục Thuế quận 9"),
        ("Thành phố Vinh báo cáo.", "Thành phố kê khai lại hồ sơ.", "Thành phố"),
    ],
)
def test_a_head_that_stands_alone_is_given_in_full(before: str, short: str, expected: str) -> None:
    assert doers(extract_tasks(draft_of(f"C {before}", f"T {short}"))) == [[expected]]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "Về sổ sách: Phòng Tài chính kiểm kê sổ cũ, Văn phòng Huyện ủy lập sổ mới.",
            [["Phòng Tài chính"], ["Văn phòng Huyện ủy"]],
        ),
        (
            "Huyện ủy đề nghị các xã nộp danh sách, Đoàn kiểm tra huyện rà soát lại.",
            [["các xã"], ["Đoàn kiểm tra huyện"]],
        ),
        ("Chủ tịch tỉnh yêu cầu, Sở Tài chính lập dự toán.", [["Sở Tài chính"]]),
        ("Để kịp mùa mưa, UBND các xã nạo vét cống.", [["UBND các xã"]]),
    ],
)
def test_a_second_body_with_an_act_begins_a_task(line: str, expected: list[list[str]]) -> None:
    assert doers(extract_tasks(draft_of(f"T {line}"))) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Giám đốc Sở Y tế Hà Nội Trần Thị An cho biết, sẽ mở thêm 3 điểm tiêm.", "Sở Y tế Hà Nội"),
        ("Ông Lê Văn Bá, Cục trưởng Cục Thuế cho biết, sẽ rà soát lại sổ nợ.", "Cục Thuế"),
        ("Ông Lê Văn Bá cho biết, sẽ rà soát lại sổ nợ.", "Ông Lê Văn Bá"),
    ],
)
def test_who_promises_with_a_post_speaks_for_a_body(line: str, expected: str) -> None:
    family: Family = "news"
    assert doers(extract_tasks(draft_of(f"T {line}", family=family))) == [[expected]]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("S Trường Kim Đồng làm tốt, huyện hoan nghênh và giao Trường viết lại cách làm.", "giao"),
        ("C Đội 3 xong sớm; yêu cầu các đội khác cử người đến học.", "yêu cầu"),
        ("R Xã mong được hỗ trợ; đề nghị Sở Tài chính cấp thêm vốn.", ""),
        ("C Sở đã yêu cầu các xã nộp báo cáo.", ""),
    ],
)
def test_praise_may_end_in_an_order(line: str, expected: str) -> None:
    tasks = extract_tasks(draft_of(line))
    assert [task.quote.startswith(expected) for task in tasks] == ([True] if expected else [])


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("Kêu gọi sự chung tay của các hội, nhà hảo tâm giúp người già.", ["các hội, nhà hảo tâm"]),
        ("Trường hợp dân yêu cầu bản giấy, Bộ phận Một cửa có thể in.", ["Bộ phận Một cửa"]),
        ("Sở quản lý ngành, lĩnh vực có trách nhiệm đề xuất.", ["Sở quản lý ngành, lĩnh vực"]),
        ("Cơ quan tiếp nhận đơn có trách nhiệm trả lời.", ["Cơ quan tiếp nhận đơn"]),
        ("Đơn vị rà soát hồ sơ, có trách nhiệm nộp.", ["Đơn vị"]),
        ("Cục Xuất nhập khẩu phải trả lời.", ["Cục Xuất nhập khẩu"]),
        ("Giao Cục Giám sát quản lý về hải quan chủ trì.", ["Cục Giám sát quản lý về hải quan"]),
        ("Đề nghị cộng đồng doanh nghiệp góp ý.", ["cộng đồng doanh nghiệp"]),
        ("Ba hộ đi làm xa nộp lại đơn.", ["Ba hộ đi làm xa"]),
        ("Chủ tịch 4 xã chi ngoài dự toán giải trình rõ.", ["Chủ tịch 4 xã chi ngoài dự toán"]),
        ("Các hộ đi khai báo trong tuần.", ["Các hộ"]),
        ("Trên cơ sở Quyết định này, Sở Xây dựng lập dự toán.", ["Sở Xây dựng"]),
    ],
)
def test_words_that_name_those_who_act(phrase: str, expected: list[str]) -> None:
    roles = roles_of(phrase, 0, len(phrase))
    assert [agent.value for agent in roles.assignees] == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Điều 3. Giao Sở Dân tộc chủ trì, phối hợp các đơn vị có trách nhiệm:", ["Sở Dân tộc"]),
        ("2. Giám đốc Sở Y tế có trách nhiệm:", ["Giám đốc Sở Y tế"]),
        ("3. Các chủ đầu tư hạ tầng chợ", ["Các chủ đầu tư hạ tầng chợ"]),
    ],
)
def test_titles_name_those_who_act_without_the_act(title: str, expected: list[str]) -> None:
    assert [agent.value for agent in heading_agents(title, 0, len(title))] == expected


def test_those_who_work_along_may_go_on_after_a_semicolon() -> None:
    line = "T 1. Sở Y tế chủ trì, phối hợp với Sở Tài chính; các xã, phường lập danh sách."
    task = extract_tasks(draft_of(line))[0]
    assert [agent.value for agent in task.assignees] == ["Sở Y tế"]
    assert [agent.value for agent in task.coordinators] == ["Sở Tài chính", "các xã, phường"]


def test_a_line_of_names_goes_on_in_the_next() -> None:
    tasks = extract_tasks(
        draft_of("T Chánh Văn phòng Sở;", "T Trưởng các phòng chịu trách nhiệm thi hành.")
    )
    assert doers(tasks) == [["Chánh Văn phòng Sở", "Trưởng các phòng"]]
    assert tasks[0].quote.startswith("Chánh Văn phòng")
    assert len(tasks[0].statements) == 2


def test_a_sentence_of_an_item_that_names_its_doer_is_a_task_of_its_own() -> None:
    lines = ("T 3. Khoa Dược kiểm kê kho.", "/T Khoa Dược còn họp kiểm điểm thủ kho.")
    assert doers(extract_tasks(draft_of(*lines))) == [["Khoa Dược"], ["Khoa Dược"]]


def test_those_who_are_guided_may_go_on_after_a_semicolon() -> None:
    line = "T 2. Sở Nội vụ: Đôn đốc, hướng dẫn các sở, ban, ngành; các xã tổ chức thực hiện tốt."
    assert doers(extract_tasks(draft_of(line))) == [["Sở Nội vụ"]]


def test_a_line_of_the_doer_below_no_act_names_him() -> None:
    tasks = extract_tasks(draft_of("H 2. Thi hành Luật", "T - Cơ quan chủ trì: Sở Công Thương."))
    assert doers(tasks) == [["Sở Công Thương"]]


def test_a_body_in_a_relative_clause_does_not_act() -> None:
    words = "Ưu tiên sửa những chỗ mà các trạm cần dùng nhiều."
    assert doers(extract_tasks(draft_of(f"T {words}", family="news"))) == [[]]


def test_what_the_issuer_issues_is_no_task() -> None:
    draft = draft_of("C Hội đồng nhân dân tỉnh ban hành Quy chế làm việc.", kind="NQ")
    likely = Labelled("context", 0.7, "test", None, 0.4)
    assert extract_tasks(replace(draft, labels=(likely,))) == ()
    other = draft_of("C Sở Y tế ban hành Quy chế làm việc.", kind="NQ")
    assert doers(extract_tasks(replace(other, labels=(likely,)))) == [["Sở Y tế"]]


def test_a_surely_cited_provision_is_no_task() -> None:
    draft = draft_of("C Sở Y tế có trách nhiệm cấp phép.")
    for confidence, found in ((0.9, 1), (0.97, 0)):
        cited = Labelled("context", confidence, "test", None, 0.2)
        assert len(extract_tasks(replace(draft, labels=(cited,)))) == found
