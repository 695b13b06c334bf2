"""What a fresh worker does not load again: it is there before workers are forked."""

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import hashlib, json, os, sys
from pathlib import Path
from re import _compiler
from pipeline.bulk.task import Job, TaskOptions, attempt, make_record, warm
warm()
before, compiled, plain = set(sys.modules), [], _compiler.compile
_compiler.compile = lambda pattern, flags=0: compiled.append(str(pattern)) or plain(pattern, flags)
for path in map(Path, sys.argv[2:]):
    if os.fork():
        os.wait()
        continue
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    job = Job(1, sha256, path.name, path.stat().st_size, [str(path)])
    outcome = attempt(make_record, TaskOptions(sys.argv[1], durable=False), job)
    loaded = [m for m in set(sys.modules) - before if not m.startswith("encodings.")]
    print(json.dumps([path.parent.name, outcome.status, loaded, compiled]), flush=True)
    os._exit(0)
"""
SAMPLES = Path(__file__).parent.parent / "samples"


def test_a_fresh_worker_loads_no_code_and_compiles_few_patterns(tmp_path):
    samples = ("kl-thanh-tra-truong/source.txt", "kh-chuyen-doi-so/source.docx")
    said = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "out"), *(str(SAMPLES / s) for s in samples)],
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [json.loads(line) for line in said.stdout.splitlines()]
    assert [row[:3] for row in rows] == [[s.partition("/")[0], "done", []] for s in samples]
    for *_, compiled in rows:
        assert len(compiled) < 40, compiled  # some hundred without
