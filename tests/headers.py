"""Invented documents for the tests of the header, and how to read them."""

from __future__ import annotations

import hashlib
import textwrap
from typing import Any

from pipeline.document import Document, Metadata
from pipeline.header import HeaderResult, parse_header
from pipeline.structure.lines import lines_of

STATE = """UBND TỈNH SÔNG LAM
SỞ KHOA HỌC VÀ CÔNG NGHỆ
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 418/TB-SKHCN
Sông Lam, ngày 05 tháng 7 năm 2021
THÔNG BÁO
Kết luận kiểm tra việc sử dụng phần mềm một cửa tại các đơn vị thuộc Sở
Thực hiện Kế hoạch số 77/KH-SKHCN ngày 02/3/2021, Tổ kiểm tra đã làm việc với 06 đơn vị.
I. Kết quả
Các đơn vị đã cập nhật đủ 320 hồ sơ, trả kết quả đúng hẹn.
II. Yêu cầu
Phòng Tài chính hoàn thành sổ theo dõi trước ngày 30/8/2021./.
Nơi nhận:
- UBND tỉnh (để b/c);
- Giám đốc, các Phó Giám đốc Sở;
- Các đơn vị được kiểm tra;
- Lưu: VT, TTr.
KT. GIÁM ĐỐC
PHÓ GIÁM ĐỐC
Hoàng Thị Bích Đào
"""

LETTER = """ỦY BAN NHÂN DÂN
HUYỆN ĐÔNG GIANG
Số: /UBND-VHTT
V/v chuẩn bị hội thi cồng chiêng và đón đoàn kiểm tra
của tỉnh
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Đông Giang, ngày     tháng 9 năm 2014
Kính gửi:
- Phòng Văn hóa và Thông tin;
- UBND các xã: Ba, Tư, A Ting.
Để hội thi diễn ra an toàn, UBND huyện yêu cầu các đơn vị chuẩn bị sân bãi.
Nơi nhận: CHỦ TỊCH
- Như trên;
- TT. Huyện ủy (để b/c);
(Đã ký)
- Các đơn vị liên quan;
Bríu Thị Nem
- Lưu: VT.
"""

PARTY = """ĐẢNG BỘ TỈNH SÔNG LAM
HUYỆN ỦY YÊN PHÚ
*
Số 31-BC/HU
ĐẢNG CỘNG SẢN VIỆT NAM
Yên Phú, ngày 19 tháng 12 năm 2022
BÁO CÁO
tổng kết công tác kiểm tra, giám sát năm 2022
-----
Năm 2022, Huyện ủy đã kiểm tra 12 tổ chức đảng.
Nơi nhận:
- Tỉnh ủy (báo cáo),
- Các chi bộ trực thuộc,
- Lưu Văn phòng Huyện ủy.
T/M BAN THƯỜNG VỤ
PHÓ BÍ THƯ THƯỜNG TRỰC
Lò Văn Pâng
"""

DISPATCH = """BỘ Y TẾ
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc
Số: 12/CĐ-BYT
Hà Nội, ngày 03 tháng 10 năm 2025
HỎA TỐC
CÔNG ĐIỆN VỀ VIỆC CẤP CỨU, THU DUNG NGƯỜI BỊ NẠN DO BÃO BỘ Y TẾ điện: - Sở Y tế các tỉnh: Lam Sơn, \
Sông Mây; - Các bệnh viện trực thuộc Bộ. Hồi 7 giờ sáng nay, tâm bão ở cách bờ 120 km và \
gió giật mạnh trên cấp 12, nhiều nơi mất điện. Bộ Y tế yêu cầu các đơn vị trực cấp cứu 24/24 giờ./.
Nơi nhận: - Như trên; - Bộ trưởng (để b/c); - Cục Quản lý Khám, chữa bệnh - Bộ Y tế; \
- Lưu: VT, KCB (03).
KT. BỘ TRƯỞNG THỨ TRƯỞNG Vi Thị Nàng Hương
"""

NEWS = """A- A A+ | Tăng tương phản
Thanh tra huyện chấn chỉnh việc thu tiền ở chợ đầu mối
08:15 12/01/2020
Chiều 31-12, Thanh tra huyện Sông Hinh công bố kết luận về việc thu tiền mặt bằng ở chợ đầu mối.
Đại diện Ban Quản lý chợ tại buổi công bố. Ảnh: N.P
Theo kết luận, Ban Quản lý chợ thu đúng mức đối với 214 hộ, còn 9 hộ bị thu trùng.
Đinh Văn Kỳ
Từ khóa:
Bình luận của bạn
"""


def document(text: str, **metadata: Any) -> Document:
    """`text` as a plain document, with what a page would say of itself."""
    data = text.encode()
    return Document(
        name="document.txt",
        media_type="text/plain",
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        text=text,
        metadata=Metadata(**metadata),
    )


def read(text: str, **metadata: Any) -> HeaderResult:
    """The header of `text`."""
    doc = document(text, **metadata)
    return parse_header(doc, lines_of(doc))


def values(result: HeaderResult) -> dict[str, Any]:
    """Every field of the header that was found, as plain values."""
    found: dict[str, Any] = {}
    for name in type(result.header).model_fields:
        value = getattr(result.header, name)
        if isinstance(value, tuple):
            found[name] = [item.value for item in value]
        elif value is not None and hasattr(value, "value"):
            found[name] = value.value
    return {name: value for name, value in found.items() if value}


def wrapped(text: str, width: int = 72) -> str:
    """`text` with every line cut at `width`, as plain-text exports do."""
    lines = text.split("\n")
    return "\n".join(
        "\n".join(textwrap.wrap(line, width, break_on_hyphens=False)) if line.strip() else line
        for line in lines
    )
