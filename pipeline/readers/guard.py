"""One file read in a child process that cannot hurt: memory, time and network walled off.

For single files and for the API. Bulk loads have long-lived workers of their own, which are
supervised and call `pipeline.readers.read` directly.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pipeline
from pipeline import errors
from pipeline.document import Document
from pipeline.errors import (
    CongvanError,
    InputError,
    LimitError,
    MissingFileError,
    ReaderCrashError,
    ReaderTimeoutError,
    UnreadableFileError,
)
from pipeline.readers.isolation import drop_network, kill_group, limit_resources
from pipeline.readers.limits import Limits, within

_CHILD = "from pipeline.readers.guard import main; main()"
_OUT_OF_CPU = (-24,)
"""SIGXCPU: the CPU limit is the second wall behind the wall clock of the parent."""


def read_guarded(
    source: bytes | Path, name: str | None = None, *, limits: Limits | None = None
) -> Document:
    """The document in bytes or in a file, read in a supervised child.

    `name` labels the document; a path gives its last part. Raises the InputError that `read` would
    raise, ReaderTimeoutError after `limits.seconds`, ReaderCrashError when the child dies.
    """
    limits = limits or Limits()
    request: dict[str, Any] = {"limits": limits.model_dump()}
    if isinstance(source, Path):
        _check(source, limits)
        request.update(path=str(source.resolve()), name=name or source.name)
        data = b""
    else:
        within("max_bytes", len(source), limits.max_bytes)
        request.update(name=name or "")
        data = source
    answer = ask_child(_CHILD, json.dumps(request).encode() + b"\n" + data, limits)
    return _document(answer)


def _check(path: Path, limits: Limits) -> None:
    try:
        within("max_bytes", path.stat().st_size, limits.max_bytes)
    except FileNotFoundError as error:
        raise MissingFileError(f"no such file: {path.name}", name=path.name) from error
    except PermissionError as error:
        raise UnreadableFileError(f"may not be read: {path.name}", name=path.name) from error


def ask_child(code: str, request: bytes, limits: Limits) -> bytes:
    """Run Python `code` in a child, hand it the request, and take its answer in time.

    Raises:
        ReaderTimeoutError: no answer within `limits.seconds`, of the clock or of CPU.
        ReaderCrashError: the child ended without an answer.
    """
    root = str(Path(pipeline.__file__).resolve().parent.parent)
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OMP_THREAD_LIMIT": "1"},
    )
    try:
        answer, _ = child.communicate(request, timeout=limits.seconds)
    except subprocess.TimeoutExpired as error:
        raise ReaderTimeoutError(
            f"stopped after {limits.seconds:g} s", seconds=limits.seconds
        ) from error
    finally:
        kill_group(child)
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()
    if child.returncode in _OUT_OF_CPU:
        raise ReaderTimeoutError(f"used {limits.seconds:g} s of CPU", seconds=limits.seconds)
    if not answer:
        raise ReaderCrashError(f"the reader ended with code {child.returncode}")
    return answer


def _document(answer: bytes) -> Document:
    """The document of an answer, or the error that it names."""
    kind, _, body = answer.partition(b"\n")
    if kind == b"document":
        return Document.model_validate_json(body)
    stated = json.loads(body)
    error_type = getattr(errors, stated["type"], ReaderCrashError)
    if not (isinstance(error_type, type) and issubclass(error_type, InputError)):
        error_type = ReaderCrashError
    raise error_type(stated["message"], **stated["facts"])


def main() -> None:
    """The child: read the request from standard input, write the answer to standard output."""
    request = json.loads(sys.stdin.buffer.readline())
    limits = Limits.model_validate(request["limits"])
    answer = sys.stdout.buffer
    try:
        # the file is opened before the network goes: a user namespace takes root's rights away
        path = request.get("path")
        data = Path(path).read_bytes() if path else sys.stdin.buffer.read()
        limit_resources(limits.memory_bytes, limits.seconds, raisable_to=limits.office_memory_bytes)
        drop_network()
        from pipeline.readers import read

        body = read(data, request["name"], limits=limits).model_dump_json().encode()
        answer.write(b"document\n")
        answer.write(body)
    except CongvanError as error:
        _say(answer, type(error).__name__, str(error), error.facts)
    except MemoryError:
        _say_limit(answer, limits)
    except PermissionError as error:
        _say(answer, "UnreadableFileError", f"may not be read: {error.strerror}", {})
    except Exception as error:
        _say(answer, "ReaderCrashError", f"{type(error).__name__}: {error}", {})


def _say_limit(answer: Any, limits: Limits) -> None:
    error = LimitError("out of memory", what="memory_bytes", limit=limits.memory_bytes)
    _say(answer, "LimitError", str(error), error.facts)


def _say(answer: Any, kind: str, message: str, facts: dict[str, object]) -> None:
    stated = {"type": kind, "message": message, "facts": facts}
    answer.write(b"error\n" + json.dumps(stated, default=str).encode())
