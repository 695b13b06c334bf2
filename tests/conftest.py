"""Properties are judged by what they find, not by how busy the machine is; loads begin quickly."""

from __future__ import annotations

import sys

import pytest
from hypothesis import HealthCheck, settings

from pipeline.bulk import template
from tests.templates import Origin

settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


@pytest.fixture(scope="session")
def _templates() -> Origin:
    """The process that the templates of workers are forked from."""
    return Origin()


@pytest.fixture(autouse=True)
def _forked_templates(
    _templates: Origin, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Quick tests fork the templates of workers; slow ones start them as a load does."""
    if sys.platform == "linux" and "slow" not in request.keywords:
        monkeypatch.setattr(template, "start", _templates.start)
