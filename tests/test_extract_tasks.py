"""Tasks: who is told to do what, from phrasings and small documents written for this test."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from office_files import docx, p, table

from pipeline.document import Document
from pipeline.extract.agents import read_agents
from pipeline.extract.assignment import roles_of
from pipeline.extract.clause_words import skip_connectives
from pipeline.extract.inheritance import heading_agents, rank_of
from pipeline.extract.phrases import words_of
from pipeline.extract.plan_tables import plan_tables
from pipeline.extract.tasks import extract_tasks
from pipeline.extract.topics import find_product, topic_of
from pipeline.process import structured
from pipeline.readers import read
from pipeline.readers.limits import Limits
from pipeline.record import Family, Found, Header, Label, Task
from pipeline.structure.draft import Draft, Labelled, Unit
from pipeline.structure.lines import flatten

_MARKER = re.compile(r"(?:Điều \d+\.|[IVX]+\.|\d+(?:\.\d+)*[.)]|[a-zđ]\)|[-+])(?= )")
_LABELS: dict[str, Label] = {"T": "task", "C": "context", "S": "shortcoming", "R": "proposal"}


def _header(
    text: str, kind: str, issued_on: str, addressees: tuple[str, ...], title: str
) -> Header:
    def found(value: str, words: str) -> Found[str]:
        start = max(text.find(words), 0)
        end = start + max(len(words), 1)
        return Found(value=value, start=start, end=end, quote=text[start:end], origin="test")

    return Header(
        kind=found(kind, text[:1]),
        issued_on=found(issued_on, text[:1]),
        addressees=tuple(found(name, name) for name in addressees),
        title=found(title, title) if title else None,
        issuer=found("Hội đồng nhân dân tỉnh", "Hội đồng nhân dân tỉnh") if kind == "NQ" else None,
    )


def draft_of(
    *lines: str,
    family: Family = "state",
    kind: str = "TB",
    issued_on: str = "2024-03-01",
    addressees: tuple[str, ...] = (),
    title: str = "",
) -> Draft:
    """A draft from lines "T words": T task, C context, S shortcoming, R proposal, H heading.

    A line that begins with "/" goes on in the paragraph before.
    """
    text, units, labels, paragraph = "", [], [], -1
    for head in (*addressees, title):
        text += head + "\n" if head else ""
    for line in lines:
        same = line.startswith("/")
        code, words = line.lstrip("/").split(" ", 1)
        paragraph += not same
        text += (" " if same else "\n") if text else ""
        marker = _MARKER.match(words)
        units.append(
            Unit(
                start=len(text),
                end=len(text) + len(words),
                kind="heading" if code == "H" else "statement",
                zone="body",
                paragraph=paragraph,
                marker=marker.group() if marker else None,
                words_start=len(text) + (marker.end() + 1 if marker else 0),
            )
        )
        labels.append(None if code == "H" else Labelled(_LABELS[code], 1.0, "test"))
        text += words
    document = Document(
        name="n.txt",
        media_type="text/plain",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        size=len(text.encode()),
        text=text,
    )
    return Draft(
        document=document,
        flat=flatten(text),
        family=family,
        header=_header(text, kind, issued_on, addressees, title),
        units=tuple(units),
        labels=tuple(labels),
    )


def names(found: tuple[Found[str], ...]) -> list[str]:
    return [value.value for value in found]


def doers(tasks: tuple[Task, ...]) -> list[list[str]]:
    return [names(task.assignees) for task in tasks]


PHRASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    # who is told after a verb of ordering
    ("Giao Sở Y tế kiểm tra 12 trạm y tế xã", ("Sở Y tế",)),
    ("Giao Sở Y tế, Sở Tài chính thống nhất mức chi", ("Sở Y tế", "Sở Tài chính")),
    ("Giao cho Văn phòng Sở theo dõi lịch trực", ("Văn phòng Sở",)),
    ("Giao Chánh Văn phòng Sở bố trí phòng họp", ("Chánh Văn phòng Sở",)),
    (
        "Giao đồng chí Phó Giám đốc Sở phụ trách tài chính ký duyệt",
        ("đồng chí Phó Giám đốc Sở phụ trách tài chính",),
    ),
    ("Giao nhiệm vụ cho Phòng Tổ chức cán bộ lập danh sách", ("Phòng Tổ chức cán bộ",)),
    ("Yêu cầu các phòng, đơn vị gửi số liệu", ("các phòng, đơn vị",)),
    ("Yêu cầu UBND các huyện, thị xã, thành phố rà soát", ("UBND các huyện, thị xã, thành phố",)),
    (
        "Yêu cầu Giám đốc Công ty Cổ phần Nước sạch Hòa Lạc khắc phục",
        ("Giám đốc Công ty Cổ phần Nước sạch Hòa Lạc",),
    ),
    (
        "Yêu cầu thủ trưởng các cơ quan, đơn vị chấn chỉnh giờ làm việc",
        ("thủ trưởng các cơ quan, đơn vị",),
    ),
    ("Đề nghị Công an tỉnh tăng cường tuần tra", ("Công an tỉnh",)),
    ("Đề nghị Bảo hiểm xã hội tỉnh cung cấp dữ liệu", ("Bảo hiểm xã hội tỉnh",)),
    (
        "Đề nghị Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh giám sát",
        ("Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh",),
    ),
    ("Phân công Phòng Nội vụ chủ trì tham mưu", ("Phòng Nội vụ",)),
    ("Giao Thanh tra tỉnh chủ trì xác minh", ("Thanh tra tỉnh",)),
    ("Giao Kho bạc Nhà nước tỉnh kiểm soát chi", ("Kho bạc Nhà nước tỉnh",)),
    (
        "Yêu cầu các đồng chí Bí thư, Chủ tịch UBND các xã chịu trách nhiệm",
        ("Bí thư", "Chủ tịch UBND các xã"),
    ),
    (
        "Giao Ban Quản lý dự án đầu tư xây dựng huyện hoàn thiện hồ sơ",
        ("Ban Quản lý dự án đầu tư xây dựng huyện",),
    ),
    ("Giao Tổ công tác rà soát 45 hồ sơ", ("Tổ công tác",)),
    ("Giao Đoàn kiểm tra lập biên bản", ("Đoàn kiểm tra",)),
    # a body and what it does
    ("Sở Nội vụ chủ trì, phối hợp với Sở Tài chính xây dựng đề án", ("Sở Nội vụ",)),
    ("Sở Giáo dục và Đào tạo chỉ đạo các trường học mở cửa trở lại", ("Sở Giáo dục và Đào tạo",)),
    (
        "Sở Văn hóa, Thể thao và Du lịch hướng dẫn tổ chức lễ hội",
        ("Sở Văn hóa, Thể thao và Du lịch",),
    ),
    ("Sở Lao động - Thương binh và Xã hội cấp phát gạo", ("Sở Lao động - Thương binh và Xã hội",)),
    (
        "Bộ Nông nghiệp và Môi trường khẩn trương thống kê thiệt hại",
        ("Bộ Nông nghiệp và Môi trường",),
    ),
    ("Bộ Quốc phòng, Bộ Công an huy động lực lượng", ("Bộ Quốc phòng", "Bộ Công an")),
    ("Các Bộ: Y tế, Tài chính kịp thời xuất cấp thuốc", ("Bộ Y tế", "Bộ Tài chính")),
    ("Các Sở Xây dựng, Công Thương tổ chức trực ban", ("Sở Xây dựng", "Sở Công Thương")),
    (
        "Chủ tịch UBND các tỉnh: Hà Nam, Nam Định tập trung chỉ đạo",
        ("Chủ tịch UBND tỉnh Hà Nam", "Chủ tịch UBND tỉnh Nam Định"),
    ),
    (
        "UBND các huyện: Đông Sơn, Tây Hồ tiếp tục rà soát",
        ("UBND huyện Đông Sơn", "UBND huyện Tây Hồ"),
    ),
    (
        "UBND thành phố Thủ Đức, thành phố Dĩ An hỗ trợ phương tiện",
        ("UBND thành phố Thủ Đức", "UBND thành phố Dĩ An"),
    ),
    ("UBND các xã, phường phải niêm yết công khai", ("UBND các xã, phường",)),
    ("Phòng Tài chính - Kế hoạch cân đối 200 triệu đồng", ("Phòng Tài chính - Kế hoạch",)),
    ("Văn phòng HĐND và UBND huyện tổng hợp", ("Văn phòng HĐND và UBND huyện",)),
    ("Chi cục Bảo vệ môi trường kiểm tra lại 5 điểm", ("Chi cục Bảo vệ môi trường",)),
    ("Trung tâm Kiểm soát bệnh tật tỉnh lấy mẫu nước", ("Trung tâm Kiểm soát bệnh tật tỉnh",)),
    ("Trạm Khuyến nông mở 3 lớp tập huấn", ("Trạm Khuyến nông",)),
    ("Hiệu trưởng các trường chịu trách nhiệm về bếp ăn", ("Hiệu trưởng các trường",)),
    ("Khoa Cơ khí họp kiểm điểm", ("Khoa Cơ khí",)),
    ("Đảng ủy xã phổ biến kết luận đến các chi bộ", ("Đảng ủy xã",)),
    ("Ban Thường vụ Huyện ủy chỉ đạo sắp xếp", ("Ban Thường vụ Huyện ủy",)),
    ("Hội Liên hiệp Phụ nữ tỉnh vận động hội viên", ("Hội Liên hiệp Phụ nữ tỉnh",)),
    (
        "Đài Tiếng nói Việt Nam, Thông tấn xã Việt Nam đưa tin",
        ("Đài Tiếng nói Việt Nam", "Thông tấn xã Việt Nam"),
    ),
    ("Ngân hàng Nhà nước Việt Nam điều hành lãi suất linh hoạt", ("Ngân hàng Nhà nước Việt Nam",)),
    ("Tập đoàn Điện lực Việt Nam bảo đảm cung ứng điện", ("Tập đoàn Điện lực Việt Nam",)),
    ("Công ty TNHH xây dựng Bình Minh nộp lại 30 triệu đồng", ("Công ty TNHH xây dựng Bình Minh",)),
    ("Chủ đầu tư, nhà thầu cần rút ngắn thời gian thi công", ("Chủ đầu tư", "nhà thầu")),
    ("Các cơ quan báo chí tuyên truyền đầy đủ", ("Các cơ quan báo chí",)),
    ("Các doanh nghiệp viễn thông khắc phục sự cố", ("Các doanh nghiệp viễn thông",)),
    ("Các bộ, ngành, địa phương nghiêm túc thực hiện", ("Các bộ, ngành, địa phương",)),
    ("Các tổ chức, cá nhân có liên quan tuân thủ quy định", ("Các tổ chức, cá nhân có liên quan",)),
    ("Cán bộ, công chức phải đeo thẻ khi làm việc", ("Cán bộ, công chức",)),
    ("Người đứng đầu cơ quan, đơn vị chịu trách nhiệm", ("Người đứng đầu cơ quan, đơn vị",)),
    ("Lãnh đạo UBND xã lập danh sách 20 hộ", ("Lãnh đạo UBND xã",)),
    ("Thanh tra Sở: Chủ trì phúc tra", ("Thanh tra Sở",)),
    ("Bộ Y tế: Hướng dẫn xử lý môi trường", ("Bộ Y tế",)),
    ("Ngành y tế thực hiện tốt công tác phòng dịch", ("Ngành y tế",)),
    (
        "Văn phòng Ban chỉ đạo phòng thủ dân sự tỉnh trực ban đủ ba ca",
        ("Văn phòng Ban chỉ đạo phòng thủ dân sự tỉnh",),
    ),
    (
        "Thủ trưởng cơ quan ngang bộ, cơ quan thuộc Chính phủ rà soát",
        ("Thủ trưởng cơ quan ngang bộ", "Thủ trưởng cơ quan thuộc Chính phủ"),
    ),
    ("Mặt trận Tổ quốc, các đoàn thể vận động nhân dân", ("Mặt trận Tổ quốc", "các đoàn thể")),
    # modals and phrases between a body and its act
    ("Sở Tư pháp có trách nhiệm thẩm định", ("Sở Tư pháp",)),
    ("Sở Công Thương cần sớm trả lời", ("Sở Công Thương",)),
    ("Phòng Y tế trước ngày 15/4/2024 báo cáo kết quả", ("Phòng Y tế",)),
    ("Các ngành trong phạm vi chức năng của mình phải phối hợp", ("Các ngành",)),
    ("Cán bộ, công chức trong thi hành công vụ phải đúng mực", ("Cán bộ, công chức",)),
    (
        "Các cơ quan được giao chủ trì đề án có trách nhiệm lập dự toán",
        ("Các cơ quan được giao chủ trì đề án",),
    ),
    ("UBND các tỉnh, nhất là các tỉnh: Sơn La, Lai Châu tiếp tục sơ tán dân", ("UBND các tỉnh",)),
    # a purpose, a time or a case before the body
    ("Để kịp mùa mưa, UBND các xã phải nạo vét kênh", ("UBND các xã",)),
    ("Trước ngày 30/6/2024, Sở Xây dựng trình phương án", ("Sở Xây dựng",)),
    ("Trên cơ sở kết quả rà soát, Sở Nội vụ tham mưu sắp xếp", ("Sở Nội vụ",)),
    ("Trong quý II, Thanh tra huyện kiểm tra 5 trường", ("Thanh tra huyện",)),
    ("Đối với hồ sơ trễ hạn, Bộ phận Một cửa gửi thư xin lỗi", ("Bộ phận Một cửa",)),
    ("Đối với Sở Y tế: công khai giá thuốc", ("Sở Y tế",)),
    ("Mỗi tháng Phòng Điều dưỡng kiểm tra tủ trực", ("Phòng Điều dưỡng",)),
    ("Đồng thời, Sở Tài chính bố trí kinh phí", ("Sở Tài chính",)),
    ("Riêng UBND xã Hòa Bình hoàn trả tiền", ("UBND xã Hòa Bình",)),
    ("Hồ sơ khen thưởng: Sở Nội vụ hướng dẫn biểu mẫu", ("Sở Nội vụ",)),
    # the one who orders stands before the one who acts
    ("UBND tỉnh yêu cầu các sở, ngành khẩn trương rà soát", ("các sở, ngành",)),
    ("Thủ tướng Chính phủ yêu cầu Bộ Xây dựng báo cáo", ("Bộ Xây dựng",)),
    ("Để chấn chỉnh, Sở Nội vụ đề nghị UBND các huyện kiểm tra", ("UBND các huyện",)),
    ("Chủ tịch UBND tỉnh giao Sở Y tế tham mưu", ("Sở Y tế",)),
    (
        "Sở đánh giá cao kết quả của huyện Nga Sơn và đề nghị Phòng Nội vụ nhân rộng",
        ("Phòng Nội vụ",),
    ),
    ("Giám đốc Sở giao Phòng Kế hoạch lập danh mục", ("Phòng Kế hoạch",)),
    ("Ban Thường vụ Tỉnh ủy yêu cầu các cấp ủy quán triệt", ("các cấp ủy",)),
    (
        "Hội đồng nhân dân tỉnh giao Ủy ban nhân dân tỉnh tổ chức thực hiện",
        ("Ủy ban nhân dân tỉnh",),
    ),
    # a body that is told to direct others is the one told
    ("Bộ Công an chỉ đạo công an các địa phương phân luồng", ("Bộ Công an",)),
    ("UBND huyện Yên Mô đôn đốc các xã nộp báo cáo", ("UBND huyện Yên Mô",)),
    ("Sở Y tế hướng dẫn các bệnh viện phân loại rác", ("Sở Y tế",)),
    # a work that is given to somebody
    ("Việc đôn đốc giao cho Văn phòng Sở", ("Văn phòng Sở",)),
    ("Nội dung này do Phòng Đào tạo chủ trì", ("Phòng Đào tạo",)),
    ("Việc thực hiện các yêu cầu tại mục 2 do Thanh tra Sở theo dõi", ("Thanh tra Sở",)),
    (
        "Việc nhắc hẹn giao cho bà Lê Thị Mận, Phó Trưởng phòng Tổ chức",
        ("bà Lê Thị Mận, Phó Trưởng phòng Tổ chức",),
    ),
    # nobody is named: the clause itself must not invent anybody
    ("Rà soát toàn bộ hồ sơ quá hạn", ()),
    ("Tổ chức hội nghị tập huấn cho cán bộ xã", ()),
    ("Phối hợp với Sở Tài chính quyết toán", ()),
    ("Tiếp tục thực hiện Kế hoạch số 12/KH-UBND", ()),
    ("Báo cáo UBND tỉnh trước ngày 15/4/2024", ()),
    ("Thanh tra, kiểm tra đột xuất các cơ sở", ()),
    ("Phòng, chống cháy nổ trong mùa khô", ()),
    ("Xây dựng phương án sắp xếp đơn vị, đề xuất cơ quan có thẩm quyền xem xét", ()),
    ("Kiểm tra việc thực hiện nhiệm vụ của các đơn vị, địa phương", ()),
    ("Tăng cường trách nhiệm của người đứng đầu các cơ quan", ()),
    ("Bố trí kinh phí cho các huyện, thị xã để mua thiết bị", ()),
    # a collective with the clause that marks it off
    ("Các trạm chưa kết nối mạng phải báo cáo Sở", ("Các trạm chưa kết nối mạng",)),
    ("- 12 hộ đã bị lập biên bản tháo dỡ lều quán", ("12 hộ đã bị lập biên bản",)),
    ("12 hộ đã bị lập biên bản tháo dỡ lều quán", ("12 hộ đã bị lập biên bản",)),
    ("Ba khoa, phòng chưa nộp sổ phải nộp bù", ("Ba khoa, phòng chưa nộp sổ",)),
    ("Yêu cầu các xã còn nợ hồ sơ khẩn trương gửi bù", ("các xã còn nợ hồ sơ",)),
    ("Thôn nào để cháy rừng thì kiểm điểm trưởng thôn", ("Thôn nào để cháy rừng",)),
    ("Các cơ sở chưa hoàn thành", ("Các cơ sở",)),
    # names of several words that are acts elsewhere
    ("Phòng Quản lý quy hoạch trình phương án", ("Phòng Quản lý quy hoạch",)),
    ("Giao Khoa Vi sinh - Thiết bị y tế kiểm kê", ("Khoa Vi sinh - Thiết bị y tế",)),
    ("Tổ Công nghệ thông tin cài đặt phần mềm", ("Tổ Công nghệ thông tin",)),
    ("Báo Nông dân Thủ đô: mở chuyên mục", ("Báo Nông dân Thủ đô",)),
    ("Báo và Phát thanh, Truyền hình Lào Cai đưa tin", ("Báo và Phát thanh, Truyền hình Lào Cai",)),
    ("Đề nghị Công ty liên hệ với Điện lực Ba Đình", ("Công ty",)),
    ("Đồng chí Phó Chủ tịch chủ trì họp", ("Đồng chí Phó Chủ tịch",)),
    ("Đồng chí Giám đốc, Phó Giám đốc trực lãnh đạo", ("Giám đốc", "Phó Giám đốc")),
    ("Yêu cầu các cấp, các ngành, các địa phương rà soát", ("các cấp, các ngành, các địa phương",)),
    # a case or a giver before the subject
    ("Hết tháng 5 chưa xong thì Phòng Tài chính dừng cấp vốn", ("Phòng Tài chính",)),
    ("Trên cơ sở đề xuất của Sở Nội vụ, Sở Tài chính cấp vốn", ("Sở Tài chính",)),
    ("Nếu có vướng mắc các đơn vị phản ánh về Sở", ("các đơn vị",)),
    (
        "Bộ trưởng các Bộ: Ngoại giao, Tư pháp rà soát",
        ("Bộ trưởng Bộ Ngoại giao", "Bộ trưởng Bộ Tư pháp"),
    ),
    # lists with one head, collectives, bodies without a name
    ("TT", ()),
    ("Giao TT Y tế huyện rà soát", ("TT Y tế huyện",)),
    ("Sở, ban, ngành có liên quan rà soát sổ", ("Sở, ban, ngành có liên quan",)),
    ("Yêu cầu các chủ đầu tư, bên mời thầu rà soát", ("các chủ đầu tư, bên mời thầu",)),
    (
        "Giao các sở: Xây dựng, Quy hoạch - Kiến trúc, Nội vụ rà soát",
        ("Sở Xây dựng", "Sở Quy hoạch - Kiến trúc", "Sở Nội vụ"),
    ),
    (
        "Giao 3 xã Hòa An, Yên Phú, Nà Tấu nạo vét mương",
        ("Xã Hòa An", "Xã Yên Phú", "Xã Nà Tấu"),
    ),
    ("Đề nghị 2 Sở Y tế và Nội vụ rà soát", ("Sở Y tế", "Sở Nội vụ")),
    ("Giao 12 xã, thị trấn nạo vét mương", ("12 xã, thị trấn",)),
    (
        "Giao đồng chí Lê Bá Tước - Phó Chủ tịch UBND tỉnh chỉ đạo",
        ("đồng chí Lê Bá Tước - Phó Chủ tịch UBND tỉnh",),
    ),
    (
        "Các Bộ: Y tế, Ngoại giao cử cán bộ đầu mối",
        ("Bộ Y tế", "Bộ Ngoại giao"),
    ),
    ("Yêu cầu các tập thể, cá nhân liên quan giải trình", ("các tập thể, cá nhân liên quan",)),
    (
        "Đài Tiếng nói Việt Nam và hệ thống các cơ quan báo chí đưa tin kịp thời",
        ("Đài Tiếng nói Việt Nam", "hệ thống các cơ quan báo chí"),
    ),
    ("Hai phường chưa báo cáo gửi bù ngay số liệu", ("Hai phường chưa báo cáo",)),
    ("Các sở, ngành trong quá trình soạn thảo phải lấy ý kiến", ("Các sở, ngành",)),
    ("Thời gian tới, tỉnh cần đánh giá lại quy hoạch", ("tỉnh",)),
    ("Theo kế hoạch, đoàn sẽ làm việc với 5 xã", ("đoàn",)),
    ("Cục Thuế có ý kiến như sau: Đề nghị Công ty kê khai bổ sung", ("Công ty",)),
    ("Đồng chí yêu cầu tỉnh tiếp thu ý kiến của đoàn", ("tỉnh",)),
    ("Khuyến khích các địa phương hỗ trợ hộ nghèo", ("các địa phương",)),
    ("Đề nghị Lào Cai thu hồi hai quyết định", ("Lào Cai",)),
    ("Lưu ý Hải Phòng tiếp tục cắt giảm thủ tục", ("Hải Phòng",)),
    ("Thống nhất các nội dung trên, Ban Quản lý sẽ sửa xong mái chợ", ("Ban Quản lý",)),
    ("Thanh tra xây dựng quận phải lập biên bản", ("Thanh tra xây dựng quận",)),
    ("Cấp xã lập danh sách hộ được hỗ trợ", ("Cấp xã",)),
    ("Cấp giấy phép cho 12 hộ nuôi cá", ()),
    ("Toàn tỉnh cần thêm 30 phòng học", ()),
    ("Khoa học và công nghệ phải trở thành động lực", ()),
    ("Bộ tiêu chí đánh giá phải rõ ràng", ()),
    ("Hồ sơ phải lưu đủ 10 năm", ()),
    # a case or a time before the body that acts
    ("Ai không đến nhận tiền thì kế toán ngân sách trả lại kho bạc.", ("kế toán ngân sách",)),
    ("Từ tháng 3, mỗi tháng các xí nghiệp tự phúc tra chéo sổ vật tư.", ("các xí nghiệp",)),
    ("Quá trình làm có vướng mắc gì, các đơn vị liên hệ Phòng Tổng hợp.", ("các đơn vị",)),
    # names whose words open acts elsewhere
    (
        "Các đoàn kiểm tra liên ngành từ tỉnh đến xã tiếp tục đi thực tế.",
        ("Các đoàn kiểm tra liên ngành từ tỉnh đến xã",),
    ),
    ("Đề nghị các đơn vị sự nghiệp công lập nộp báo cáo.", ("các đơn vị sự nghiệp công lập",)),
    ("Các cơ sở phát hành sách tổ chức ngày hội đọc.", ("Các cơ sở phát hành sách",)),
    ("Yêu cầu Công ty căn cứ Điều 5 Nghị định số 08 để kê khai.", ("Công ty",)),
    ("Yêu cầu Công ty nộp hồ sơ theo Điều 9 Thông tư số 08 để tính phí.", ("Công ty",)),
    ("Giám đốc Chi nhánh Cư M’gar tự kiểm điểm trước tập thể.", ("Giám đốc Chi nhánh Cư M’gar",)),
    ("Các khách sạn bảo đảm an toàn thực phẩm.", ("Các khách sạn",)),
    ("Khuyến khích xã hội hóa việc trồng cây.", ()),
    ("Nếu hợp tác xã tiếp tục vi phạm, Chi cục Thú y sẽ nâng mức phạt.", ("Chi cục Thú y",)),
    ("Lãnh đạo ngành cũng cần nhắc nhở công chức.", ("Lãnh đạo ngành",)),
    ("Khi họp, các Cụm, Khối thi đua tổ chức bình xét.", ("các Cụm, Khối thi đua",)),
    (
        "Yêu cầu Thủ trưởng các cơ quan ngang Bộ, cơ quan thuộc Chính phủ rà soát.",
        ("Thủ trưởng các cơ quan ngang Bộ", "Thủ trưởng cơ quan thuộc Chính phủ"),
    ),
    ("Trưởng 5 phòng chưa lập danh mục nộp ngay danh mục.", ("Trưởng 5 phòng chưa lập danh mục",)),
    (
        "Theo yêu cầu của Sở Tài chính, Sở Nội vụ và Sở Tư pháp, đề nghị các xã nộp bảng kê.",
        ("các xã",),
    ),
    ("Thủ trưởng cơ quan, đơn vị rà lại sổ sách.", ("Thủ trưởng cơ quan, đơn vị",)),
    ("Các phòng, ban, UBND cấp xã thống kê kho.", ("Các phòng, ban", "UBND cấp xã")),
    ("Đề nghị người đứng đầu cấp ủy làm gương.", ("người đứng đầu cấp ủy",)),
    (
        "Bí thư, Chủ tịch UBND các tỉnh ven biển kiểm tra đê.",
        ("Bí thư các tỉnh ven biển", "Chủ tịch UBND các tỉnh ven biển"),
    ),
    (
        "Công đoàn cấp trên trực tiếp cơ sở và công đoàn cơ sở rà soát quỹ.",
        ("Công đoàn cấp trên trực tiếp cơ sở", "công đoàn cơ sở"),
    ),
    ("Thôn nào để cháy rừng thì đồng chí Trưởng thôn phải báo xã.", ("đồng chí Trưởng thôn",)),
    ("Các thôn còn nợ quỹ: đồng chí Trưởng thôn giải trình.", ("đồng chí Trưởng thôn",)),
    # a body that is going to order others acts itself
    ("Đối với phần còn thiếu, Sở Tài chính sẽ giao phòng Ngân sách cân đối.", ("Sở Tài chính",)),
)


@pytest.mark.parametrize(("phrase", "expected"), PHRASES, ids=[row[0][:48] for row in PHRASES])
def test_roles_name_the_assignees(phrase: str, expected: tuple[str, ...]) -> None:
    roles = roles_of(phrase, 0, len(phrase))
    assert tuple(agent.value for agent in roles.assignees) == expected


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("Cụ thể, rà soát hồ sơ", "rà"),
        ("Cụ thể hóa kế hoạch của huyện", "Cụ"),
        ("Đồng thời hiện đại hoá kho lưu trữ", "hiện"),
        ("Hiện nay, Sở rà soát hồ sơ", "Sở"),
        ("Hiện thực hóa mục tiêu", "Hiện"),
        ("Riêng Văn phòng rà soát hồ sơ", "Văn"),
        ("Riêng lẻ rà soát từng hồ sơ", "Riêng"),
    ],
)
def test_a_word_that_only_begins_like_a_connective_is_kept(text: str, begins: str) -> None:
    words = words_of(text, 0, len(text))
    assert words[skip_connectives(words, 0)].text == begins


def test_at_least_a_hundred_phrasings() -> None:
    assert len({phrase for phrase, _ in PHRASES}) == len(PHRASES) >= 100


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("Chủ trì, phối hợp với Sở Tài chính, Sở Nội vụ lập đề án", ["Sở Tài chính", "Sở Nội vụ"]),
        ("Sở Y tế phối hợp chặt chẽ với các địa phương phun thuốc", ["các địa phương"]),
        ("Giao Sở Xây dựng phối hợp cùng Công an tỉnh kiểm tra", ["Công an tỉnh"]),
        ("Phối hợp với UBND các huyện, thành phố cắm mốc", ["UBND các huyện, thành phố"]),
        ("Cùng UBND phường Bến Nghé giải tỏa lối đi", ["UBND phường Bến Nghé"]),
        ("Rà soát quy trình nội bộ", []),
    ],
)
def test_coordinators_stand_after_words_of_cooperation(phrase: str, expected: list[str]) -> None:
    roles = roles_of(phrase, 0, len(phrase))
    assert [agent.value for agent in roles.coordinators] == expected


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("Tổng hợp, báo cáo UBND tỉnh trước ngày 20/12", ["UBND tỉnh"]),
        ("Gửi kết quả về Sở Nội vụ để tổng hợp", ["Sở Nội vụ"]),
        ("Sở Y tế báo cáo kết quả về Chủ tịch UBND tỉnh", ["Chủ tịch UBND tỉnh"]),
    ],
)
def test_reports_name_who_is_told_of_the_result(phrase: str, expected: list[str]) -> None:
    roles = roles_of(phrase, 0, len(phrase))
    assert [agent.value for agent in roles.reports] == expected


def test_reported_order_names_who_ordered() -> None:
    flat = "Chiều 3/4, Bí thư Huyện ủy yêu cầu Phòng Giáo dục kiểm tra bếp ăn"
    roles = roles_of(flat, 0, len(flat), reported=True)
    assert [agent.value for agent in roles.assigner] == ["Bí thư Huyện ủy"]
    assert [agent.value for agent in roles.assignees] == ["Phòng Giáo dục"]


@pytest.mark.parametrize(
    "lead_in",
    [
        "Về việc này, Chủ tịch UBND huyện có ý kiến như sau:",
        "Chủ tịch UBND huyện có ý kiến chỉ đạo như sau:",
        "Xét báo cáo của Trạm Thú y, Chủ tịch UBND huyện chỉ đạo như sau:",
        "Chủ tịch UBND huyện đã kết luận như sau:",
        "Để sớm ổn định đời sống Nhân dân, Chủ tịch UBND huyện yêu cầu:",
    ],
)
def test_who_gives_his_opinion_orders_what_stands_below(lead_in: str) -> None:
    tasks = extract_tasks(
        draft_of(
            f"C {lead_in}",
            "T 1. Trạm Thú y tiêm phòng cho đàn bò.",
            "T 2. Lập sổ theo dõi từng hộ nuôi.",
            addressees=("Trạm Thú y", "UBND các xã"),
        )
    )
    assert [task.assigner and task.assigner.value for task in tasks] == ["Chủ tịch UBND huyện"] * 2
    assert [agent.value for agent in tasks[1].assignees] == ["Trạm Thú y", "UBND các xã"]


@pytest.mark.parametrize(
    ("words", "assigner"),
    [
        ("Trường hợp vướng mắc về Nghị định của Chính phủ, đề nghị Thuế tỉnh báo cáo", []),
        (
            "Xét đề nghị của Sở Xây dựng, Chủ tịch huyện giao Phòng Kinh tế lập hồ sơ",
            ["Chủ tịch huyện"],
        ),
        (
            "Để khắc phục lũ tại khu vực ven biển, Bộ Xây dựng yêu cầu các sở rà soát",
            ["Bộ Xây dựng"],
        ),
        ("Trước tình hình trên, UBND tỉnh yêu cầu các sở rà soát", ["UBND tỉnh"]),
        ("Để ổn định đời sống Nhân dân, Bộ Y tế yêu cầu các sở rà soát", ["Bộ Y tế"]),
        ("Để sớm ổn định tình hình Nhân dân, Bộ Y tế yêu cầu các sở rà soát", ["Bộ Y tế"]),
    ],
)
def test_a_name_that_another_word_governs_orders_nobody(words: str, assigner: list[str]) -> None:
    roles = roles_of(words, 0, len(words))
    assert [agent.value for agent in roles.assigner] == assigner
    assert roles.assignees


@pytest.mark.parametrize(
    ("words", "assigner", "assignees"),
    [
        ("“Phải xong trước mùa mưa”, Chủ tịch tỉnh nhấn mạnh.", ["Chủ tịch tỉnh"], []),
        ("Giám đốc Sở chỉ đạo, năm 2019 Chi cục Thuế phải sửa", [], ["Chi cục Thuế"]),
        ("Thứ trưởng đã chỉ đạo, yêu cầu các tỉnh rà soát", ["Thứ trưởng"], ["các tỉnh"]),
        ("Phó Tổng cục trưởng giao Vụ Pháp chế sửa", ["Phó Tổng cục trưởng"], ["Vụ Pháp chế"]),
        ("Giao Giám đốc Sở thừa ủy quyền UBND tỉnh ký hợp đồng", [], ["Giám đốc Sở"]),
        ("Ông Lê Bá Tước đề nghị: Cần bổ sung giải pháp", ["Ông Lê Bá Tước"], []),
        ("Hà Giang phải dừng ngay việc xây kè", [], ["Hà Giang"]),
        ("Bí thư quận nói, phường 3 cần dọn kênh", [], ["phường 3"]),
        ("Ông Lê Bá Tước cho biết Sở sẽ mở lớp", [], ["Sở"]),
        ("Bà Vũ Thị Mơ thông tin Chi cục Thú y sẽ tiêm phòng", [], ["Chi cục Thú y"]),
        ("Hiện tỉnh giao Sở Nội vụ nghiên cứu đề án", ["tỉnh"], ["Sở Nội vụ"]),
        ("Sai sót này cần được các trạm trưởng kịp thời sửa", [], ["các trạm trưởng"]),
        ("Mái dột nặng, do vậy yêu cầu ngành Y tế sửa", [], ["ngành Y tế"]),
        ("Đặc biệt, tổ chức Đoàn cần mở lớp", [], ["tổ chức Đoàn"]),
    ],
)
def test_reported_speech_tells_who_ordered_from_who_acts(
    words: str, assigner: list[str], assignees: list[str]
) -> None:
    roles = roles_of(words, 0, len(words), reported=True)
    assert [agent.value for agent in roles.assigner] == assigner
    assert [agent.value for agent in roles.assignees] == assignees


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("các Bộ: Y tế, Tài chính và Nội vụ rà soát", ["Bộ Y tế", "Bộ Tài chính", "Bộ Nội vụ"]),
        ("Sở Y tế và Sở Tài chính rà soát", ["Sở Y tế", "Sở Tài chính"]),
        (
            "các cơ quan chức năng, chính quyền địa phương rà soát",
            ["các cơ quan chức năng", "chính quyền địa phương"],
        ),
        ("ông Trần Văn Bưởi chủ trì", ["ông Trần Văn Bưởi"]),
        ("hồ sơ đất đai", []),
        ("", []),
    ],
)
def test_agents_are_read_as_a_list(words: str, expected: list[str]) -> None:
    found = read_agents(words, words_of(words, 0, len(words)), 0)
    assert [agent.value for agent in found.agents] == expected
    assert all(words[agent.start : agent.end] in agent.value for agent in found.agents)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("4. Sở Y tế:", ["Sở Y tế"]),
        ("2.1. UBND các huyện, thị xã", ["UBND các huyện, thị xã"]),
        ("Điều 3. Trách nhiệm của Sở Nội vụ", ["Sở Nội vụ"]),
        ("3. Yêu cầu của Đoàn đối với các đơn vị được kiểm tra", ["các đơn vị được kiểm tra"]),
        ("- Cấp thành phố", ["Cấp thành phố"]),
        ("- Nội dung giám sát của chủ đầu tư", ["chủ đầu tư"]),
        ("II. Tồn tại, hạn chế", []),
        ("1. Cải cách thủ tục hành chính", []),
        ("III. TỔ CHỨC THỰC HIỆN", []),
    ],
)
def test_headings_that_only_name_who_acts(title: str, expected: list[str]) -> None:
    assert [agent.value for agent in heading_agents(title, 0, len(title))] == expected


def test_markers_are_ranked_by_depth() -> None:
    markers = ["Điều 2.", "I.", "A.", "3.", "3.1.", "3.1.2.", "a)", "-", "+"]
    ranks = [rank_of(marker) for marker in markers]
    assert ranks == sorted(ranks, key=lambda rank: rank or 0)
    assert len(set(ranks)) == len(ranks)
    assert rank_of(None) is None
    assert rank_of("Khoản thứ hai:") == rank_of("Điều 2.")  # markers of older documents
    assert rank_of("1-") == rank_of("2 –") == rank_of("3.")


class TestInheritance:
    def test_lead_in_names_who_does_the_list(self) -> None:
        tasks = extract_tasks(
            draft_of(
                "C UBND huyện yêu cầu các phòng, ban thực hiện một số nhiệm vụ sau:",
                "T 1. Niêm yết đầy đủ thủ tục.",
                "T 2. Công khai số điện thoại đường dây nóng.",
            )
        )
        assert doers(tasks) == [["các phòng, ban"], ["các phòng, ban"]]
        assert all(found.inherited for task in tasks for found in task.assignees)
        assert [task.assigner and task.assigner.value for task in tasks] == ["UBND huyện"] * 2

    def test_time_at_the_front_of_a_lead_in_holds_for_its_list(self) -> None:
        tasks = extract_tasks(
            draft_of(
                "C Trong quý II năm 2024, UBND huyện giao:",
                "T - Phòng Y tế kiểm tra bếp ăn.",
                "T - Phòng Nội vụ lập danh sách trước ngày 10/4/2024.",
            )
        )
        assert [task.deadline and task.deadline.value for task in tasks] == [
            "2024-06-30",
            "2024-04-10",
        ]

    def test_title_of_an_item_without_colon_names_who_does_the_list(self) -> None:
        tasks = extract_tasks(
            draft_of(
                "H 4. Công an huyện",
                "T - Tuần tra ban đêm.",
                "C 5. Các chủ rừng là tổ chức (lâm trường, ban quản lý rừng)",
                "T - Cắm mốc ranh giới.",
            )
        )
        assert doers(tasks)[1] == ["Các chủ rừng là tổ chức (lâm trường, ban quản lý rừng)"]

    def test_time_of_a_meeting_is_no_deadline(self) -> None:
        (task,) = extract_tasks(
            draft_of(
                "C Tại cuộc họp ngày 05/3/2024, Chủ tịch UBND huyện kết luận như sau:",
                "T 1. Phòng Y tế kiểm tra bếp ăn.",
            )
        )
        assert task.deadline is None

    def test_doer_lines_below_a_group_are_for_all_its_items(self) -> None:
        tasks = extract_tasks(
            draft_of(
                "H 1. Dữ liệu",
                "T - Rà soát cơ sở dữ liệu.",
                "T - Số hóa sổ hộ tịch.",
                "H b) Cơ quan thực hiện:",
                "T - Đơn vị chủ trì: Sở Tư pháp.",
                "T c) Thời gian thực hiện: trước ngày 30/9/2024.",
            )
        )
        assert doers(tasks) == [["Sở Tư pháp"], ["Sở Tư pháp"]]
        assert [task.deadline and task.deadline.value for task in tasks] == ["2024-09-30"] * 2
        assert all(task.parts for task in tasks)

    def test_assignee_heading_ends_with_the_next(self) -> None:
        tasks = extract_tasks(
            draft_of(
                "H 1. Sở Y tế:",
                "T - Kiểm tra kho thuốc.",
                "H 2. Sở Công Thương:",
                "T - Kiểm tra chợ.",
                "T - Chủ trì, phối hợp với Công an tỉnh xử lý hàng giả.",
            )
        )
        assert doers(tasks) == [["Sở Y tế"], ["Sở Công Thương"], ["Sở Công Thương"]]
        assert names(tasks[2].coordinators) == ["Công an tỉnh"]

    def test_item_above_names_who_does_its_parts(self) -> None:
        tasks = extract_tasks(
            draft_of(
                "T 1. UBND các xã giúp dân dựng lại nhà, cụ thể:",
                "T a) Lập danh sách hộ nghèo.",
                "T b) Sở Tài chính cấp kinh phí.",
                "T 2. Rà soát lại nhà dột nát.",
            )
        )
        assert doers(tasks)[:3] == [["UBND các xã"], ["UBND các xã"], ["Sở Tài chính"]]

    def test_addressees_are_meant_where_nobody_is_named(self) -> None:
        tasks = extract_tasks(
            draft_of(
                "T Rà soát, gửi danh sách còn thiếu.", addressees=("Các phòng, đơn vị thuộc Sở",)
            )
        )
        assert doers(tasks) == [["Các phòng, đơn vị thuộc Sở"]]
        assert tasks[0].assignees[0].inherited

    def test_nobody_named_is_nobody_found(self) -> None:
        assert doers(extract_tasks(draft_of("T 1. Rà soát hồ sơ.", "T 2. Sửa quy trình."))) == [
            [],
            [],
        ]

    def test_an_item_does_not_speak_for_the_next(self) -> None:
        tasks = extract_tasks(
            draft_of("T - Sở Nội vụ kiểm tra công vụ.", "T - Cập nhật hồ sơ cán bộ.")
        )
        assert doers(tasks) == [["Sở Nội vụ"], []]

    def test_a_body_told_to_direct_stays_the_one_above(self) -> None:
        tasks = extract_tasks(draft_of("H 3. Sở Y tế:", "T - Chỉ đạo các bệnh viện tăng ca trực."))
        assert doers(tasks) == [["Sở Y tế"]]

    def test_a_head_in_a_list_means_no_body_named_before(self) -> None:
        tasks = extract_tasks(
            draft_of("T - Hội Nông dân xã mở lớp.", "T - Giao cho hội, đoàn thể giữ nhà văn hóa.")
        )
        assert doers(tasks)[1][0] == "hội"

    def test_own_plan_of_a_report_means_its_author(self) -> None:
        draft = draft_of("C Sở Tư pháp báo cáo.", "H III. GIẢI PHÁP", "T 1. Rà soát.", kind="BC")
        issuer = Found(value="Sở Tư pháp", start=0, end=10, quote="Sở Tư pháp", origin="test")
        header = draft.header.model_copy(update={"issuer": issuer})
        assert doers(extract_tasks(replace(draft, header=header))) == [["Sở Tư pháp"]]

    def test_stray_quotation_mark_hides_nobody(self) -> None:
        assert doers(extract_tasks(draft_of("T 'Yêu cầu các xã nộp báo cáo."))) == [["các xã"]]

    def test_council_means_the_committee_told_to_carry_out(self) -> None:
        tasks = extract_tasks(
            draft_of(
                "C Hội đồng nhân dân tỉnh quyết nghị:",
                "T 1. Đẩy nhanh giải ngân.",
                "T Hội đồng nhân dân tỉnh giao Ủy ban nhân dân tỉnh tổ chức thực hiện.",
                kind="NQ",
            )
        )
        assert doers(tasks)[0] == ["Ủy ban nhân dân tỉnh"]

    def test_short_name_means_the_body_named_before(self) -> None:
        tasks = extract_tasks(
            draft_of(
                "C Đoàn làm việc với Cục Thú y ngày 2/3.",
                "T Trong tháng 3, Cục phải công bố danh mục.",
            )
        )
        assert doers(tasks) == [["Cục Thú y"]]
        assert tasks[0].assignees[0].quote == "Cục"


class TestGrouping:
    def test_sentences_of_an_item_are_one_task(self) -> None:
        tasks = extract_tasks(
            draft_of(
                "T 1. Tăng cường kiểm tra chợ.",
                "/T Xử lý nghiêm vi phạm.",
                "T 2. Công khai kết quả.",
            )
        )
        assert [len(task.statements) for task in tasks] == [2, 1]
        assert tasks[0].quote == "1. Tăng cường kiểm tra chợ. Xử lý nghiêm vi phạm."

    def test_sub_paragraph_belongs_to_its_item(self) -> None:
        tasks = extract_tasks(
            draft_of("T 1. Kiểm tra bếp ăn.", "T Lập biên bản từng bếp.", "T 2. Báo cáo kết quả.")
        )
        assert [len(task.statements) for task in tasks] == [2, 1]

    def test_sentences_of_prose_are_tasks_of_their_own(self) -> None:
        tasks = extract_tasks(
            draft_of("T Sở Y tế kiểm tra kho thuốc.", "/T Sở Xây dựng kiểm tra chung cư.")
        )
        assert doers(tasks) == [["Sở Y tế"], ["Sở Xây dựng"]]

    def test_clauses_of_different_bodies_are_apart(self) -> None:
        tasks = extract_tasks(
            draft_of(
                "T 1. Sở Y tế cấp thuốc; Sở Tài chính bố trí kinh phí; Công an tỉnh giữ trật tự."
            )
        )
        assert doers(tasks) == [["Sở Y tế"], ["Sở Tài chính"], ["Công an tỉnh"]]

    def test_clauses_of_different_deadlines_are_apart(self) -> None:
        tasks = extract_tasks(
            draft_of(
                "T 2. UBND xã thu tiền trước ngày 10/4/2024; lập lại hồ sơ trước ngày 20/5/2024."
            )
        )
        assert [task.deadline and task.deadline.value for task in tasks] == [
            "2024-04-10",
            "2024-05-20",
        ]
        assert doers(tasks) == [["UBND xã"], ["UBND xã"]]

    def test_clause_with_only_a_deadline_belongs_to_the_one_before(self) -> None:
        (task,) = extract_tasks(
            draft_of("T 1. Sở Nội vụ lập danh sách; hoàn thành trước ngày 30/4/2024.")
        )
        assert task.deadline is not None
        assert task.deadline.value == "2024-04-30"

    def test_list_of_addressees_over_semicolons_is_one_clause(self) -> None:
        (task,) = extract_tasks(
            draft_of("T Yêu cầu Giám đốc các sở; Chủ tịch UBND các huyện nghiêm túc thực hiện.")
        )
        assert names(task.assignees) == ["Giám đốc các sở", "Chủ tịch UBND các huyện"]

    def test_marks_inside_a_text_part_it(self) -> None:
        tasks = extract_tasks(
            draft_of("T Đề nghị: (i) Sở Y tế kiểm tra thuốc; (ii) Sở Công Thương kiểm tra giá.")
        )
        assert ["Sở Y tế"] in doers(tasks)
        assert ["Sở Công Thương"] in doers(tasks)

    def test_lines_that_name_doer_and_time_belong_to_the_item(self) -> None:
        (task,) = extract_tasks(
            draft_of(
                "T 1. Xây dựng quy chế làm việc.",
                "T - Đơn vị chủ trì: Văn phòng Sở.",
                "T - Đơn vị phối hợp: Phòng Pháp chế.",
                "T - Thời gian thực hiện: trước ngày 15/6/2024.",
            )
        )
        assert names(task.assignees) == ["Văn phòng Sở"]
        assert not task.assignees[0].inherited
        assert names(task.coordinators) == ["Phòng Pháp chế"]
        assert task.deadline is not None
        assert task.deadline.value == "2024-06-15"
        assert len(task.statements) == 4

    def test_what_is_no_task_makes_none(self) -> None:
        assert (
            extract_tasks(draft_of("S Sở Y tế chưa kiểm tra kho thuốc.", "R Đề nghị Bộ cấp vốn."))
            == ()
        )


class TestMonitors:
    def test_closing_paragraph_names_who_follows_the_whole_list(self) -> None:
        tasks = extract_tasks(
            draft_of(
                "T 1. Sở Y tế kiểm tra kho thuốc.",
                "T 2. Sở Xây dựng kiểm tra chung cư.",
                "T Giao Văn phòng UBND tỉnh theo dõi, đôn đốc các nhiệm vụ trên.",
            )
        )
        assert [names(task.monitors) for task in tasks] == [["Văn phòng UBND tỉnh"]] * 2 + [[]]

    def test_only_the_named_section_is_followed(self) -> None:
        tasks = extract_tasks(
            draft_of(
                "H 1. Sở Y tế",
                "T - Kiểm tra kho thuốc.",
                "H 2. Sở Nội vụ",
                "T - Kiểm tra giờ giấc.",
                "T - Thanh tra tỉnh đôn đốc các nội dung tại mục 1.",
            )
        )
        assert [names(task.monitors) for task in tasks] == [["Thanh tra tỉnh"], [], []]

    def test_inspection_of_a_field_follows_no_list(self) -> None:
        tasks = extract_tasks(
            draft_of("T 1. Sở Y tế cấp thuốc.", "T 2. Sở Công Thương kiểm tra giá trên địa bàn.")
        )
        assert [names(task.monitors) for task in tasks] == [[], []]

    def test_closing_order_that_only_tells_to_follow_up(self) -> None:
        tasks = extract_tasks(
            draft_of(
                "C Các phòng/đơn vị thực hiện một số nhiệm vụ sau:",
                "T - Niêm yết thủ tục.",
                "T Giao Văn phòng Sở theo dõi, tổng hợp kết quả khắc phục.",
            )
        )
        assert names(tasks[0].assignees) == ["Các phòng/đơn vị"]
        assert names(tasks[0].monitors) == ["Văn phòng Sở"]


class TestKind:
    def test_order_is_an_assignment(self) -> None:
        (task,) = extract_tasks(draft_of("T Yêu cầu các trường kiểm tra bếp ăn."))
        assert task.kind == "assigned"

    def test_promise_is_a_commitment(self) -> None:
        (task,) = extract_tasks(draft_of("T Ban Pháp chế sẽ giám sát lại vào quý III/2024."))
        assert task.kind == "commitment"
        assert names(task.assignees) == ["Ban Pháp chế"]

    def test_news_tells_of_orders_and_promises(self) -> None:
        tasks = extract_tasks(
            draft_of(
                "T Chủ tịch UBND quận yêu cầu các phường dọn vỉa hè.",
                "/T Công ty Thoát nước cam kết xong trước ngày 20/5/2024.",
                family="news",
            )
        )
        assert [task.kind for task in tasks] == ["assigned", "commitment"]
        assert doers(tasks) == [["các phường"], ["Công ty Thoát nước"]]
        assert tasks[0].assigner is not None
        assert tasks[0].assigner.value == "Chủ tịch UBND quận"

    def test_speaker_is_not_the_one_who_is_to_act(self) -> None:
        (task,) = extract_tasks(
            draft_of(
                "T Thứ trưởng Lê Văn Ổi nhấn mạnh: các đơn vị phải công khai hồ sơ.", family="news"
            )
        )
        assert names(task.assignees) == ["các đơn vị"]

    def test_own_plan_of_a_report_is_a_commitment(self) -> None:
        tasks = extract_tasks(
            draft_of("H III. PHƯƠNG HƯỚNG", "T 1. Phòng Nội vụ rà soát biên chế.", kind="BC")
        )
        assert [task.kind for task in tasks] == ["commitment"]


class TestFields:
    def test_references_product_topic_and_urgency(self) -> None:
        (task,) = extract_tasks(
            draft_of(
                "T Sở Nội vụ khẩn trương xây dựng kế hoạch kiểm tra thủ tục hành chính theo "
                "Quyết định số 45/QĐ-UBND ngày 12/01/2024."
            )
        )
        assert task.references == ("45/QĐ-UBND",)
        assert task.product is not None
        assert task.product.value.startswith("kế hoạch kiểm tra")
        assert task.topic == "cải cách thủ tục hành chính"
        assert task.urgency == "khẩn trương"

    @pytest.mark.parametrize(
        ("words", "topic"),
        [
            ("Rà soát văn bản quy phạm pháp luật hết hiệu lực", "cải cách thể chế"),
            ("Giảm hồ sơ trễ hạn tại bộ phận một cửa", "cải cách thủ tục hành chính"),
            ("Sáp nhập hai phòng, tinh gọn tổ chức bộ máy", "cải cách tổ chức bộ máy"),
            ("Chấn chỉnh kỷ luật, kỷ cương hành chính", "cải cách chế độ công vụ"),
            ("Đẩy nhanh giải ngân vốn đầu tư công", "cải cách tài chính công"),
            (
                "Số hóa hồ sơ, nộp qua dịch vụ công trực tuyến",
                "xây dựng chính phủ điện tử, chính phủ số",
            ),
            ("Nạo vét hồ chứa trước mùa mưa lũ", "phòng, chống thiên tai"),
            ("Ghi chép đầy đủ", None),
        ],
    )
    def test_topics(self, words: str, topic: str | None) -> None:
        assert topic_of(words) == topic

    @pytest.mark.parametrize(
        ("words", "product"),
        [
            ("Lập danh sách hộ nghèo trước ngày 1/5", "danh sách hộ nghèo"),
            ("Trình đề án tự chủ để thẩm định", "đề án tự chủ"),
            ("Kiểm tra bếp ăn", None),
            ("Các chợ lập hồ sơ ghi rõ số sạp đã cho thuê lại", "hồ sơ"),
            ("Đơn vị lập quy hoạch khu dân cư có trách nhiệm lấy ý kiến", "quy hoạch khu dân cư"),
            ("Thực hiện theo mức do Sở Xây dựng quy định", None),
            ("Sửa đổi, bổ sung Quyết định số 14/QĐ-UBND của huyện", None),
        ],
    )
    def test_products(self, words: str, product: str | None) -> None:
        span = find_product(words, 0, len(words))
        assert (span and words[span[0] : span[1]]) == product

    def test_task_ids_do_not_depend_on_offsets(self) -> None:
        before = extract_tasks(draft_of("C Kính chào.", "T Sở Y tế kiểm tra kho thuốc."))
        after = extract_tasks(draft_of("C Kính chào.", "T Sở Y tế kiểm tra kho thuốc."))
        assert [task.id for task in before] == [task.id for task in after]


_WORDS = st.sampled_from(
    [
        "Giao",
        "yêu",
        "cầu",
        "đề",
        "nghị",
        "Sở",
        "Y",
        "tế",
        "UBND",
        "các",
        "huyện",
        ",",
        ";",
        ":",
        ".",
        "-",
        "(",
        ")",
        "“",
        "”",
        "và",
        "phối",
        "hợp",
        "với",
        "báo",
        "cáo",
        "trước",
        "ngày",
        "30/4/2024",
        "1.",
        "a)",
        "kiểm",
        "tra",
        "sẽ",
        "phải",
        "Các",
        "Bộ:",
        "Tài",
        "chính",
        "do",
        "theo",
        "dõi",
        "nhiệm",
        "vụ",
        "trên",
        "\xa0",
        "Đồng",
        "chí",
        "12",
        "hồ",
        "sơ",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("TCH"), st.lists(_WORDS, min_size=1, max_size=25)), max_size=8
    )
)
def test_any_words_give_verbatim_tasks(lines: list[tuple[str, list[str]]]) -> None:
    draft = draft_of(
        *(f"{code} {' '.join(words)}" for code, words in lines if "".join(words).strip())
    )
    text = draft.document.text
    tasks = extract_tasks(draft)
    assert len({task.id for task in tasks}) <= len(tasks)
    for task in tasks:
        assert text[task.start : task.end] == task.quote != ""
        for found in (*task.assignees, *task.coordinators, *task.monitors, *task.report_to):
            assert text[found.start : found.end] == found.quote
        if task.deadline:
            assert text[task.deadline.start : task.deadline.end] == task.deadline.raw


@pytest.mark.parametrize(
    "line",
    [
        "T " + "Giao " * 400,
        "T " + "Sở Y tế, " * 300,
        "T " + "(" * 500,
        "T ;;;;",
        "T 1.",
        "T " + "các " * 300,
    ],
)
def test_hostile_lines_are_survived(line: str) -> None:
    extract_tasks(draft_of(line, line))


@pytest.mark.parametrize(
    "lines",
    [
        ("T Bộ: ,", "T ;"),
        ("T 1. Sở Y tế:", "T a) ;"),
        ("H Sửa mái nhà kho", "T Bộ: Giao Giao Giao", "T Bộ: 30/4/2024", "T 30/4/2024"),
    ],
)
def test_odd_lines_below_each_other_are_survived(lines: tuple[str, ...]) -> None:
    extract_tasks(draft_of(*lines))


def test_an_undated_report_lends_the_year_of_its_text_and_says_so() -> None:
    draft = draft_of(
        "C Ngày 5/3/2019, đoàn kiểm tra của tỉnh làm việc tại huyện.",
        "T Chủ tịch UBND tỉnh yêu cầu Sở Xây dựng báo cáo trước ngày 30/4.",
        family="news",
        kind="NEWS",
    )
    undated = replace(draft, header=draft.header.model_copy(update={"issued_on": None}))
    deadlines = [task.deadline for task in extract_tasks(undated) if task.deadline]
    assert [deadline.value for deadline in deadlines] == ["2019-04-30"]
    assert deadlines[0].origin.endswith(".inferred-year")


@pytest.mark.parametrize(
    ("item", "assignees", "coordinators"),
    [
        ("Sửa mái nhà kho số 2 - Đội 3, Đội 5 - trong tháng 7/2024.", ["Đội 3", "Đội 5"], []),
        ("Sửa mái nhà kho số 2 (Đội 3 chủ trì, Đội 5 phối hợp).", ["Đội 3"], ["Đội 5"]),
        (
            "Lập dự toán mua máy bơm - Phòng Kế hoạch - Tài chính - tháng 7/2024",
            ["Phòng Kế hoạch - Tài chính"],
            [],
        ),
        ("Sửa mái nhà kho số 2 - ưu tiên kho lương thực.", [], []),
        ("Rà soát giai đoạn 2021 - 2023.", [], []),
    ],
)
def test_an_item_may_end_in_who_does_it(
    item: str, assignees: list[str], coordinators: list[str]
) -> None:
    roles = roles_of(item, 0, len(item))
    assert [agent.value for agent in roles.assignees] == assignees
    assert [agent.value for agent in roles.coordinators] == coordinators


PLAN = (
    ("STT", "Nội dung công việc", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời hạn", "Sản phẩm"),
    ("1", "Lập sổ theo dõi trâu bò", "Trạm Thú y", "UBND các xã", "Quý II/2024", "Sổ theo dõi"),
    ("II", "Trồng trọt", "", "", "", ""),
    ("2", "Mở lớp ghép cành", "Trạm Khuyến nông; Hội Nông dân", "", "15/9/2024", ""),
    ("3", "Đo lại ruộng", "", "", "Hằng tháng", ""),
)


def _plan_file(form: str) -> bytes:
    if form == "docx":
        return docx(p("KẾ HOẠCH") + table(*PLAN))
    lines = [f"| {' | '.join(row)} |" for row in PLAN]
    return "\n".join(["KẾ HOẠCH", "", lines[0], "|---|---|---|---|---|---|", *lines[1:]]).encode()


@pytest.mark.parametrize("form", ["docx", "md"])
def test_rows_of_a_plan_are_tasks_and_its_columns_say_the_rest(form: str) -> None:
    plain, _ = structured(read(_plan_file(form), f"plan.{form}", limits=Limits()))
    task = Labelled("task", 1.0, "test")
    labels = tuple(task if unit.kind == "statement" else None for unit in plain.units)
    tasks = extract_tasks(replace(plain, labels=labels))
    assert [task.action for task in tasks] == [PLAN[1][1], PLAN[3][1], PLAN[4][1]]
    assert doers(tasks) == [["Trạm Thú y"], *[["Trạm Khuyến nông", "Hội Nông dân"]] * 2]
    assert [found.value for found in tasks[0].coordinators] == ["UBND các xã"]
    assert [task.deadline and task.deadline.value for task in tasks] == [
        "2024-06-30",
        "2024-09-15",
        "FREQ=MONTHLY",
    ]
    assert tasks[0].product is not None
    assert tasks[0].product.value == "Sổ theo dõi"
    assert [found.inherited for found in tasks[2].assignees] == [True, True]


def test_a_table_of_what_was_done_is_no_plan() -> None:
    text = "| Nội dung | Đơn vị thực hiện | Kết quả thực hiện |\n| Sửa mái | Đội 3 | Đã xong |\n"
    assert plan_tables(read(text.encode(), "done.md", limits=Limits())) == ()


def test_items_that_say_what_a_report_is_to_hold_belong_to_its_task() -> None:
    tasks = extract_tasks(
        draft_of(
            "T 1. Các đội thống kê, báo cáo các nội dung sau:",
            "T a) Số nhà tốc mái.",
            "T b) Số trâu bò bị chết.",
            "T 2. Đội 3 dựng lại cột điện.",
        )
    )
    assert len(tasks) == 2
    assert "Số trâu bò" in tasks[0].quote


def test_a_list_that_a_body_announces_for_itself_is_its_commitment() -> None:
    tasks = extract_tasks(
        draft_of(
            "C Hội đồng nhân dân tỉnh sẽ tạm dừng một số dịch vụ, cụ thể như sau:",
            "T - Dừng cấp thẻ thư viện.",
            "T - Dừng tiếp bạn đọc.",
            kind="NQ",
        )
    )
    assert [task.kind for task in tasks] == ["commitment"] * 2
    assert doers(tasks) == [["Hội đồng nhân dân tỉnh"]] * 2


def test_a_task_that_only_follows_up_is_for_the_list_before_it() -> None:
    tasks = extract_tasks(
        draft_of(
            "C 1. Yêu cầu các trạm:",
            "T a) Sửa mái nhà.",
            "T b) Thay bảng hiệu.",
            "C 2. Việc khác",
            "T Phòng Tổ chức theo dõi việc khắc phục của các trạm.",
            "T Phòng Tài vụ chi tiền sửa chữa.",
        )
    )
    monitors = [[found.value for found in task.monitors] for task in tasks]
    assert monitors == [["Phòng Tổ chức"], ["Phòng Tổ chức"], [], []]


def test_following_up_reaches_all_below_the_section_it_names() -> None:
    tasks = extract_tasks(
        draft_of(
            "H I. Thu chi",
            "T 1. Đội 3 nộp sổ.",
            "H II. Nhà đất",
            "H 1. Đất ở",
            "T - Đội 5 cắm mốc.",
            "T Tổ Kiểm tra đôn đốc các nội dung tại mục II.",
            "T 2. Tổ Kiểm tra lập sổ theo dõi.",
        )
    )
    monitors = [[found.value for found in task.monitors] for task in tasks]
    assert monitors == [[], ["Tổ Kiểm tra"], [], []]


def test_two_times_of_one_act_do_not_cut_it() -> None:
    (task,) = extract_tasks(
        draft_of("T Định kỳ hằng quý, hằng năm, Phòng Y tế báo cáo kết quả tiêm phòng.")
    )
    assert task.quote.startswith("Định kỳ")
    assert doers([task]) == [["Phòng Y tế"]]


def test_a_day_set_by_an_item_holds_for_the_items_below_it() -> None:
    tasks = extract_tasks(
        draft_of(
            "T 2. Các đội gửi danh sách về Phòng trước ngày 05/6/2024.",
            "T a) Đội 3: danh sách hộ nghèo.",
            "T b) Đội 5: danh sách hộ cận nghèo.",
            "T 3. Phòng tổng hợp.",
        )
    )
    due = [task.deadline and task.deadline.value for task in tasks]
    assert due == ["2024-06-05"] * 3 + [None]


def test_cells_below_a_task_name_its_doer_and_its_time() -> None:
    draft = draft_of(
        "T 1. Rà lại sổ trực, bổ sung chữ ký còn thiếu",
        "T Khoa Khám bệnh chủ trì; phối hợp: Phòng Điều dưỡng",
        "T 15/8/2024",
        "T 2. Thay bình ô xy ở phòng cấp cứu",
        "T Phòng Tài chính - Kế toán",
        "T Trong quý III/2024",
    )
    first, second = extract_tasks(draft)
    assert [agent.value for agent in first.assignees] == ["Khoa Khám bệnh"]
    assert [agent.value for agent in first.coordinators] == ["Phòng Điều dưỡng"]
    assert first.deadline is not None
    assert first.deadline.value == "2024-08-15"
    assert [agent.value for agent in second.assignees] == ["Phòng Tài chính - Kế toán"]
    assert second.deadline is not None
    assert second.deadline.value == "2024-09-30"


def test_a_task_that_goes_on_in_a_list_sets_the_time_of_its_items() -> None:
    draft = draft_of(
        "T 2. Các cơ quan tổng hợp, gửi Sở Nội vụ trước ngày 10/12 hằng năm, cụ thể:",
        "T a) Công an tỉnh: tổng hợp danh sách vi phạm.",
        "T b) Sở Y tế: tổng hợp danh sách cơ sở bị xử phạt.",
    )
    values = [task.deadline and task.deadline.value for task in extract_tasks(draft)]
    assert values == ["FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=10"] * 3


class TestLeadIns:
    """Sentences that only open a list are no tasks, whatever they were labelled."""

    def test_a_sentence_that_orders_only_the_items_below_it(self) -> None:
        tasks = extract_tasks(
            draft_of(
                "T Để giữ sạch chợ, yêu cầu các tổ dân phố thực hiện tốt một số nhiệm vụ sau:",
                "T 1. Quét dọn lối đi.",
                "T 2. Thu gom rác trước 7 giờ.",
            )
        )
        assert doers(tasks) == [["các tổ dân phố"], ["các tổ dân phố"]]

    def test_a_lead_in_that_also_orders_an_act_is_a_task(self) -> None:
        tasks = extract_tasks(
            draft_of(
                "T 1. Sở Y tế dập dịch, trong đó tập trung thực hiện các nhiệm vụ sau:",
                "T a) Phun hóa chất.",
            )
        )
        assert len(tasks) == 2

    def test_an_item_that_is_the_title_of_those_who_act(self) -> None:
        tasks = extract_tasks(
            draft_of(
                "T 2. Các phòng chủ trì thực hiện các nội dung thuộc Chương trình",
                "T - Lập kế hoạch.",
                "T - Báo cáo kết quả.",
            )
        )
        assert len(tasks) == 2

    def test_a_doubtful_sentence_without_doer_time_or_act_is_none(self) -> None:
        draft = draft_of("T Nguồn kinh phí do ngân sách bảo đảm.", "T Rà soát lại danh sách.")
        unsure = tuple(label and replace(label, confidence=0.4) for label in draft.labels)
        tasks = extract_tasks(replace(draft, labels=unsure))
        assert [task.quote for task in tasks] == ["Rà soát lại danh sách."]


class TestSemicolons:
    """What stands together over ";"."""

    def test_a_list_of_those_told_goes_on(self) -> None:
        (task,) = extract_tasks(
            draft_of(
                "T Bộ trưởng yêu cầu Thủ trưởng các đơn vị; Giám đốc các trường rà soát hợp đồng."
            )
        )
        assert names(task.assignees) == ["Thủ trưởng các đơn vị", "Giám đốc các trường"]

    def test_who_answers_for_an_act_is_part_of_it(self) -> None:
        (task,) = extract_tasks(
            draft_of(
                "T Trạm Thú y tiêm hai mũi; Trạm trưởng chịu trách nhiệm trước huyện về việc này."
            )
        )
        assert names(task.assignees) == ["Trạm Thú y"]

    def test_a_name_far_behind_an_act_does_not_cut(self) -> None:
        tasks = extract_tasks(
            draft_of(
                "T Phòng Nội vụ tổng hợp kết quả thi đua; đề xuất hình thức khen thưởng "
                "cho người có nhiều sáng kiến và đề nghị các xã noi theo."
            )
        )
        assert len(tasks) == 1


def test_a_line_below_another_heading_belongs_to_no_task_before_it() -> None:
    tasks = extract_tasks(
        draft_of(
            "H 1. Nhiệm vụ",
            "T - Trồng lại rừng phòng hộ.",
            "H 2. Kinh phí thực hiện",
            "T - Hình thức đầu tư: ngân sách huyện.",
        )
    )
    assert tasks[0].parts is None
    assert tasks[0].quote == "- Trồng lại rừng phòng hộ."


def news_units(*lines: tuple[str, str, float]) -> tuple[Task, ...]:
    """The tasks of a report whose sentences have a label and a score of "task"."""
    plain = draft_of(*(f"C {words}" for words, _, _ in lines), family="news")
    labels = tuple(Labelled(label, score, "test", None, score) for _, label, score in lines)
    return extract_tasks(replace(plain, labels=labels))


@pytest.mark.parametrize(
    ("words", "label", "score", "found"),
    [
        ("Chủ tịch huyện yêu cầu các xã dọn kênh trước mùa mưa.", "context", 0.3, True),
        ("Sở Y tế cho biết sẽ kiểm tra các bếp ăn.", "achievement", 0.3, True),
        ("Chủ tịch huyện yêu cầu các xã dọn kênh trước mùa mưa.", "context", 0.2, True),
        ("Chủ tịch huyện yêu cầu các xã dọn kênh trước mùa mưa.", "context", 0.04, False),
        ("Kênh mương được dọn sạch trong mùa mưa.", "context", 0.4, False),
        ("Chủ tịch huyện yêu cầu các xã dọn kênh trước mùa mưa.", "proposal", 0.2, False),
        ("Sở Y tế sẽ kiểm tra các bếp ăn.", "context", 0.2, True),
        ("Sở Y tế đang kiểm tra các bếp ăn.", "context", 0.2, False),
        ("Các xã cần dọn kênh.", "context", 0.3, True),
        ("Các xã dọn kênh.", "context", 0.3, False),
        ("Kênh mương được dọn sạch trong mùa mưa.", "task", 0.4, False),
        ("Kênh mương cần được dọn sạch.", "task", 0.6, True),
    ],
)
def test_in_news_words_of_order_count_beside_the_score(
    words: str, label: str, score: float, found: bool
) -> None:
    assert bool(news_units((words, label, score))) is found


def test_a_sentence_of_news_that_details_the_one_before_belongs_to_it() -> None:
    tasks = extract_tasks(
        draft_of(
            "T Sở Y tế sẽ kiểm tra các bếp ăn.",
            "/T Trong đó xem xét nguồn gốc rau quả.",
            "/T Nước giếng cũng phải lấy mẫu.",
            family="news",
        )
    )
    assert [task.quote.count(".") for task in tasks] == [2, 1]


def test_sentences_of_one_paragraph_that_name_nobody_are_one_task_outside_news() -> None:
    lines = ("T Mở rộng tuyên truyền về đất đai.", "/T Bố trí kinh phí cho việc này.")
    assert len(extract_tasks(draft_of(*lines))) == 1
    assert len(extract_tasks(draft_of(*lines, family="news"))) == 2


def test_words_that_only_name_those_they_order_open_a_list() -> None:
    tasks = extract_tasks(
        draft_of(
            "T Sở Y tế yêu cầu các trạm:", "T Dọn kho thuốc.", "T b) Để kịp, đề nghị: (i) mua tủ."
        )
    )
    assert [task.quote for task in tasks] == ["Dọn kho thuốc.", "b) Để kịp, đề nghị: (i) mua tủ."]
    assert doers(tasks)[0] == ["các trạm"]


def test_markdown_marks_hide_neither_doers_nor_times() -> None:
    tasks = extract_tasks(
        draft_of(
            "T **2. **Sở Y tế chủ trì mua tủ lạnh trước ngày **15/3/2024**.",
            "T - Mở lớp tập huấn.",
            "T *Đơn vị chủ trì: *Trạm Y tế.",
            "T *Thời gian thực hiện: *Tháng 5/2024.",
        )
    )
    assert doers(tasks) == [["Sở Y tế"], ["Trạm Y tế"]]
    assert [task.deadline and task.deadline.value for task in tasks] == ["2024-03-15", "2024-05-31"]
    assert tasks[0].action == "chủ trì mua tủ lạnh trước ngày 15/3/2024"


def test_a_bold_title_above_items_is_no_task() -> None:
    text = "KẾ HOẠCH\n\n**1. Rà soát kho thuốc**\n\n- Trạm Y tế rà soát kho thuốc của mình.\n"
    plain, _ = structured(read(text.encode(), "title.md", limits=Limits()))
    task = Labelled("task", 1.0, "test")
    labels = tuple(task if unit.marker else None for unit in plain.units)
    units = tuple(replace(unit, kind="statement") for unit in plain.units)
    tasks = extract_tasks(replace(plain, units=units, labels=labels))
    assert doers(tasks) == [["Trạm Y tế"]]


def test_a_purpose_with_a_time_is_no_task_of_its_own() -> None:
    line = "T Để kịp thu từ ngày 01/4/2024, đề nghị các xã lập danh sách, gửi trước ngày 15/3/2024."
    assert doers(extract_tasks(draft_of(line)))[0] == ["các xã"]


def test_a_line_that_names_the_doer_counts_whatever_its_label() -> None:
    tasks = extract_tasks(draft_of("T - Mở lớp tập huấn.", "C Đơn vị chủ trì: Trạm Y tế."))
    assert doers(tasks) == [["Trạm Y tế"]]


@pytest.mark.parametrize(
    ("line", "score", "label", "found"),
    [
        ("a) Mua thêm tủ thuốc.", 0.2, "context", True),
        ("a) Mua thêm tủ thuốc.", 0.04, "context", False),
        ("a) Mua thêm tủ thuốc.", 0.2, "achievement", False),
        ("a) Tủ thuốc của trạm còn mới.", 0.2, "context", False),
        ("b) Trạm Y tế xã có trách nhiệm kê thuốc.", 0.2, "context", True),
        ("b) Trạm Y tế xã kê thuốc trước ngày 15/3/2024.", 0.2, "context", True),
        ("b) Giao Trạm Y tế xã kê thuốc.", 0.2, "context", True),
        ("b) Trạm Y tế xã là nơi tổ chức lớp học.", 0.2, "context", False),
        ("b) Trạm Y tế xã trả lời đầy đủ.", 0.2, "context", False),
        ("b) Trạm Y tế xã trả lời đầy đủ.", 0.3, "context", True),
        ("Trạm Y tế xã trả lời để ông An biết.", 0.3, "context", False),
        ("Giao cho Trạm Y tế xã.", 0.2, "context", False),
        ("Mua thêm tủ thuốc.", 0.3, "context", True),
        ("Mua thêm tủ thuốc.", 0.2, "context", False),
        ("Đến năm 2030 xây dựng 12 trạm y tế.", 0.2, "context", True),
        ("Đến năm 2030 dân số là 12 triệu người.", 0.2, "context", False),
    ],
)
def test_a_unit_that_is_perhaps_a_task_is_one_where_it_is_worded_so(
    line: str, score: float, label: Label, found: bool
) -> None:
    plain = draft_of("H 1. Sở Y tế:", f"C {line}")
    perhaps = Labelled(label, 0.8, "test", None, score)
    assert bool(extract_tasks(replace(plain, labels=(None, perhaps)))) is found


def test_the_goal_of_a_task_belongs_to_it() -> None:
    line = "T - Trạm Y tế xã mở 3 điểm tiêm; phấn đấu 95% trẻ được tiêm trong quý II năm 2024."
    tasks = extract_tasks(draft_of(line))
    assert [task.deadline and task.deadline.value for task in tasks] == ["2024-06-30"]


LINES = (
    "C 1. Tủ thuốc của 5 trạm đã cũ",
    "C Mua tủ mới; thanh lý tủ hỏng",
    "C Phòng Vật tư và thiết bị y tế (chủ trì); Trạm Y tế số 1, số 2",
    "C Trong quý III/2024",
    "C 2. Thiếu thuốc cấp cứu",
    "C Lập danh mục thuốc theo mùa",
    "H Khoa Dược",
    "C 30/6/2024",
)


def test_rows_printed_line_by_line_are_tasks_whatever_their_labels() -> None:
    tasks = extract_tasks(draft_of(*LINES))
    assert doers(tasks) == [
        ["Phòng Vật tư và thiết bị y tế", "Trạm Y tế số 1, số 2"],
        ["Khoa Dược"],
    ]
    assert [task.deadline and task.deadline.value for task in tasks] == ["2024-09-30", "2024-06-30"]
    assert [task.quote.split("\n")[0][:7] for task in tasks] == ["Mua tủ ", "Lập dan"]
    assert tasks[0].parts is None
    assert tasks[1].parts is not None  # its second line is no statement


def test_one_row_alone_is_no_table() -> None:
    assert extract_tasks(draft_of(*LINES[:4])) == ()


def test_who_speaks_next_in_news_does_not_order_the_body_before() -> None:
    tasks = extract_tasks(
        draft_of(
            "T Chủ tịch huyện yêu cầu các xã dọn kênh.",
            "/T Chủ tịch tỉnh yêu cầu tập trung chống hạn.",
            family="news",
        )
    )
    assert doers(tasks) == [["các xã"], []]


def test_a_lead_in_may_tell_a_body_to_direct_another() -> None:
    tasks = extract_tasks(
        draft_of(
            "T 1. Sở Y tế mua thuốc.",
            "C 2. Sở Y tế chỉ đạo Trạm Y tế xã:",
            "T a) Tiêm phòng cho trẻ.",
        )
    )
    assert doers(tasks)[1] == ["Sở Y tế", "Trạm Y tế xã"]


@pytest.mark.parametrize(("score", "sentences"), [(0.2, 2), (0.04, 1)])
def test_a_sentence_of_an_item_that_is_perhaps_a_task_belongs_to_it(
    score: float, sentences: int
) -> None:
    plain = draft_of("T 1. Rà soát kho thuốc.", "/C Sổ sách rõ ràng từng tháng.")
    perhaps = Labelled("context", 0.8, "test", None, score)
    tasks = extract_tasks(replace(plain, labels=(plain.labels[0], perhaps)))
    assert [task.quote.count(".") - 1 for task in tasks] == [sentences]


@pytest.mark.parametrize(
    ("line", "doer"),
    [
        (
            "T 3. Trường Phổ thông Suối Bon yêu cầu nhà thầu giao bù bàn ghế.",
            "Trường Phổ thông Suối Bon",
        ),
        ("T 3. Hội đồng nhân dân tỉnh yêu cầu nhà thầu giao bù bàn ghế.", "nhà thầu"),
        ("T 3. Sở yêu cầu nhà thầu giao bù bàn ghế.", "nhà thầu"),
    ],
)
def test_a_body_that_did_not_issue_the_document_is_told_to_order(line: str, doer: str) -> None:
    assert doers(extract_tasks(draft_of(line, kind="NQ"))) == [[doer]]
