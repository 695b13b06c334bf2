"""The search page."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from pipeline.desk.view import render

router = APIRouter(include_in_schema=False)


@router.get("/search")
def search(request: Request) -> Response:
    """One box."""
    return render(request, "search.html")
