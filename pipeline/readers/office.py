"""DOC, RTF and ODT: LibreOffice turns them into DOCX, which the own reader reads.

LibreOffice is optional. It says "0" when it fails and an empty file may come out, so it is judged
by what it wrote; it starts children and can hang, so its whole process group has a time limit.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
import subprocess
import tempfile
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from pipeline.document import Document
from pipeline.errors import (
    CorruptFileError,
    EncryptedFileError,
    InputError,
    LimitError,
    ReaderTimeoutError,
    ToolMissingError,
)
from pipeline.readers import sniff as types
from pipeline.readers.cfb import read_compound
from pipeline.readers.docx import read_docx
from pipeline.readers.isolation import (
    die_with_parent,
    enter_empty_network,
    kill_group,
    limit_resources,
)
from pipeline.readers.limits import Limits
from pipeline.readers.safe_zip import member_bytes, opened

_SUFFIX = {types.DOC: "doc", types.RTF: "rtf", types.ODT: "odt", types.FLAT_WORD: "xml"}
KINDS = frozenset(_SUFFIX)
"""Media types that only LibreOffice can read."""
_USUAL_PLACES = (
    "/usr/bin/soffice",
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/snap/bin/libreoffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
)
_RESTART = 81
"""Exit code of LibreOffice that has just made its profile and wants to be started again."""
_FIB_ENCRYPTED = 0x0100
"""Bit of the flags at offset 10 of a Word binary file: [MS-DOC] 2.5.2."""


def read_office(data: bytes, *, name: str, media_type: str, limits: Limits) -> Document:
    """One file through LibreOffice.

    Raises ToolMissingError where LibreOffice is not installed (the file can be loaded again when
    it is), CorruptFileError, EncryptedFileError, ReaderTimeoutError.
    """
    result = read_office_batch([(data, name, media_type)], limits)[0]
    if isinstance(result, InputError):
        raise result
    return result


def read_office_batch(
    files: Sequence[tuple[bytes, str, str]], limits: Limits
) -> list[Document | InputError]:
    """Several files (bytes, name, media type) in one call of LibreOffice: many times as fast.

    What cannot be read comes back as its error, in the place of the file.
    """
    results: list[Document | InputError | None] = [
        _refusal(data, kind, limits) for data, _, kind in files
    ]
    waiting = [index for index, result in enumerate(results) if result is None]
    converted = _converted([files[index] for index in waiting], limits) if waiting else []
    for index, outcome in zip(waiting, converted, strict=True):
        data, name, kind = files[index]
        results[index] = _document(outcome, data, name, kind, limits)
    return [result for result in results if result is not None]


@cache
def find_soffice(configured: str | None = None) -> str | None:
    """The path of LibreOffice: the configured one, PATH, or where installers put it."""
    if configured is not None:
        return configured if configured and Path(configured).exists() else None
    for program in ("soffice", "libreoffice"):
        found = shutil.which(program)
        if found:
            return found
    return next((place for place in _USUAL_PLACES if Path(place).exists()), None)


def _refusal(data: bytes, media_type: str, limits: Limits) -> InputError | None:
    """Why a file need not be given to LibreOffice at all."""
    try:
        if find_soffice(limits.soffice) is None:
            return ToolMissingError(
                f"LibreOffice is needed to read {media_type}", tool="LibreOffice"
            )
        if media_type == types.DOC and _is_encrypted_doc(data):
            return EncryptedFileError("the Word file needs a password")
        if media_type == types.ODT:
            _check_odt(data, limits)
    except InputError as error:
        return error
    return None


def _is_encrypted_doc(data: bytes) -> bool:
    fib = read_compound(data).streams.get("WordDocument", b"")
    return len(fib) >= 12 and bool(struct.unpack_from("<H", fib, 10)[0] & _FIB_ENCRYPTED)


def _check_odt(data: bytes, limits: Limits) -> None:
    with opened(data, limits) as archive:
        names = set(archive.namelist())
        if "content.xml" not in names:
            raise CorruptFileError("an ODT file without content")
        manifest = "META-INF/manifest.xml"
        if manifest in names and b"encryption-data" in member_bytes(archive, manifest):
            raise EncryptedFileError("the ODT file needs a password")


def _document(
    outcome: bytes | InputError, data: bytes, name: str, media_type: str, limits: Limits
) -> Document | InputError:
    """The document of a converted file, under the name and fingerprint of the original."""
    if isinstance(outcome, InputError):
        return outcome
    try:
        document = read_docx(outcome, name=name, media_type=media_type, limits=limits)
    except InputError as error:
        return error
    facts = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    reading = {**document.reading, "converter": "libreoffice"}
    return document.model_copy(update={**facts, "reading": reading})


def _converted(files: Sequence[tuple[bytes, str, str]], limits: Limits) -> list[bytes | InputError]:
    """The DOCX of each file. What a batch failed on is tried once more alone."""
    outcomes = _run(files, limits)
    if len(files) > 1:
        for index, outcome in enumerate(outcomes):
            if isinstance(outcome, InputError):
                outcomes[index] = _run([files[index]], limits)[0]
    return outcomes


def _run(files: Sequence[tuple[bytes, str, str]], limits: Limits) -> list[bytes | InputError]:
    with tempfile.TemporaryDirectory(prefix="congvan-office-") as folder:
        base = Path(folder)
        # names of our own: nothing of the original name or path reaches the disk
        sources = [
            base / f"{index:04d}.{_SUFFIX.get(kind, 'doc')}"
            for index, (_, _, kind) in enumerate(files)
        ]
        for source, (data, _, _) in zip(sources, files, strict=True):
            source.write_bytes(data)
        timed_out = not _call(base, sources, limits)
        outcomes: list[bytes | InputError] = []
        for source in sources:
            target = base / "out" / f"{source.stem}.docx"
            outcomes.append(_result(target, limits, timed_out=timed_out))
        return outcomes


def _result(target: Path, limits: Limits, *, timed_out: bool) -> bytes | InputError:
    size = target.stat().st_size if target.exists() else 0
    if size > limits.max_bytes:
        return LimitError("LibreOffice wrote too much", what="max_bytes", limit=limits.max_bytes)
    if size:
        return target.read_bytes()
    if timed_out:
        seconds = limits.office_seconds
        return ReaderTimeoutError(f"LibreOffice was stopped after {seconds:g} s", seconds=seconds)
    return CorruptFileError("LibreOffice could not read the file")


def _call(base: Path, sources: Sequence[Path], limits: Limits) -> bool:
    """Run LibreOffice over `sources`, its profile and output in `base`; False when out of time."""
    program = find_soffice(limits.soffice)
    command = [
        _binary(str(program)),
        f"-env:UserInstallation={(base / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--convert-to",
        "docx:Office Open XML Text",
        "--outdir",
        str(base / "out"),
        *map(str, sources),
    ]
    ends = time.monotonic() + limits.office_seconds
    code = _wait(command, ends, limits)
    if code == _RESTART:
        code = _wait(command, ends, limits)
    return code is not None


def _binary(program: str) -> str:
    """The program behind the launcher: a single process, which can be made to die with this one."""
    beside = Path(program).resolve().with_name("soffice.bin")
    return str(beside) if beside.exists() else program


def _wait(command: Sequence[str], ends: float, limits: Limits) -> int | None:
    """The exit code of a command, None when it was killed for being out of time."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=(lambda: _confine(limits)) if os.name == "posix" else None,
    )
    try:
        return process.wait(timeout=max(0.1, ends - time.monotonic()))
    except subprocess.TimeoutExpired:
        return None
    finally:
        kill_group(process)


def _confine(limits: Limits) -> None:
    die_with_parent()
    limit_resources(limits.office_memory_bytes, limits.office_seconds * 2)
    enter_empty_network()
