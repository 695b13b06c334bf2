"""Deadlines: a table of phrases with their values, traps that are none, and due dates."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.deadlines import find_deadlines, urgency_of
from pipeline.extract.due_dates import next_occurrence, resolve
from pipeline.record import Deadline
from pipeline.resources import lexicon

ISSUED = "2024-03-15"
"""A Friday: the date of every document of the table."""

DATES = [
    ("nộp báo cáo trước ngày 31/12/2024", "2024-12-31"),
    ("hoàn thành trước ngày 15 tháng 11 năm 2024", "2024-11-15"),
    ("xong trước ngày 05 tháng 12 năm 2024", "2024-12-05"),
    ("chậm nhất ngày 10 tháng 12 năm 2024 phải gửi", "2024-12-10"),
    ("gửi về Phòng chậm nhất là ngày 20/5/2024", "2024-05-20"),
    ("gửi về Phòng chậm nhất vào ngày 20/5/2024", "2024-05-20"),
    ("muộn nhất ngày 01-06-2024", "2024-06-01"),
    ("không để quá ngày 30/6/2024", "2024-06-30"),
    ("không được muộn hơn ngày 30/6/2024", "2024-06-30"),
    ("báo cáo trước 10/6/2024", "2024-06-10"),
    ("báo cáo trước ngày 30.6.2024", "2024-06-30"),
    ("rà soát xong trước ngày 20/11", "2024-11-20"),
    ("rà soát xong trước ngày 20 tháng 11", "2024-11-20"),
    ("trả lời trước ngày 20/01", "2025-01-20"),
    ("trả lời trước ngày 10/3", "2024-03-10"),
    ("gửi số liệu trước 17 giờ ngày 27/3/2024", "2024-03-27T17:00"),
    ("gửi số liệu trước 16h30 ngày 27/3/2024", "2024-03-27T16:30"),
    ("gửi số liệu trước 9:00 ngày 27/3/2024", "2024-03-27T09:00"),
    ("gửi số liệu trước 08 giờ 00 phút, ngày 02/4/2024", "2024-04-02T08:00"),
    ("niêm yết đến hết ngày 30/4/2024", "2024-04-30"),
    ("kéo dài đến ngày 31/5/2024", "2024-05-31"),
    ("từ nay đến hết ngày 25/4/2024 phải dọn xong", "2024-04-25"),
    ("hoàn thành trong ngày 20 tháng 3 năm 2024", "2024-03-20"),
    ("họp vào ngày 25/3/2024", "2024-03-25"),
    ("khánh thành trước dịp 30/4", "2024-04-30"),
    ("khánh thành trước dịp kỷ niệm 27/7/2024", "2024-07-27"),
    ("hoàn thành ngày 30/9/2024", "2024-09-30"),
    ("thời hạn hoàn thành: 30/9/2024", "2024-09-30"),
    ("thời gian thực hiện: ngày 12/8/2024", "2024-08-12"),
    ("hạn cuối là ngày 15/4/2024", "2024-04-15"),
    ("báo cáo Ủy ban huyện ngày 20-12.", "2024-12-20"),
    ("Sửa bảng niêm yết ở tầng một Phòng Hành chính 30/6/2024", "2024-06-30"),
    ("áp dụng mẫu mới kể từ ngày 01/7/2024", "2024-07-01"),
    ("công bố vào ngày 9/4 tới", "2024-04-09"),
]
PERIODS = [
    ("Thời gian thực hiện: Tháng 4 - 5/2024", "2024-05-31"),
    ("Thời gian hoàn thành: tháng 11/2024 - tháng 02/2025", "2025-02-28"),
    ("khảo sát giếng khoan trong tháng 4 và 5/2024", "2024-05-31"),
    ("Thời hạn: Quý III - IV/2024", "2024-12-31"),
    ("lập tổ công tác cuối năm 2024, đầu năm 2025", "2025-03-31"),
    ("Thời gian thực hiện: Tháng 5/2024.", "2024-05-31"),
    ("Thời hạn hoàn thành: Quý III năm 2024", "2024-09-30"),
    ("Thời gian: năm 2025", "2025-12-31"),
    ("kiểm tra trong tuần ngày 15 đến ngày 21 tháng 4 năm 2024", "2024-04-21"),
    ("tập huấn trong khoảng ngày 02 đến ngày 06/5/2024", "2024-05-06"),
    ("hoàn thành trong tháng 12 năm 2024", "2024-12-31"),
    ("hoàn thành trong tháng 11/2024", "2024-11-30"),
    ("hoàn thành trong tháng 02-2028", "2028-02-29"),
    ("kiểm kê xong trong tháng 9", "2024-09-30"),
    ("nghiệm thu vào tháng 4 năm 2024", "2024-04-30"),
    ("duy trì đến hết tháng 10 năm 2024", "2024-10-31"),
    ("trả nợ hết tháng 12/2024", "2024-12-31"),
    ("trình vào cuối tháng 10", "2024-10-31"),
    ("trình ngay đầu tháng 12", "2024-12-10"),
    ("phúc tra vào giữa tháng 8/2024", "2024-08-15"),
    ("ban hành quy chế trong quý I năm 2025", "2025-03-31"),
    ("ban hành quy chế trong Quý III/2024", "2024-09-30"),
    ("ban hành quy chế trong quý 2 năm 2024", "2024-06-30"),
    ("ban hành quy chế vào cuối quý III", "2024-09-30"),
    ("ban hành quy chế hết quý IV/2024", "2024-12-31"),
    ("ban hành quy chế trong quý II và quý III năm 2024", "2024-09-30"),
    ("kết quả gửi chậm nhất trong quý II", "2024-06-30"),
    ("Thay biển tên phòng; Quý III/2024", "2024-09-30"),
    ("hoàn thành trong năm 2024", "2024-12-31"),
    ("Trong năm 2025, mở hai lớp tập huấn", "2025-12-31"),
    ("hoàn thành đến hết năm 2030", "2030-12-31"),
    ("phấn đấu đến năm 2030 xóa hết nhà tạm", "2030-12-31"),
    ("Đến năm 2027, mọi trường có thư viện", "2027-12-31"),
    ("đề xuất vào cuối năm 2026", "2026-12-31"),
    ("đề xuất vào đầu năm 2025", "2025-03-31"),
    ("xử lý dứt điểm trước năm 2026", "2025-12-31"),
    ("xử lý dứt điểm trước tháng 6/2024", "2024-05-31"),
    ("thực hiện trong giai đoạn 2026 - 2030", "2030-12-31"),
    ("làm xong trong hai năm 2024 và 2025", "2025-12-31"),
    ("trong 6 tháng đầu năm 2024 phải giao xong đất", "2024-06-30"),
    ("trong 6 tháng cuối năm phải giao xong đất", "2024-12-31"),
    ("trong 9 tháng đầu năm phải giao xong đất", "2024-09-30"),
    ("sửa xong trong tuần này", "2024-03-17"),
    ("sửa xong trong tuần tới", "2024-03-24"),
    ("quán triệt trong tuần đầu tháng 6", "2024-06-02"),
    ("phúc tra vào tuần thứ ba của tháng 7", "2024-07-21"),
    ("từ nay đến cuối năm phải thu hồi xong", "2024-12-31"),
    ("trực từ ngày 10/9 đến ngày 10/10/2024", "2024-10-10"),
    ("Thủ trưởng các đơn vị lưu ý, năm 2025 phải bỏ sổ giấy", "2025-12-31"),
]
RECURRING = [
    ("báo cáo hằng tháng", "FREQ=MONTHLY"),
    ("báo cáo hàng tháng về Sở", "FREQ=MONTHLY"),
    ("giao ban mỗi tháng", "FREQ=MONTHLY"),
    ("giao ban mỗi tháng một lần", "FREQ=MONTHLY"),
    ("giao ban hằng tuần", "FREQ=WEEKLY"),
    ("giao ban mỗi tuần một lần", "FREQ=WEEKLY"),
    ("trực hằng ngày", "FREQ=DAILY"),
    ("kiểm kê hằng quý", "FREQ=MONTHLY;INTERVAL=3"),
    ("kiểm kê mỗi quý một lần", "FREQ=MONTHLY;INTERVAL=3"),
    ("kiểm kê định kỳ hằng năm", "FREQ=YEARLY"),
    ("Hàng năm, tổ chức hội thao", "FREQ=YEARLY"),
    ("định kỳ 6 tháng báo cáo", "FREQ=MONTHLY;INTERVAL=6"),
    ("định kỳ 06 tháng một lần", "FREQ=MONTHLY;INTERVAL=6"),
    ("sơ kết 6 tháng/lần", "FREQ=MONTHLY;INTERVAL=6"),
    ("sơ kết sáu tháng một lần", "FREQ=MONTHLY;INTERVAL=6"),
    ("đo 10 ngày một lần", "FREQ=DAILY;INTERVAL=10"),
    ("đối chiếu hai tuần một lần", "FREQ=WEEKLY;INTERVAL=2"),
    ("gửi trước ngày 25 hằng tháng", "FREQ=MONTHLY;BYMONTHDAY=25"),
    ("gửi vào ngày 05 hàng tháng", "FREQ=MONTHLY;BYMONTHDAY=5"),
    ("hằng tháng, gửi chậm nhất ngày 03", "FREQ=MONTHLY;BYMONTHDAY=3"),
    ("gửi trước ngày 05 tháng sau", "FREQ=MONTHLY;BYMONTHDAY=5"),
    ("gửi trước ngày 28 của tháng trước", "FREQ=MONTHLY;BYMONTHDAY=28"),
    ("mỗi tháng hai lần, ngày 10 và ngày 25", "FREQ=MONTHLY;BYMONTHDAY=10,25"),
    ("đúng ngày 15 và ngày cuối tháng", "FREQ=MONTHLY;BYMONTHDAY=15,-1"),
    ("chốt sổ vào ngày cuối tháng", "FREQ=MONTHLY;BYMONTHDAY=-1"),
    ("cứ cuối tháng đối chiếu", "FREQ=MONTHLY;BYMONTHDAY=-1"),
    (
        "vào ngày làm việc cuối cùng của tháng",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    ),
    ("ngày 20 của tháng cuối quý", "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=20"),
    ("trước ngày 15 tháng cuối quý", "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=15"),
    ("đối chiếu công nợ cuối mỗi quý", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1"),
    ("trước ngày 25/12 hàng năm", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25"),
    ("trước ngày 31 tháng 3 hằng năm", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=31"),
    ("hằng năm (trước ngày 15 tháng 12)", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=15"),
    ("quý IV hằng năm", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31"),
    ("trong tháng 9 hằng năm", "FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=-1"),
    ("vào thứ Sáu hằng tuần", "FREQ=WEEKLY;BYDAY=FR"),
    ("trước 15:00 ngày thứ Sáu hàng tuần", "FREQ=WEEKLY;BYDAY=FR;BYHOUR=15;BYMINUTE=0"),
    ("trước 16 giờ thứ Năm hằng tuần", "FREQ=WEEKLY;BYDAY=TH;BYHOUR=16"),
    ("sáng thứ Hai hàng tuần", "FREQ=WEEKLY;BYDAY=MO"),
    ("chiều Chủ nhật hàng tuần", "FREQ=WEEKLY;BYDAY=SU"),
    ("mỗi thứ Bảy dọn vệ sinh", "FREQ=WEEKLY;BYDAY=SA"),
    ("mỗi tuần tiếp dân một buổi vào sáng thứ Tư", "FREQ=WEEKLY;BYDAY=WE"),
    ("trạm bắt buộc hằng năm phải kiểm định", "FREQ=YEARLY"),
    ("ngày 25 hằng tháng đến hết quý I/2025", "FREQ=MONTHLY;BYMONTHDAY=25;UNTIL=20250331"),
]
RELATIVE = [
    (
        "Trường hợp đơn còn thiếu chữ ký, trong thời hạn 02 ngày làm việc, xã trả lại",
        "P2D after đơn còn thiếu chữ ký",
    ),
    ("Nếu cống bị vỡ thì trong vòng 24 giờ, trạm bơm phải báo huyện", "PT24H after cống bị vỡ"),
    ("trong thời hạn 15 ngày kể từ ngày nhận được Thông báo này", "P15D after receipt"),
    ("trong thời hạn 10 ngày kể từ ngày nhận Kế hoạch này", "P10D after receipt"),
    ("trong vòng 30 ngày sau khi nhận được công văn này", "P30D after receipt"),
    ("chậm nhất 20 ngày kể từ ngày ký Kết luận này", "P20D after signing"),
    ("30 ngày kể từ ngày ban hành Thông báo", "P30D after issue"),
    ("trong 05 ngày làm việc kể từ ngày ban hành Quyết định", "P5D after issue"),
    ("trong 05 (năm) ngày kể từ ngày lập biên bản này", "P5D after record"),
    ("chậm nhất 45 ngày kể từ ngày Nghị quyết được thông qua", "P45D after adoption"),
    ("trong 02 tháng kể từ ngày Luật có hiệu lực", "P2M after ngày Luật có hiệu lực"),
    ("chậm nhất 24 giờ sau khi xảy ra sự cố", "PT24H after xảy ra sự cố"),
    ("trong 45 ngày kể từ ngày 01/8/2024", "P45D after 2024-08-01"),
    ("15 ngày sau ngày ký kế hoạch", "P15D after signing"),
    ("trong thời hạn 07 ngày làm việc", "P7D after issue"),
    ("trong vòng một tuần phải trả lời", "P1W after issue"),
    ("xong trong 10 ngày", "P10D after issue"),
    ("trong 2 tháng tới phải di dời", "P2M after issue"),
    ("ngay trong tuần nhận công văn này", "P7D after receipt"),
    ("ít nhất 24 giờ trước khi cắt điện", "PT24H before cắt điện"),
    ("chậm nhất 03 ngày trước ngày họp", "P3D before ngày họp"),
    ("gửi tài liệu trước khi đoàn đến 07 ngày", "P7D before đoàn đến"),
]
EVENTS = [
    (
        "tập huấn sau khi Luật Phòng cháy và Luật sửa đổi, bổ sung Luật Nhà ở có hiệu lực",
        "sau khi Luật Phòng cháy và Luật sửa đổi, bổ sung Luật Nhà ở có hiệu lực",
    ),
    (
        "đo đạc sau khi quy hoạch chợ, điều chỉnh quy hoạch bến xe được phê duyệt, xong trong hè",
        "sau khi quy hoạch chợ, điều chỉnh quy hoạch bến xe được phê duyệt",
    ),
    (
        "Sau khi Thành ủy T.Ư ra chỉ thị UBND quận phải lập danh sách",
        "Sau khi Thành ủy T.Ư ra chỉ thị",
    ),
    (
        "góp ý trước khi Hội đồng trường, Hiệu trưởng ban hành quy chế.",
        "trước khi Hội đồng trường, Hiệu trưởng ban hành quy chế",
    ),
    (
        "nộp hồ sơ trước ngày 31 tháng 7 của năm xét tặng",
        "trước ngày 31 tháng 7 của năm xét tặng",
    ),
    ("chi trả khi có quyết định phân bổ vốn", "khi có quyết định phân bổ vốn"),
    ("sửa kênh ngay sau khi lũ rút", "sau khi lũ rút"),
    ("ngay khi nước rút phải khử trùng", "khi nước rút"),
    ("bàn giao trước khi khóa sổ quyết toán năm", "trước khi khóa sổ quyết toán năm"),
    ("bàn giao sau khi được phê duyệt", "sau khi được phê duyệt"),
    ("nạo vét mương trước mùa mưa", "trước mùa mưa"),
    ("phát thuốc trước Tết Nguyên đán Ất Tỵ", "trước Tết Nguyên đán Ất Tỵ"),
    ("trình tại kỳ họp giữa năm 2024", "tại kỳ họp giữa năm 2024"),
    ("giải trình tại phiên họp thường kỳ tháng 4", "tại phiên họp thường kỳ tháng 4"),
    ("cung cấp hồ sơ khi có yêu cầu của kiểm toán", "khi có yêu cầu của kiểm toán"),
    ("hoàn thành theo lộ trình của Bộ", "theo lộ trình của Bộ"),
    ("di dời dân, không để đến mùa bão", "mùa bão"),
    ("gieo mạ cho kịp vụ xuân", "vụ xuân"),
    # a meeting of a period is an event, not the period
    ("báo cáo tại kỳ giao ban đầu tháng 7/2024", "tại kỳ giao ban đầu tháng 7/2024"),
    ("nêu lại vào kỳ sinh hoạt chi bộ tháng 5", "vào kỳ sinh hoạt chi bộ tháng 5"),
    ("đối chiếu đến kỳ kiểm tra quý III/2024", "đến kỳ kiểm tra quý III/2024"),
    ("trình tại kỳ họp thường lệ cuối năm 2024", "tại kỳ họp thường lệ cuối năm 2024"),
    (
        "hoàn thiện hồ sơ trình cấp trên thông qua để kịp báo cáo tại kỳ họp thứ 9 của HĐND",
        "tại kỳ họp thứ 9 của HĐND",
    ),
]
TRAPS = [
    "Thời gian thực hiện: 06-10 ngày làm việc tùy hồ sơ",
    "Thời gian hoàn thành: 02 - 03 tháng",
    "Hội làng mở cửa (tức ngày 28/12 năm Kỷ Hợi đến hết ngày 6/1 năm Canh Tý)",
    "Chủ tịch huyện đã ký chỉ thị về đê điều vào ngày 20/3/2024",
    "chi trả trợ cấp hằng tháng cho người cao tuổi",
    "chuyển hình thức thuê đất trả tiền hằng năm",
    "không để nợ thuế cao hơn thời điểm 31/12/2023",
    "học các quy định mới ban hành trong năm 2024",
    "tư vấn cho thanh niên trước khi kết hôn",
    "Khi giao tiếp với dân, công chức phải lịch sự",
    "xử lý phần việc đã làm xong trước khi xã sáp nhập",
    "Để thu phí từ ngày 01/5/2024, đề nghị lắp thêm trạm",
    "từ ngày 04/3 đến ngày 12/4/2024, đoàn đã thanh tra ba trường",
    "từ ngày 02/01/2024 đến nay tổ công tác kiểm tra 20 xã",
    "hồ sơ đã gửi từ ngày 06/5/2024",
    "trước vụ việc phát sinh, đội đã báo cáo",
    "Thời gian thực hiện: Quý II năm 2024 và các năm tiếp theo",
    "thẩm định kế hoạch năm 2025",
    "hoàn thiện dự toán năm 2025",
    "thực hiện Chương trình phát triển nhà ở đến năm 2030",
    "tham mưu Kế hoạch đầu tư công trung hạn giai đoạn 2026 - 2030",
    "rà soát theo Quyết định số 12/QĐ-UBND ngày 05/01/2024",
    "thực hiện Công văn số 45/SNV-CCHC ngày 12 tháng 02 năm 2024",
    "khắc phục số tồn tính đến ngày 31/12/2023",
    "đối chiếu số liệu đến ngày 29/02/2024 đã nêu",
    "thời gian giải quyết không quá 20 phút",
    "hướng dẫn người dân, mỗi lượt không quá 15 phút",
    "cắt giảm thời gian giải quyết từ 15 ngày xuống còn 10 ngày",
    "khẩn trương rà soát, kịp thời báo cáo",
    "triển khai ngay, sớm hoàn thành",
    "nâng cao chất lượng cải cách hành chính trong thời gian tới",
    "khắc phục 05 hồ sơ quá hạn",
    "duy trì mức độ 4 và chỉ tiêu 95%",
    "chăm sóc phụ nữ trước, trong và sau khi sinh con",
    "phục vụ nhân dân trước, trong và sau Tết",
    "dừng hoạt động cho đến khi có giấy phép",
    "tổ chức năm 2024 và các năm tiếp theo, trong năm 2024 và những năm tiếp theo",
    "phân công người trực điện thoại 0912 345 678",
    "bổ sung tổ 5, thôn 12 vào danh sách",
    "thực hiện khoản 2 Điều 10 Nghị định 30",
    "sắp xếp tổ chức sau khi hợp nhất hai xã",
    "thu hồi đất trong khu vực quy hoạch",
    "triển khai nhiệm vụ trọng tâm những tháng cuối năm 2024 đã giao",
    "giữ giá điện trong những tháng cuối năm",
    "Trường nào đến hết ngày 20/11 vẫn chưa nộp thì bị nhắc tên",
    "đánh giá tác động của bão đến tăng trưởng quý IV năm 2024",
    "phòng bệnh dịch sau lũ lụt cho người dân",
    "vận hành hồ chứa, nhất là trong mùa mưa",
    "bố trí người trực trong đợt nghỉ Tết từ ngày 08/02/2024",
    "áp dụng quy chế có hiệu lực thi hành từ ngày 01/4/2024",
    "trích nộp số còn lại sau khi bù trừ",
]
TABLE = [
    (phrase, kind, value)
    for kind, rows in (
        ("date", DATES),
        ("period", PERIODS),
        ("recurring", RECURRING),
        ("relative", RELATIVE),
        ("event", EVENTS),
    )
    for phrase, value in rows
]


def best(text: str, issued_on: str | None = ISSUED) -> Deadline | None:
    found = find_deadlines(text, 0, len(text), issued_on=issued_on)
    return found[0] if found else None


def test_the_table_is_large_enough():
    assert len({phrase for phrase, _, _ in TABLE}) == len(TABLE) >= 150


@pytest.mark.parametrize(("phrase", "kind", "value"), TABLE, ids=[row[0] for row in TABLE])
def test_phrase(phrase, kind, value):
    found = best(phrase)
    assert found is not None
    assert (found.kind, found.value) == (kind, value)
    assert phrase[found.start : found.end] == found.raw


@pytest.mark.parametrize("phrase", TRAPS)
def test_trap_gives_no_deadline(phrase):
    assert best(phrase) is None


def test_without_any_year_the_day_stays_open():
    found = best("gửi trước ngày 30/6", None)
    assert found is not None
    assert found.value == "--06-30"


def test_a_month_that_is_long_past_is_next_years():
    found = best("kiểm kê xong trong tháng 01", "2024-12-20")
    assert found is not None
    assert found.value == "2025-01-31"


def test_a_year_alone_completes_a_day():
    found = best("gửi trước ngày 30/6", "2021")
    assert found is not None
    assert found.value == "2021-06-30"


def test_the_surest_comes_first_and_none_overlap():
    text = "hằng tháng rà soát, hoàn thành trước ngày 20/5/2024, báo cáo khi có yêu cầu của Sở"
    found = find_deadlines(text, 0, len(text), issued_on=ISSUED)
    assert [d.kind for d in found] == ["date", "recurring", "event"]
    assert len({(d.start, d.end) for d in found}) == 3


def test_only_the_span_is_read():
    text = "Sở Y tế báo cáo trước ngày 01/4/2024. Sở Nội vụ báo cáo trước ngày 02/5/2024."
    cut = text.index("Sở Nội vụ")
    assert [d.value for d in find_deadlines(text, cut, len(text), issued_on=ISSUED)] == [
        "2024-05-02"
    ]


def test_line_breaks_within_a_phrase_do_not_matter():
    flat = "hoàn thành  trước   ngày 15  tháng 11  năm 2024"
    found = best(flat)
    assert found is not None
    assert found.value == "2024-11-15"
    assert flat[found.start : found.end] == found.raw


def test_working_days_are_told_by_the_origin():
    found = best("trong 05 ngày làm việc kể từ ngày ban hành Quyết định")
    assert found is not None
    assert found.origin.endswith(".working-days")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Khẩn trương rà soát", "Khẩn trương"),
        ("báo cáo kịp thời", "kịp thời"),
        ("dừng ngay việc thu", "ngay"),
        ("thu ngày công", None),
        ("rà soát hồ sơ", None),
    ],
)
def test_urgency(text, word):
    assert urgency_of(text, 0, len(text)) == word


@given(st.text(alphabet="trước ngàyhằmquýI/0123456789.,;:()-\n\u00a0", max_size=200))
def test_any_text_is_read_without_an_exception_and_verbatim(text):
    for found in find_deadlines(text, 0, len(text), issued_on=ISSUED):
        assert text[found.start : found.end] == found.raw
        assert found.value


@pytest.mark.parametrize("issued_on", [None, "2024", "2024-02", "2024-02-29"])
@pytest.mark.parametrize("phrase", [row[0] for row in TABLE[::7]])
def test_every_precision_of_the_anchor_is_accepted(phrase, issued_on):
    find_deadlines(phrase, 0, len(phrase), issued_on=issued_on)


def test_impossible_days_are_refused():
    for phrase in ("trước ngày 31/02/2024", "trước ngày 45/6/2024", "trước ngày 12/13/2024"):
        assert best(phrase) is None


def test_every_rule_of_the_table_is_named_once():
    rules = [row["id"] for row in lexicon("deadlines")["rules"]]
    assert len(rules) == len(set(rules))


# ---- the day on which a deadline falls ----


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("trước ngày 31/12/2024", "2024-12-31"),
        ("trước 17 giờ ngày 27/3/2024", "2024-03-27"),
        ("trong quý II", "2024-06-30"),
        ("30 ngày kể từ ngày ban hành Thông báo", "2024-04-14"),
        ("trong 05 ngày làm việc kể từ ngày ban hành Quyết định", "2024-03-22"),
        ("trong 45 ngày kể từ ngày 01/8/2024", "2024-09-15"),
        ("hằng quý", "2024-03-31"),
        ("vào thứ Sáu hằng tuần", "2024-03-15"),
        ("trước Tết Nguyên đán Ất Tỵ", "2025-01-28"),
        ("trong 2 tháng tới phải di dời", "2024-05-15"),
    ],
)
def test_resolve(phrase, day):
    found = best(phrase)
    assert found is not None
    assert resolve(found, ISSUED) == dt.date.fromisoformat(day)


@pytest.mark.parametrize(
    "phrase",
    [
        "trong thời hạn 15 ngày kể từ ngày nhận được Thông báo này",
        "trước mùa mưa",
        "chậm nhất 24 giờ sau khi xảy ra sự cố",
    ],
)
def test_what_cannot_be_known_stays_open(phrase):
    found = best(phrase)
    assert found is not None
    assert resolve(found, ISSUED) is None


def test_a_learnt_anchor_closes_a_relative_deadline():
    found = best("trong thời hạn 15 ngày kể từ ngày nhận được Thông báo này")
    assert found is not None
    assert resolve(found, ISSUED, {"receipt": "2024-03-20"}) == dt.date(2024, 4, 4)


def test_working_days_step_over_holidays():
    found = best("trong 03 ngày làm việc kể từ ngày ban hành Quyết định")
    assert found is not None
    # 30 April, 1 May are holidays, 4 and 5 May a weekend
    assert resolve(found, "2024-04-29") == dt.date(2024, 5, 6)


@pytest.mark.parametrize(
    ("rule", "start", "day"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=31", "2024-02-01", "2024-02-29"),
        ("FREQ=MONTHLY;INTERVAL=6", "2024-07-01", "2024-12-31"),
        ("FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=20", "2024-06-21", "2024-09-20"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2024-03-01", "2024-03-29"),
        ("FREQ=WEEKLY", "2024-03-15", "2024-03-17"),
        ("FREQ=YEARLY", "2024-03-15", "2024-12-31"),
        ("FREQ=MONTHLY;BYMONTHDAY=25;UNTIL=20240401", "2024-03-26", None),
    ],
)
def test_next_occurrence(rule, start, day):
    found = next_occurrence(rule, dt.date.fromisoformat(start))
    assert found == (dt.date.fromisoformat(day) if day else None)


@pytest.mark.parametrize("blank", ["\n", "  \n", "\u00a0"])
@pytest.mark.parametrize("phrase", [row[0] for row in TABLE[::5]])
def test_broken_lines_give_the_same_values_verbatim(phrase, blank):
    text = phrase.replace(" ", blank)
    whole, broken = best(phrase), best(text)
    assert whole is not None
    assert broken is not None
    assert broken.value == whole.value
    assert text[broken.start : broken.end] == broken.raw
