"""Peak memory of a process that reads scans by OCR: `python -m bench.reading.memory [--cases a,b]`.

Each case is two pages, read by a process of its own; a page at 300 dpi in colour has 26 MB.
The kernel is asked for `VmHWM`: `ru_maxrss` of a child counts what its parent had.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.reading.degrade import as_tiff, degraded
from bench.reading.render import notices, render

_CHILD = """
import sys
from pathlib import Path
from pipeline.readers import read
document = read(Path(sys.argv[1]).read_bytes(), "a.tif")
status = Path("/proc/self/status").read_text()
print(len(document.pages), int(status.split("VmHWM:")[1].split()[0]) // 1024)
"""


def peak(case: str) -> str:
    """Pages read and megabytes of resident memory at the peak."""
    dpi, made = degraded(render(notices()[0]).pdf, case)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.tif"
        path.write_bytes(as_tiff(made, dpi))
        done = subprocess.run(
            [sys.executable, "-c", _CHILD, str(path)], capture_output=True, text=True, check=True
        )
    return done.stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", default="scan-200,combo-300")
    for case in parser.parse_args().cases.split(","):
        print(f"{case:14} pages, peak memory in MB: {peak(case)}", flush=True)


if __name__ == "__main__":
    main()
