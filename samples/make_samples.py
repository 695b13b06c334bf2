"""Build the binary samples (PDF, scans, DOCX, old encodings) from the form.yaml beside each.

    python samples/make_samples.py [SLUG...]

Needs Pillow, python-docx, reportlab and Debian's fonts-liberation2 (version 2 of these fonts has
every Vietnamese letter). The same fonts and library versions give the same bytes; others may not,
so the built files are committed and tests read those.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import math
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import numpy as np
import yaml
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont
from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

HERE = Path(__file__).resolve().parent
FONT_DIR = Path("/usr/share/fonts/truetype/liberation2")
FONTS = {"": "Regular", "b": "Bold", "i": "Italic", "bi": "BoldItalic"}
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 595, 842, 85, 538, 60, 785
"""Page and text area in points, from the top left corner (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""
SIZE, LEADING = 12.5, 16.5
SCAN_DPI, PHOTO_DPI = 150, 165

# TCVN 5712:1993 (VN3): one byte a letter; the same order in both strings
TCVN3_LETTERS = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ"
TCVN3_BYTES = (
    "b5b8b6b7b9a8bbbebcbdc6a9c7cac8c9cbaeccd0ced1cfaad2d5d3d4d6d7ddd8dcdedfe3e1e2e4abe5e8e6e7e9"
    "aceaedebeceeeff3f1f2f4adf5f8f6f7f9fafdfbfcfea1a2a7a3a4a5a6"
)


@dataclass(frozen=True)
class Text:
    """One printed run: left end and baseline in points, style "", "b", "i" or "bi"."""

    x: float
    y: float
    text: str
    style: str = ""
    size: float = SIZE


Page = list[Text]


def width_of(text: str, style: str, size: float) -> float:
    """Printed width in points."""
    return float(pdfmetrics.stringWidth(text, f"Serif{style}", size))


def wrap(text: str, width: float, style: str, size: float, indent: float = 0) -> Iterator[str]:
    """`text` cut into lines that fit; the first line is shorter by `indent`."""
    line, room = "", width - indent
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and width_of(longer, style, size) > room:
            yield line
            line, room = word, width
        else:
            line = longer
    yield line


def marked(text: str) -> tuple[str, str]:
    """The text without its ** or _ marks, and its style."""
    if text.startswith("**"):
        return text.strip("*"), "b"
    return (text.strip("_"), "i") if text.startswith("_") else (text, "")


class Layout:
    """Puts the parts of a form on pages, top to bottom."""

    def __init__(self) -> None:
        self.pages: list[Page] = [[]]
        self.y = float(TOP)

    def put(self, x: float, text: str, style: str = "", size: float = SIZE) -> None:
        """A run whose left end is at `x`."""
        self.pages[-1].append(Text(x, self.y, text, style, size))

    def centred(self, middle: float, text: str, style: str = "", size: float = SIZE) -> None:
        """A run centred on `middle`."""
        self.put(middle - width_of(text, style, size) / 2, text, style, size)

    def down(self, by: float = LEADING) -> None:
        """Move down, to a new page with its number when this one is full."""
        self.y += by
        if self.y > BOTTOM:
            self.pages.append([])
            self.y = TOP
            self.centred((LEFT + RIGHT) / 2, str(len(self.pages)))
            self.y += 2 * LEADING

    def column(self, middle: float, lines: list[str], size: float = SIZE) -> float:
        """Centred lines downwards from here; the y after them. Does not move on."""
        start = self.y
        for line in lines:
            text, style = marked(line)
            self.centred(middle, text, style, size)
            self.y += LEADING
        end, self.y = self.y, start
        return end

    def paragraph(self, text: str, style: str = "", indent: float = 28) -> None:
        """Wrapped lines, the first one indented."""
        lines = list(wrap(text, RIGHT - LEFT, style, SIZE, indent))
        for number, line in enumerate(lines):
            self.put(LEFT + (indent if number == 0 else 0), line, style)
            self.down()
        self.down(3)


def lay_out(form: dict[str, Any]) -> list[Page]:
    """A form of Nghị định 30/2020/NĐ-CP on A4 pages."""
    page = Layout()
    left, right = LEFT + 95.0, RIGHT - 130.0
    bottoms = page.column(left, form["left"], 11.5), page.column(right, form["right"], 11.5)
    page.y = max(bottoms) + 4
    page.centred(left, form["number"])
    page.centred(right, form["place_date"], "i")
    page.y += LEADING
    if "urgency" in form:
        page.centred(left, form["urgency"], "b")
    page.y += LEADING
    middle = (LEFT + RIGHT) / 2
    page.centred(middle, form["title"][0], "b", 14)
    page.down(LEADING + 2)
    for line in wrap(form["title"][1], 360, "b", SIZE):
        page.centred(middle, line, "b")
        page.down()
    page.down(6)
    for part in form["body"]:
        body_part(page, part)
    signature(page, form, left, right)
    return page.pages


def body_part(page: Layout, part: str) -> None:
    """One paragraph, heading (@h) or centred line (@c)."""
    if part.startswith("@c "):
        page.centred((LEFT + RIGHT) / 2, part[3:], "b")
        page.down(LEADING + 3)
    elif part.startswith("@h "):
        page.paragraph(part[3:], "b")
    else:
        page.paragraph(part)


def signature(page: Layout, form: dict[str, Any], left: float, right: float) -> None:
    """Recipients on the left, signer on the right, side by side and on one page."""
    needed = LEADING * max(len(form["recipients"]) + 1, len(form["sign"]) + 5)
    if page.y + needed > BOTTOM:
        page.down(BOTTOM)
    page.y += 6
    page.column(right, [f"**{line}**" for line in form["sign"]])
    start = page.y
    page.put(LEFT, "Nơi nhận:", "bi", 11)
    for line in form["recipients"]:
        page.y += 13
        page.put(LEFT, f"- {line}", "", 10.5)
    page.y = start + LEADING * (len(form["sign"]) + 3.5)
    page.centred(right, form["name"], "b")


def build_pdf(form: dict[str, Any]) -> bytes:
    """A digital PDF with a text layer."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1)
    for page in lay_out(form):
        for run in page:
            canvas.setFont(f"Serif{run.style}", run.size)
            canvas.drawString(run.x, HEIGHT - run.y, run.text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def print_page(page: Page, dpi: int) -> Image.Image:
    """A page as it leaves the printer, black on white."""
    scale = dpi / 72
    image = Image.new("RGB", (round(WIDTH * scale), round(HEIGHT * scale)), "white")
    draw = ImageDraw.Draw(image)
    for run in page:
        path = FONT_DIR / f"LiberationSerif-{FONTS[run.style]}.ttf"
        font = ImageFont.truetype(path, run.size * scale, layout_engine=ImageFont.Layout.BASIC)
        draw.text(
            (run.x * scale, run.y * scale), run.text, fill=(25, 25, 30), font=font, anchor="ls"
        )
    return image


def stamp(image: Image.Image, where: tuple[float, float], text: str, dpi: int) -> Image.Image:
    """The page with a round red seal whose middle is at `where` (points)."""
    scale, ink = dpi / 72, (205, 40, 45)
    layer = Image.new("RGB", image.size, "white")
    draw = ImageDraw.Draw(layer)
    x, y = where[0] * scale, where[1] * scale
    for radius, thickness in ((48, 3.0), (33, 1.2)):
        r = radius * scale
        draw.ellipse((x - r, y - r, x + r, y + r), outline=ink, width=round(thickness * scale))
    points = [
        (
            x + math.sin(k * math.pi / 5) * (12 if k % 2 else 26) * scale * 0.8,
            y - math.cos(k * math.pi / 5) * (12 if k % 2 else 26) * scale * 0.8,
        )
        for k in range(10)
    ]
    draw.polygon(points, fill=ink)
    font = ImageFont.truetype(FONT_DIR / "LiberationSerif-Bold.ttf", 8 * scale)
    for number, letter in enumerate(text):
        angle = math.radians(-70 + 140 * number / max(1, len(text) - 1))
        spot = (x + math.sin(angle) * 40 * scale, y - math.cos(angle) * 40 * scale)
        draw.text(spot, letter, fill=ink, font=font, anchor="mm")
    return ImageChops.multiply(image, layer.rotate(-6, center=(x, y), fillcolor="white"))


def noisy(image: Image.Image, *, seed: int, grain: float, light: float) -> Image.Image:
    """The picture a sensor makes of it: light falls off to one corner, with grain."""
    pixels = np.asarray(image, dtype=np.float64)
    rows, columns = pixels.shape[:2]
    fall = np.linspace(0, light, rows)[:, None] + np.linspace(0, light, columns)[None, :]
    random = np.random.default_rng(seed)
    grains = random.normal(0, grain, (rows, columns))
    shaded = pixels * 0.96 - fall[..., None] + grains[..., None]
    return Image.fromarray(np.clip(shaded, 0, 255).astype(np.uint8))


def scanned(form: dict[str, Any]) -> list[Image.Image]:
    """Pages as an office scanner makes them: slightly askew, grey, the seal beside the signer."""
    images: list[Image.Image] = []
    for page in lay_out(form):
        image = print_page(page, SCAN_DPI)
        names = [run for run in page if run.text == form["name"]]
        if names and "stamp" in form:
            image = stamp(image, (names[0].x - 12, names[0].y - 42), form["stamp"], SCAN_DPI)
        image = image.rotate(0.6, resample=Image.Resampling.BICUBIC, fillcolor="white")
        image = image.filter(ImageFilter.GaussianBlur(0.5))
        images.append(noisy(image, seed=len(images), grain=3.5, light=6))
    return images


def jpeg(image: Image.Image, quality: int) -> bytes:
    """JPEG bytes."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def build_scan(form: dict[str, Any]) -> bytes:
    """A PDF of page images only."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1)
    for image in scanned(form):
        picture = ImageReader(io.BytesIO(jpeg(image, 55)))
        canvas.drawImage(picture, 0, 0, WIDTH, HEIGHT)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def build_photo(form: dict[str, Any]) -> bytes:
    """The first page photographed on a desk: perspective, uneven light, grain."""
    image = print_page(lay_out(form)[0], PHOTO_DPI)
    wide, high = image.size
    desk = Image.new("RGB", (wide + 120, high + 120), (118, 104, 90))
    desk.paste(image, (60, 60))
    wide, high = desk.size
    corners = (14, 10, 2, high - 4, wide - 4, high - 14, wide - 18, 4)
    image = desk.transform(
        (wide, high), Image.Transform.QUAD, corners, resample=Image.Resampling.BICUBIC
    )
    image = image.filter(ImageFilter.GaussianBlur(0.6))
    return jpeg(noisy(image, seed=7, grain=3, light=22).convert("L"), 52)


NUMBERING = """<w:abstractNum {ns} w:abstractNumId="90">
<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>"""
LEVEL = """<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>
<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/></w:lvl>"""
LEVELS = (("upperRoman", "%1."), ("decimal", "%2."), ("lowerLetter", "%3)"))


def add_numbering(document: Docx) -> None:
    """Automatic numbers I., 1., a) as a list definition of its own (numId 90)."""
    numbering = document.part.numbering_part.element
    levels = "".join(
        LEVEL.format(level=level, kind=kind, text=text) for level, (kind, text) in enumerate(LEVELS)
    )
    first_num = numbering.find(qn("w:num"))
    first_num.addprevious(parse_xml(NUMBERING.format(ns=nsdecls("w"), levels=levels)))
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>')
    )


def fill(paragraph: Paragraph, text: str, *, style: str = "", centre: bool = False) -> None:
    """Write one run into a paragraph."""
    run = paragraph.add_run(text)
    run.bold, run.italic = "b" in style or None, "i" in style or None
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def two_columns(document: Docx, left: list[str], right: list[str]) -> None:
    """A borderless table of one row: the pair of columns at the top and at the end."""
    cells = document.add_table(rows=1, cols=2).rows[0].cells
    for cell, lines in zip(cells, (left, right), strict=True):
        for number, line in enumerate(lines):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            text, style = marked(line)
            fill(paragraph, text, style=style, centre=not line.startswith("- "))


def docx_part(document: Docx, part: str | dict[str, list[list[str]]]) -> None:
    """One body part: table, numbered heading or item (@1 to @3), heading (@h), paragraph."""
    if isinstance(part, dict):
        rows = part["table"]
        table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
        for row, values in zip(table.rows, rows, strict=True):
            for cell, value in zip(row.cells, values, strict=True):
                cell.text = value
        return
    paragraph = document.add_paragraph()
    if part[:2] in ("@1", "@2", "@3"):
        properties = paragraph._p.get_or_add_pPr()
        level = int(part[1]) - 1
        properties.append(
            parse_xml(
                f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="90"/></w:numPr>'
            )
        )
        fill(paragraph, part[3:], style="b" if level < 2 else "")
    elif part.startswith("@h "):
        fill(paragraph, part[3:], style="b")
    else:
        fill(paragraph, part)


def build_docx(form: dict[str, Any]) -> bytes:
    """A Word file with header and signature in tables and automatic numbers."""
    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(14)
    add_numbering(document)
    left = [*form["left"], form["number"]]
    two_columns(document, left, [*form["right"], f"_{form['place_date']}_"])
    for line in form["title"]:
        fill(document.add_paragraph(), line, style="b", centre=True)
    for part in form["body"]:
        docx_part(document, part)
    recipients = ["_Nơi nhận:_", *(f"- {line}" for line in form["recipients"])]
    two_columns(
        document, recipients, [*(f"**{s}**" for s in form["sign"]), "", "", f"**{form['name']}**"]
    )
    properties = document.core_properties
    properties.author, properties.created = "", dt.datetime(2025, 1, 1)
    out = io.BytesIO()
    document.save(out)
    return repack(out.getvalue())


def repack(archive: bytes) -> bytes:
    """The same ZIP with fixed times, so that the bytes do not depend on the clock."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return out.getvalue()


def build_tcvn3(form: dict[str, Any]) -> bytes:
    """Text in TCVN3 (ABC)."""
    table = dict(zip(TCVN3_LETTERS, bytes.fromhex(TCVN3_BYTES), strict=True))
    return bytes(table.get(letter) or ord(letter.encode("ascii")) for letter in form["text"])


def build_utf16(form: dict[str, Any]) -> bytes:
    """Text in UTF-16 with a byte order mark, decomposed, "~" as no-break space."""
    text = unicodedata.normalize("NFD", form["text"].replace("~", "\u00a0"))
    return b"\xff\xfe" + text.replace("\n", "\r\n").encode("utf-16-le")


FORMS: dict[str, tuple[str, Callable[[dict[str, Any]], bytes]]] = {
    "pdf": ("pdf", build_pdf),
    "scan": ("pdf", build_scan),
    "photo": ("jpg", build_photo),
    "docx": ("docx", build_docx),
    "tcvn3": ("txt", build_tcvn3),
    "utf16-nfd": ("txt", build_utf16),
}


def main() -> None:
    """Build all samples that have a form, or those named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("slug", nargs="*", help="folders below samples/; all when none is named")
    chosen = parser.parse_args().slug
    rl_config.useA85 = 0
    for style, name in FONTS.items():
        pdfmetrics.registerFont(TTFont(f"Serif{style}", FONT_DIR / f"LiberationSerif-{name}.ttf"))
    for path in sorted(HERE.glob("*/form.yaml")):
        if chosen and path.parent.name not in chosen:
            continue
        form = yaml.safe_load(path.read_text(encoding="utf-8"))
        suffix, build = FORMS[form["form"]]
        target = path.with_name(f"source.{suffix}")
        target.write_bytes(build(form))
        print(f"{target.relative_to(HERE)}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
