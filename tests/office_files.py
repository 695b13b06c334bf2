"""Small Word, mail and compound files, built from their XML and fields by the tests themselves."""

from __future__ import annotations

import io
import struct
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMES = (
    f'xmlns:w="{W}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_KINDS = {
    "styles": "styles",
    "numbering": "numbering",
    "footnotes": "footnotes",
    "header1": "header",
    "footer1": "footer",
    "comments": "comments",
}


def docx(body: str, **parts: str) -> bytes:
    """A DOCX of the XML inside w:body and of other parts by name ("styles", "numbering" ...)."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        overrides = "".join(
            f'<Override PartName="/word/{name}.xml" ContentType="{_CONTENT}.{_KINDS[name]}+xml"/>'
            for name in parts
        )
        package.writestr(
            "[Content_Types].xml",
            '<?xml version="1.0"?>'
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_CONTENT}.document.main+xml"/>'
            f"{overrides}</Types>",
        )
        package.writestr(
            "_rels/.rels", _relations({"rId1": ("officeDocument", "word/document.xml")})
        )
        targets = {f"rId{i}": (_KINDS[name], f"{name}.xml") for i, name in enumerate(parts, 1)}
        package.writestr("word/_rels/document.xml.rels", _relations(targets))
        package.writestr(
            "word/document.xml", f"<w:document {_NAMES}><w:body>{body}</w:body></w:document>"
        )
        for name, content in parts.items():
            root = {"header1": "hdr", "footer1": "ftr"}.get(name, name)
            package.writestr(f"word/{name}.xml", f"<w:{root} {_NAMES}>{content}</w:{root}>")
    return target.getvalue()


def _relations(targets: dict[str, tuple[str, str]]) -> str:
    rows = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<?xml version="1.0"?><Relationships xmlns="{space}">{rows}</Relationships>'


def p(*runs: str, properties: str = "") -> str:
    """A paragraph; plain strings become runs, strings that start with "<" are taken as XML."""
    inner = "".join(run if run.startswith("<") else r(run) for run in runs)
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inner}</w:p>"


def r(text: str, properties: str = "") -> str:
    """A run of text."""
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{text}</w:t></w:r>'


def font(name: str) -> str:
    """The property that sets a font."""
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}"/>'


def table(*rows: tuple[str, ...]) -> str:
    """A table whose cells are given as XML or as plain text."""
    made = ""
    for row in rows:
        cells = (cell if cell.startswith("<") else p(cell) for cell in row)
        made += "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in cells) + "</w:tr>"
    return f"<w:tbl>{made}</w:tbl>"


def numbering(*levels: tuple[str, str], extra: str = "", overrides: str = "") -> str:
    """numbering.xml with one list (numId 1) of levels (format, text), and a second instance (2)."""
    made = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/>{extra}</w:lvl>'
        for i, (form, text) in enumerate(levels)
    )
    return (
        f'<w:abstractNum w:abstractNumId="7">{made}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
        f'<w:num w:numId="2"><w:abstractNumId w:val="7"/>{overrides}</w:num>'
    )


def listed(text: str, level: int = 0, list_id: int = 1) -> str:
    """A paragraph of a list."""
    return p(
        text,
        properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>',
    )


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file of streams by path ("storage/stream"), every one in large sectors."""
    sector = 512
    names: list[tuple[str, int, bytes]] = [("Root Entry", 5, b"")]
    children: dict[int, list[int]] = {0: []}
    folders = {"": 0}
    for path, content in streams.items():
        *above, name = path.split("/")
        parent = ""
        for step in above:
            here = f"{parent}/{step}" if parent else step
            if here not in folders:
                folders[here] = len(names)
                children[folders[parent]].append(len(names))
                children[len(names)] = []
                names.append((step, 1, b""))
            parent = here
        children[folders[parent]].append(len(names))
        names.append((name, 2, content))
    blocks: list[bytes] = []
    fat: list[int] = []

    def store(content: bytes) -> int:
        if not content:
            return 0xFFFFFFFE
        start, count = len(blocks), -(-len(content) // sector)
        for index in range(count):
            blocks.append(content[index * sector : (index + 1) * sector].ljust(sector, b"\0"))
            fat.append(start + index + 1 if index + 1 < count else 0xFFFFFFFE)
        return start

    starts = [store(content) for _, _, content in names]
    directory = b""
    for index, (name, kind, content) in enumerate(names):
        inside = children.get(index, [])
        siblings = next((group for group in children.values() if index in group), [])
        place = siblings.index(index) if siblings else 0
        right = siblings[place + 1] if siblings and place + 1 < len(siblings) else 0xFFFFFFFF
        label = name.encode("utf-16-le") + b"\0\0"
        directory += label.ljust(64, b"\0") + struct.pack("<HBB", len(label), kind, 1)
        directory += struct.pack("<III", 0xFFFFFFFF, right, inside[0] if inside else 0xFFFFFFFF)
        directory += b"\0" * 36 + struct.pack("<IQ", starts[index], len(content))
    directory_start = store(directory)
    fat_start = len(blocks)
    fat.append(0xFFFFFFFD)
    table_bytes = struct.pack(f"<{len(fat)}I", *fat).ljust(sector, b"\xff")
    assert len(table_bytes) == sector, "one sector of table is enough for tests"
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, directory_start, 0, 0, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", fat_start)
    return header.ljust(512, b"\xff") + b"".join(blocks) + table_bytes
