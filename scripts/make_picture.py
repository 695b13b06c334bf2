"""Draw the pictures of the README: what `congvan` prints about one sample, as SVG.

    python scripts/make_picture.py

The sample is loaded into a store of its own; nothing is drawn by hand.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "samples" / "kl-kiem-tra-thiet-bi" / "source.docx"
PICTURES = ROOT / "docs" / "images"
WIDTH = 118
CONGVAN = [str(Path(sys.executable).with_name("congvan"))]
# the fonts that the format of rich would fetch from another host
FORMAT = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)


def printed(arguments: list[str], language: str) -> str:
    """What a command prints on a terminal, with its colours."""
    environment = {
        **os.environ,
        "CONGVAN_LANG": language,
        "FORCE_COLOR": "1",
        "COLUMNS": str(WIDTH),
        "TERM": "xterm-256color",
    }
    run = subprocess.run(
        [*CONGVAN, *arguments], capture_output=True, text=True, env=environment, check=True
    )
    return run.stdout


def draw(title: str, output: str, target: Path) -> None:
    """An SVG of a terminal that shows `output`; the same output gives the same bytes."""
    console = Console(width=WIDTH, record=True, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(output.rstrip("\n")), soft_wrap=True)
    svg = console.export_svg(title=title, code_format=FORMAT, unique_id=target.stem)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(svg.replace("Fira Code", "DejaVu Sans Mono, Consolas"), "utf-8")


def main() -> None:
    """Both languages."""
    with tempfile.TemporaryDirectory() as store:
        load = ["load", str(SAMPLE), "--out", store, "--no-prefect"]
        subprocess.run([*CONGVAN, *load], check=True, capture_output=True)
        for language in ("vi", "en"):
            output = printed(["show", "27/KL-SYT", "--out", store], language)
            draw("congvan show 27/KL-SYT", output, PICTURES / f"show-{language}.svg")


if __name__ == "__main__":
    main()
