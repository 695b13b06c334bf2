"""What a load says of its speed, its slow documents and the time that is left."""

import pytest

from pipeline.cli.bar import duration
from pipeline.messages import default_language


@pytest.mark.parametrize(
    ("seconds", "vi", "en"),
    [
        (0.4, "0 s", "0 s"),
        (59.6, "60 s", "60 s"),
        (61, "2 phút", "2 min"),
        (3600, "1 giờ 0 phút", "1 h 0 min"),
        (7501, "2 giờ 6 phút", "2 h 6 min"),
    ],
)
def test_time_is_told_with_its_unit(monkeypatch, seconds: float, vi: str, en: str) -> None:
    for language, told in (("vi", vi), ("en", en)):
        monkeypatch.setenv("CONGVAN_LANG", language)
        default_language.cache_clear()
        assert duration(seconds) == told
    monkeypatch.undo()
    default_language.cache_clear()
