"""Every way a document or a call can fail, with an exit code and what to do about it.

CongvanError
├── InputError                     a file cannot be processed (exit 3, the rest goes on)
│   ├── MissingFileError           the path does not exist
│   ├── UnreadableFileError        no permission to read
│   ├── EmptyFileError             no bytes
│   ├── UnsupportedTypeError       no reader for what the bytes are
│   ├── CorruptFileError           the bytes break the rules of their own format
│   ├── EncryptedFileError         a password is needed
│   ├── LimitError                 too large, too many pages or pixels, a bomb
│   ├── ReaderTimeoutError         the reader was stopped at its time limit
│   ├── ReaderCrashError           the reader process died
│   └── ToolMissingError           a system tool is needed (LibreOffice, Tesseract data)
├── NotVerbatimError               a quote differs from the text: a defect, nothing is written
├── SchemaVersionError             the record was written by a newer congvan
├── StoreError                     the store cannot be read or written (exit 1)
│   └── TargetError                what was to be written beside the store cannot be (exit 1)
└── QueryError                     the query cannot be understood (exit 2)

`reason` is a stable code for reports and the ledger; `remedy` says what a person can do. Texts
shown to users are in models/lexicons/messages/common.yaml, in Vietnamese and English.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of the command line; documented and stable."""

    OK = 0
    FAILURE = 1
    USAGE = 2
    SOME_FAILED = 3
    NOTHING_FOUND = 4
    INTERRUPTED = 130


class CongvanError(Exception):
    """Base of all errors that congvan raises on purpose."""

    exit_code: ExitCode = ExitCode.FAILURE
    reason: str = "failure"
    remedy: str = ""

    def __init__(self, message: str = "", **facts: object) -> None:
        """`facts` are the values that a message in another language needs (path, limit, tool)."""
        super().__init__(message or self.reason)
        self.facts = facts

    def __reduce__(self) -> tuple[object, ...]:
        """Keep `facts` when the error crosses from a reader process."""
        return (_rebuild, (type(self), self.args[0], self.facts))


def _rebuild(kind: type[CongvanError], message: str, facts: dict[str, object]) -> CongvanError:
    error = kind.__new__(kind)
    CongvanError.__init__(error, message, **facts)
    return error


class InputError(CongvanError):
    """This file cannot be processed; the others can."""

    exit_code = ExitCode.SOME_FAILED
    reason = "input"


class MissingFileError(InputError):
    """The path does not exist."""

    reason = "missing"
    remedy = "check the path"


class UnreadableFileError(InputError):
    """The file or folder may not be read by this user."""

    reason = "permission"
    remedy = "give read permission to this user"


class EmptyFileError(InputError):
    """The file has no bytes."""

    reason = "empty"
    remedy = "copy the file again from where it came from"


class UnsupportedTypeError(InputError):
    """No reader for what the bytes are."""

    reason = "unsupported"
    remedy = "convert it to PDF, DOCX, HTML, text or an image"


class CorruptFileError(InputError):
    """The bytes break the rules of their own format."""

    reason = "corrupt"
    remedy = "open and save it again in its own program, or scan it again"


class EncryptedFileError(InputError):
    """The file needs a password."""

    reason = "encrypted"
    remedy = "save a copy without a password"


class LimitError(InputError):
    """The file passes a safety limit (size, pages, pixels, decompressed bytes, depth)."""

    reason = "limit"
    remedy = "split the file, or raise the limit in the settings"


class ReaderTimeoutError(InputError):
    """The reader was stopped at its time limit."""

    reason = "timeout"
    remedy = "raise the time limit in the settings, or split the file"


class ReaderCrashError(InputError):
    """The reader process died."""

    reason = "crash"
    remedy = "report the file; it stays in quarantine"


class ToolMissingError(InputError):
    """A system tool is needed to read this type."""

    reason = "needs-tool"
    remedy = "install the tool and load the file again"


class NotVerbatimError(CongvanError):
    """A value of the record is not what stands in the text at its span. A defect of congvan."""

    reason = "not-verbatim"

    def __init__(self, *, record_id: str, path: str) -> None:
        """`path` names the value, e.g. "header.signer"."""
        super().__init__(
            f"record {record_id[:12]}: {path} is not verbatim", id=record_id, path=path
        )


class SchemaVersionError(CongvanError):
    """The record was written by a newer major version."""

    reason = "schema-version"
    remedy = "install a newer congvan"

    def __init__(self, *, found: str, supported: str) -> None:
        """Both are semantic versions."""
        super().__init__(
            f"record has schema version {found}, this congvan reads {supported}",
            found=found,
            supported=supported,
        )


class StoreError(CongvanError):
    """The store cannot be opened, read or written."""

    reason = "store"
    remedy = "check the folder given by --out, its permissions and free space"


class TargetError(StoreError):
    """A file or folder that a call names to be written, beside the store, cannot be."""

    reason = "target"
    remedy = "check the path, its permissions and free space"


class QueryError(CongvanError):
    """A query or filter cannot be understood."""

    exit_code = ExitCode.USAGE
    reason = "query"
