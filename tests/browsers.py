"""Chromium for tests: Debian's package driven by Playwright; skipped where it is missing."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = Path(__file__).parent / "vendor" / "axe-core-4.14.1.min.js"
IMAGES = Path(__file__).parent.parent / "docs" / "images"

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="Chromium is not installed (apt-get install chromium)"
)


@contextmanager
def chromium() -> Iterator[Any]:
    """A headless browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            # the sandbox needs a user other than root
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        yield browser
        browser.close()


@contextmanager
def visit(browser: Any, *, scripts: bool = True, **options: Any) -> Iterator[Any]:
    """A page of a fresh visitor; anything the browser complains about fails the test."""
    size = {"width": 1280, "height": 800}
    context = browser.new_context(
        viewport=size,
        java_script_enabled=scripts,
        locale="vi-VN",
        reduced_motion="reduce",  # what scrolls slowly is not where a click goes
        **options,
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda r: _stay_home(r.url, complaints))
    yield page
    context.close()
    # an answer of 4xx that the test asks for is no fault of the page
    assert not [text for text in complaints if "status of 4" not in text], complaints


def _stay_home(address: str, complaints: list[str]) -> None:
    if not address.startswith(("http://127.0.0.1:", "data:")):
        complaints.append(f"loaded from elsewhere: {address}")


def violations(page: Any) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA on the page, one line a rule."""
    # evaluated, not added as a tag: the policy of the page allows no code of others
    page.evaluate(AXE.read_text(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    options = {"runOnly": {"type": "tag", "values": tags}}
    found = page.evaluate(f"axe.run(document, {json.dumps(options)})")
    return [
        f"{rule['id']}: {rule['help']}: {[node['target'] for node in rule['nodes'][:3]]}"
        for rule in found["violations"]
    ]


def picture(page: Any, name: str) -> None:
    """Keep a screenshot for the documentation, when asked to (CONGVAN_PICTURES=1)."""
    if os.environ.get("CONGVAN_PICTURES") != "1":
        return
    from PIL import Image

    path = IMAGES / f"{name}.png"
    page.screenshot(path=path)
    # a palette is a third of the size, and text stays sharp
    Image.open(path).convert("RGB").quantize(128).save(path, optimize=True)
