"""The HTTP API: read-only, under /api/v1, one connection a request."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi import Query as QueryParams
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict, JsonValue
from starlette.exceptions import HTTPException

from pipeline.api.params import (
    ChangeParams,
    DocumentParams,
    FacetParams,
    SearchParams,
    TaskCountParams,
    TaskParams,
)
from pipeline.api.replies import (
    Problem,
    congvan_error,
    follow_pages,
    http_error,
    json_reply,
    ndjson,
    problem,
    stream_reply,
    validation_error,
)
from pipeline.errors import CongvanError
from pipeline.record import Record, to_json
from pipeline.store.changes import changes_since, cursor_of, seq_of
from pipeline.store.lookup import find_document
from pipeline.store.query import Query
from pipeline.store.reviews import corrected
from pipeline.store.schema import open_reader
from pipeline.store.search import Hit, Hits, searcher
from pipeline.store.tasks import TaskCount, TaskItem, TaskPage, TaskQuery, count_tasks, list_tasks

MAX_URL = 16_000
"""Characters of a request line; longer ones are refused."""
_PAGE = 500

_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (400, 401, 414, 422, 503)
}
_STREAMS: dict[str, Any] = {
    "application/x-ndjson": {"schema": {"type": "string"}},
    "text/csv": {"schema": {"type": "string"}},
}


def _ok(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    return {200: {"model": model, "content": dict(_STREAMS)}, 304: {"description": "Not changed"}}


def _example(**values: JsonValue) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [values]})


class DocumentItem(BaseModel):
    """A document of the list."""

    model_config = _example(
        document_id="3f" * 32,
        code="229/TB-SYT",
        kind="TB",
        issuer="SỞ Y TẾ",
        place="Đông Hải",
        dated_on="2025-07-24",
        title="Kết quả kiểm tra công tác cải cách hành chính",
        source_name="tb-229.pdf",
    )

    document_id: str
    code: str | None
    kind: str | None
    issuer: str | None
    place: str | None
    dated_on: str | None
    title: str | None
    source_name: str


class DocumentPage(BaseModel):
    """A page of documents, latest indexed first."""

    items: list[DocumentItem]
    total: int
    total_is_lower_bound: bool
    cursor: str | None


class FacetCount(BaseModel):
    """How many matches have one value."""

    model_config = _example(value="Sở Y tế", count=12)

    value: str
    count: int


class FacetReply(BaseModel):
    """Counts by value, most frequent first."""

    total: int
    total_is_lower_bound: bool
    facets: dict[str, list[FacetCount]]


class CountReply(BaseModel):
    """Tasks by group."""

    items: list[TaskCount]


class ChangeItem(BaseModel):
    """The last change of a document."""

    model_config = _example(
        cursor=f"{'0a' * 16}-17", operation="upsert", document_id="3f" * 32, record_hash="5e" * 16
    )

    cursor: str
    operation: Literal["upsert", "delete"]
    document_id: str
    record_hash: str | None


class ChangePage(BaseModel):
    """Changes, oldest first; `cursor` is where to go on."""

    items: list[ChangeItem]
    cursor: str


class Health(BaseModel):
    """Whether the store can be read."""

    model_config = _example(status="ok", documents=643)

    status: Literal["ok"]
    documents: int


def create_app(out: Path, *, token: str | None = None, include_secret: bool = False) -> FastAPI:
    """The API alone over the store `out`. With `token`, requests must carry it."""
    app = api_app(out, with_token=token is not None)
    app.middleware("http")(_guard(token, include_secret))
    return app


def api_app(out: Path, *, with_token: bool = False) -> FastAPI:
    """The application without a guard. A guard sets `request.state.include_secret`.

    `with_token` only tells the readers of the OpenAPI that a token is asked for.
    """
    app = FastAPI(
        title="congvan",
        version="1",
        description="Read-only access to the documents, statements and tasks of a congvan store.",
        docs_url=None,  # the page of the framework loads scripts from another host
        openapi_url="/api/v1/openapi.json",
        redoc_url=None,
    )
    app.add_exception_handler(CongvanError, congvan_error)
    app.add_exception_handler(RequestValidationError, validation_error)
    app.add_exception_handler(HTTPException, http_error)
    token = [Depends(HTTPBearer(auto_error=False))] if with_token else []
    app.include_router(_router(out), prefix="/api/v1", responses=_REFUSALS, dependencies=token)
    return app


Handler = Callable[[Request], Awaitable[Response]]


def _guard(
    token: str | None, include_secret: bool
) -> Callable[[Request, Handler], Awaitable[Response]]:
    """Refuse overlong requests and wrong tokens; the comparison takes the same time for all."""
    wanted = sha256(token.encode()).digest() if token else None

    async def guard(request: Request, call: Handler) -> Response:
        request.state.include_secret = include_secret
        if len(str(request.url)) > MAX_URL:
            return problem(request, 414, "too-long")
        if wanted is not None:
            scheme, _, given = request.headers.get("authorization", "").partition(" ")
            right = hmac.compare_digest(sha256(given.strip().encode("latin-1")).digest(), wanted)
            if not right or scheme.lower() != "bearer":
                reply = problem(request, 401, "token")
                reply.headers["WWW-Authenticate"] = "Bearer"
                return reply
        response = await call(request)
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    return guard


def _router(out: Path) -> APIRouter:
    router = APIRouter()
    _add_documents(router, out)
    _add_search(router, out)
    _add_tasks(router, out)
    _add_changes(router, out)
    return router


def _secret(request: Request) -> bool:
    """Whether this request may see documents with a secrecy mark."""
    return bool(request.state.include_secret)


def search_store(out: Path, query: Query) -> Hits:
    """One page of matches."""
    engine = searcher(out)
    try:
        return engine.search(query)
    finally:
        engine.close()


def hit_pages(out: Path, query: Query) -> Iterator[tuple[Hit, ...]]:
    """All matches, page by page."""
    engine = searcher(out)
    start = query.model_copy(update={"limit": _PAGE})
    try:
        yield from follow_pages(  # type: ignore[misc]
            lambda cursor: engine.search(start.model_copy(update={"cursor": cursor}))
        )
    finally:
        engine.close()


def _add_documents(router: APIRouter, out: Path) -> None:
    @router.get("/health", response_model=Health)
    def health(request: Request) -> Response:
        """Whether the store can be read."""
        with closing(open_reader(out)) as connection:
            number = connection.execute(
                "SELECT count(*) FROM documents WHERE secret <= ?", (int(_secret(request)),)
            ).fetchone()[0]
        return json_reply(request, Health(status="ok", documents=number))

    @router.get("/documents", responses=_ok(DocumentPage))
    def documents(request: Request, params: Annotated[DocumentParams, QueryParams()]) -> Response:
        """Documents, latest indexed first."""
        query = params.query(include_secret=_secret(request))
        if params.format != "json":
            pages = ([_document(hit) for hit in page] for page in hit_pages(out, query))
            return stream_reply(pages, params.format, list(DocumentItem.model_fields))
        hits = search_store(out, query)
        page = DocumentPage(
            items=[_document(hit) for hit in hits.items],
            total=hits.total,
            total_is_lower_bound=hits.total_is_lower_bound,
            cursor=hits.cursor,
        )
        return json_reply(request, page)

    @router.get(
        "/documents/{document:path}",
        responses={
            200: {"model": Record},
            304: {"description": "Not changed"},
            404: {"model": Problem},
        },
    )
    def document(request: Request, document: str) -> Response:
        """The whole record of one document, by id (or its start) or number."""
        with closing(open_reader(out)) as connection:
            document_id = find_document(connection, document, include_secret=_secret(request))
        return json_reply(request, to_json(corrected(out, document_id)))


def _document(hit: Hit) -> DocumentItem:
    return DocumentItem(**{name: getattr(hit, name) for name in DocumentItem.model_fields})


def _add_search(router: APIRouter, out: Path) -> None:
    def answer(request: Request, params: SearchParams, **changes: Any) -> Response:
        query = params.query(include_secret=_secret(request)).model_copy(update=changes)
        if params.format != "json":
            return stream_reply(hit_pages(out, query), params.format, list(Hit.model_fields))
        return json_reply(request, search_store(out, query))

    @router.get("/search", responses=_ok(Hits))
    def search(request: Request, params: Annotated[SearchParams, QueryParams()]) -> Response:
        """Passages that match: titles, headings, statements and all other lines."""
        return answer(request, params)

    @router.get("/statements", responses=_ok(Hits))
    def statements(request: Request, params: Annotated[SearchParams, QueryParams()]) -> Response:
        """Statements that match."""
        return answer(request, params, units=("statement",))

    @router.get(
        "/facets", responses={200: {"model": FacetReply}, 304: {"description": "Not changed"}}
    )
    def facets(request: Request, params: Annotated[FacetParams, QueryParams()]) -> Response:
        """Counts of the matches by kind, label, agency, year, place, province, quality, …"""
        by = tuple(dict.fromkeys(params.by))
        query = params.query(include_secret=_secret(request), facets=by)
        hits = search_store(out, query.model_copy(update={"limit": 1}))
        reply = FacetReply(
            total=hits.total,
            total_is_lower_bound=hits.total_is_lower_bound,
            facets={
                name: [FacetCount(value=value, count=number) for value, number in values]
                for name, values in hits.facets.items()
            },
        )
        return json_reply(request, reply)


def _add_tasks(router: APIRouter, out: Path) -> None:
    @router.get("/tasks", responses=_ok(TaskPage))
    def tasks(request: Request, params: Annotated[TaskParams, QueryParams()]) -> Response:
        """Tasks, soonest due first."""
        query = params.query(include_secret=_secret(request))
        if params.format != "json":
            pages = task_pages(out, query)
            return stream_reply(pages, params.format, list(TaskItem.model_fields))
        with closing(open_reader(out)) as connection:
            return json_reply(request, list_tasks(connection, query))

    @router.get(
        "/tasks/counts", responses={200: {"model": CountReply}, 304: {"description": "Not changed"}}
    )
    def task_counts(
        request: Request, params: Annotated[TaskCountParams, QueryParams()]
    ) -> Response:
        """Tasks by assignee, assigner, monitor, agency, topic, year, state or kind."""
        query = params.query(include_secret=_secret(request))
        with closing(open_reader(out)) as connection:
            counts = count_tasks(connection, query, params.by)
        return json_reply(request, CountReply(items=list(counts)))


def task_pages(out: Path, query: TaskQuery) -> Iterator[tuple[TaskItem, ...]]:
    """All tasks, page by page."""
    with closing(open_reader(out)) as connection:
        start = query.model_copy(update={"limit": _PAGE})
        yield from follow_pages(  # type: ignore[misc]
            lambda cursor: list_tasks(connection, start.model_copy(update={"cursor": cursor}))
        )


def _add_changes(router: APIRouter, out: Path) -> None:
    @router.get(
        "/changes",
        responses={
            200: {
                "model": ChangePage,
                "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
            },
            304: {"description": "Not changed"},
        },
    )
    def changes(request: Request, params: Annotated[ChangeParams, QueryParams()]) -> Response:
        """Changed and deleted documents since a cursor."""
        with closing(open_reader(out)) as connection:
            seq = seq_of(connection, params.since)
            found = changes_since(
                connection, seq, include_secret=_secret(request), limit=params.limit
            )
            items = [
                ChangeItem(
                    cursor=cursor_of(connection, change.seq),
                    operation=change.operation,
                    document_id=change.document_id,
                    record_hash=change.record_hash,
                )
                for change in found
            ]
            last = found[-1].seq if found else seq
            page = ChangePage(items=items, cursor=cursor_of(connection, last))
        if params.format == "jsonl":
            return ndjson(item.model_dump() for item in page.items)
        return json_reply(request, page)
