"""Errors of store and search, with their sentence in the language of the user."""

from __future__ import annotations

from pipeline.errors import QueryError, StoreError
from pipeline.messages import say


class NoIndexError(StoreError):
    """There is no index to search."""

    reason = "no-index"
    remedy = "load documents, or run congvan reindex"


class OldIndexError(StoreError):
    """The index is damaged or of another version."""

    reason = "old-index"
    remedy = "run congvan reindex"


class MissingExtraError(StoreError):
    """A part of congvan that is installed only when asked for is needed."""

    reason = "needs-extra"
    remedy = "install the extra that the message names"


def query_error(code: str, **values: object) -> QueryError:
    """What is wrong with a query, as "error-CODE" of messages/search.yaml."""
    return QueryError(say(f"search.error-{code}", None, **values), code=code, **values)


def missing_extra(package: str, extra: str) -> MissingExtraError:
    """`package` is not installed; it comes with congvan[`extra`]."""
    return MissingExtraError(f"pip install 'congvan[{extra}]'", name=package, extra=extra)
