"""The desk and the API as one application."""

from __future__ import annotations

import getpass
import importlib
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from pipeline.api.app import api_app
from pipeline.api.replies import congvan_error, http_error, problem, validation_error
from pipeline.desk.guard import LOOPBACK, guard, protect
from pipeline.desk.state import AccessMode, Desk, ForbiddenError
from pipeline.desk.users import User, UserFile, users_path
from pipeline.desk.view import NAVIGATION, STATIC, language_of, render
from pipeline.errors import CongvanError, ExitCode, QueryError
from pipeline.messages import Language, say
from pipeline.store.problems import explain_query

PAGES = ("session", "search", "tasks", "document", "review", "runs", "overview", "api_docs")
"""Modules of this package, each with a `router` of pages."""


class OpenDeskError(CongvanError):
    """A desk without users may listen on this machine only."""

    exit_code = ExitCode.USAGE
    reason = "open-desk"


def create_desk(
    out: Path,
    *,
    host: str = "127.0.0.1",
    users: Path | None = None,
    token: str | None = None,
    include_secret: bool = False,
    language: Language = "vi",
) -> FastAPI:
    """The pages and the API over the store `out`.

    `users` is the users file (OUT/desk/users.json); where it has users, everybody must log in.
    `include_secret` and `token` are for the one person of a desk without users, and for programs.

    Raises:
        OpenDeskError: `host` is not this machine and there are neither users nor a token.
    """
    known = UserFile(users or users_path(out))
    mode: AccessMode = "login" if known.all() else "token" if token else "local"
    if mode == "local" and host not in LOOPBACK:
        raise OpenDeskError(say("desk.open-desk", None, host=host))
    app = api_app(out)
    app.state.desk = Desk(
        out=out,
        mode=mode,
        local_user=User(name=_local_name(), role="reviewer", secret=include_secret),
        users=known if mode == "login" else None,
    )
    app.state.language = language
    app.add_exception_handler(CongvanError, _congvan_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(ForbiddenError, _forbidden)
    app.add_exception_handler(Exception, _unexpected)
    app.middleware("http")(guard(token))
    routers = [importlib.import_module(f"pipeline.desk.{name}").router for name in PAGES]
    for router in routers:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC))
    paths = {route.path for router in routers for route in router.routes}
    app.state.navigation = tuple((name, path) for name, path in NAVIGATION if path in paths)
    return app


def _local_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "local"


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


async def _congvan_error(request: Request, error: Exception) -> Response:
    if _is_api(request):
        return await congvan_error(request, error)
    if isinstance(error, QueryError):
        missing = error.facts.get("code") == "no-document"
        detail = explain_query(error, language_of(request))
        return render(request, "error.html", 404 if missing else 400, key="query", detail=detail)
    reason = error.reason if isinstance(error, CongvanError) else "failure"
    key = reason if reason in ("no-index", "old-index", "no-ledger") else "store"
    return render(request, "error.html", 503, key=key)


async def _validation_error(request: Request, error: Exception) -> Response:
    if _is_api(request):
        return await validation_error(request, error)
    return render(request, "error.html", 400, key="query", detail="")


async def _http_error(request: Request, error: Exception) -> Response:
    if _is_api(request):
        return await http_error(request, error)
    status = error.status_code if isinstance(error, HTTPException) else 500
    key = "not-found" if status == 404 else "method" if status == 405 else "failure"
    return render(request, "error.html", status, key=key)


async def _forbidden(request: Request, error: Exception) -> Response:
    key = error.key if isinstance(error, ForbiddenError) else "forbidden-form"
    return render(request, "error.html", 403, key=key)


async def _unexpected(request: Request, error: Exception) -> Response:
    """A defect: the page says so, the log of the server has the rest. The guard is left already."""
    if _is_api(request):
        return protect(problem(request, 500, "failure"))
    return protect(render(request, "error.html", 500, key="failure"))
