"""The addresses of the API as a page, drawn from its OpenAPI description."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from pipeline.desk.view import render

router = APIRouter(include_in_schema=False)

PATH = "/api/v1/docs"


@dataclass(frozen=True)
class Address:
    """One address of the API with its parameters: name, type, description."""

    path: str
    text: str
    parameters: tuple[tuple[str, str, str], ...]


@router.get(PATH)
def api_page(request: Request) -> Response:
    """All addresses."""
    described = request.app.openapi()["paths"]
    addresses = [
        Address(
            path=path,
            text=methods["get"].get("description", ""),
            parameters=tuple(_parameter(held) for held in methods["get"].get("parameters", ())),
        )
        for path, methods in described.items()
        if "get" in methods
    ]
    return render(request, "api.html", addresses=addresses)


def _parameter(held: dict[str, Any]) -> tuple[str, str, str]:
    schema = held["schema"]
    return held["name"], _type(schema), held.get("description") or schema.get("description", "")


def _type(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if "anyOf" in schema:
        kinds = [_type(part) for part in schema["anyOf"] if part.get("type") != "null"]
        return " | ".join(kinds)
    if schema.get("type") == "array":
        return f"{_type(schema['items'])}, …"
    return str(schema.get("format") or schema.get("type", ""))
