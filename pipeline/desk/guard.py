"""Who gets in: host, token or session of a request, and the headers every reply carries."""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable
from hashlib import sha256
from urllib.parse import quote

from fastapi import Request, Response

from pipeline.api.app import MAX_URL
from pipeline.api.replies import problem
from pipeline.desk.sessions import new_id
from pipeline.desk.state import Desk, desk_of
from pipeline.desk.users import User
from pipeline.desk.view import here, redirect, render
from pipeline.errors import CongvanError
from pipeline.store.access import log_secret_access

SESSION_COOKIE = "congvan_session"
LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")
_OWN_HOST = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?", re.IGNORECASE)
_PUBLIC = ("/static/", "/login", "/language/")
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

Handler = Callable[[Request], Awaitable[Response]]


def guard(token: str | None) -> Callable[[Request, Handler], Awaitable[Response]]:
    """The middleware; with `token`, programs may ask the API with it instead of a login."""
    wanted = sha256(token.encode()).digest() if token else None

    async def check(request: Request, call: Handler) -> Response:
        request.state.sid = request.cookies.get(SESSION_COOKIE) or new_id()
        request.state.user, request.state.program = None, False
        try:
            reply = _refusal(request, wanted) or await call(request)
        except CongvanError as error:
            reply = problem(request, 503, error.reason)
        _finish(request, reply)
        return reply

    return check


def _refusal(request: Request, wanted: bytes | None) -> Response | None:
    """Why the request gets no further; None when it does, with user and rights set."""
    desk = desk_of(request)
    if len(str(request.url)) > MAX_URL:
        return problem(request, 414, "too-long")
    if desk.mode == "local" and not _is_own_host(request):
        return problem(request, 421, "host")
    user = _user(request, desk, wanted)
    request.state.user = user
    request.state.include_secret = bool(user and user.secret)
    if desk.mode == "login" and (wait := _must_wait(request, desk, user)):
        return _too_many(request, wait)
    if user is None:
        return None if request.url.path.startswith(_PUBLIC) else _ask_login(request, desk)
    if desk.mode == "login" and user.secret and not request.url.path.startswith(_PUBLIC):
        log_secret_access(desk.out, "desk", here(request), user=user.name)
    return None


def _is_own_host(request: Request) -> bool:
    """Whether the request names this machine. Read from the header itself: the address of the
    request has the server's own name where the header has letters that names may not have."""
    hosts = request.headers.getlist("host")
    return len(hosts) == 1 and _OWN_HOST.fullmatch(hosts[0]) is not None


def _must_wait(request: Request, desk: Desk, user: User | None) -> int:
    """Seconds that this visitor has to wait; programs with the token and static files never."""
    if request.state.program or request.url.path.startswith("/static/"):
        return 0
    address = request.client.host if request.client else ""
    return desk.requests.wait(user.name if user else f"|{address}")


def _too_many(request: Request, seconds: int) -> Response:
    if request.url.path.startswith("/api/"):
        reply: Response = problem(request, 429, "too-many")
    else:
        reply = render(request, "error.html", 429, key="too-many")
    reply.headers["Retry-After"] = str(seconds)
    return reply


def _user(request: Request, desk: Desk, wanted: bytes | None) -> User | None:
    if wanted is not None and request.url.path.startswith("/api/"):
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        digest = sha256(given.strip().encode("latin-1")).digest()
        if scheme.lower() == "bearer" and hmac.compare_digest(digest, wanted):
            request.state.program = True
            return User(name="token", secret=desk.local_user.secret)
    if desk.mode == "local":
        return desk.local_user
    name = desk.sessions.user(request.state.sid)
    if not name or desk.users is None:
        return None
    same = desk.sessions.began_with(request.state.sid, desk.users.proof(name))
    return desk.users.find(name) if same else None


def _ask_login(request: Request, desk: Desk) -> Response:
    if request.url.path.startswith("/api/"):
        reply: Response = problem(request, 401, "token")
        reply.headers["WWW-Authenticate"] = "Bearer"
        return reply
    if desk.mode == "token":
        return render(request, "error.html", 401, key="no-login")
    if request.method not in ("GET", "HEAD") or request.headers.get("hx-request"):
        # a form or a part of a page: the browser is sent to the login page as a whole
        reply = render(request, "error.html", 401, key="login-ended")
        reply.headers["HX-Redirect"] = "/login"
        return reply
    return redirect(f"/login?next={quote(here(request), safe='')}")


def protect(reply: Response) -> Response:
    """The reply with the headers that keep a page from being misused."""
    for name, value in _HEADERS.items():
        reply.headers.setdefault(name, value)
    return reply


def _finish(request: Request, reply: Response) -> None:
    protect(reply)
    if request.url.path.startswith("/static/"):
        fresh = "public, max-age=31536000, immutable" if request.url.query else "no-cache"
        reply.headers["Cache-Control"] = fresh
        return
    # a shared machine keeps nothing; on one's own, "back" finds the page as it was left
    kept = "no-store" if desk_of(request).mode == "login" else "no-cache"
    reply.headers.setdefault("Cache-Control", f"private, {kept}")
    is_page = reply.headers.get("content-type", "").startswith("text/html")
    # never after a form: one that another site sends comes without the cookie, which must stay
    asked = request.method in ("GET", "HEAD")
    if is_page and asked and SESSION_COOKIE not in request.cookies:
        set_session(request, reply, request.state.sid)


def set_session(request: Request, reply: Response, sid: str) -> None:
    """Give the browser a session id: not for scripts, not for other sites."""
    reply.set_cookie(
        SESSION_COOKIE,
        sid,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        path="/",
    )
