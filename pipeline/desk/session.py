"""Pages of the session: log in, log out, choose the language, and the start of the desk."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from pipeline.desk.forms import CheckedForm
from pipeline.desk.guard import SESSION_COOKIE, set_session
from pipeline.desk.state import current_user, desk_of
from pipeline.desk.view import LANGUAGE_COOKIE, local_address, redirect, render

router = APIRouter(include_in_schema=False)
_YEAR = 365 * 24 * 3600


@router.get("/")
def start() -> Response:
    """The desk starts with the search."""
    return redirect("/search")


@router.get("/login")
def login_page(request: Request, next: str = "/") -> Response:
    """Name and password."""
    if request.state.user is not None or desk_of(request).users is None:
        return redirect(local_address(next))
    return render(request, "login.html", next=local_address(next), problem=None, name="")


@router.post("/login")
def login(request: Request, form: CheckedForm) -> Response:
    """Check the password; a new session id, so that one planted before is worth nothing."""
    desk = desk_of(request)
    name, address = form.get("name").strip(), request.client.host if request.client else ""
    after = local_address(form.get("next"))
    if desk.users is None:
        return redirect(after)
    wait = desk.limit.begin(name, address)
    if wait:
        desk.audit(name[:64], "login-limited", address=address)
        minutes = -(-wait // 60)
        reply: Response = render(
            request, "login.html", 429, next=after, problem=("login-wait", minutes), name=name
        )
        reply.headers["Retry-After"] = str(wait)
        return reply
    user = desk.users.check(name, form.get("password"))
    if user is None:
        desk.audit(name[:64], "login-wrong", address=address)
        return render(request, "login.html", 401, next=after, problem=("login-wrong", 0), name=name)
    desk.limit.right(name, address)
    desk.audit(user.name, "login", address=address)
    reply = redirect(after)
    set_session(request, reply, desk.sessions.start(user.name, desk.users.proof(user.name)))
    return reply


@router.post("/logout")
def logout(request: Request, form: CheckedForm) -> Response:
    """End the session."""
    desk = desk_of(request)
    desk.audit(current_user(request).name, "logout")
    desk.sessions.end(request.state.sid)
    reply = redirect("/login")
    reply.delete_cookie(SESSION_COOKIE, path="/")
    return reply


@router.get("/language/{language}")
def language(language: str, next: str = "/") -> Response:
    """Vietnamese or English, kept for a year."""
    reply = redirect(local_address(next))
    if language in ("vi", "en"):
        reply.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR, httponly=True, samesite="lax")
    return reply
