"""What a fresh worker does not load again: it is there before workers are forked."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import hashlib, json, sys
from pathlib import Path
from re import _compiler
from pipeline.bulk.task import Job, TaskOptions, attempt, make_record, warm
warm()
before, compiled, plain = set(sys.modules), [], _compiler.compile
_compiler.compile = lambda pattern, flags=0: compiled.append(str(pattern)) or plain(pattern, flags)
path, out = Path(sys.argv[1]), sys.argv[2]
sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
job = Job(1, sha256, path.name, path.stat().st_size, [str(path)])
outcome = attempt(make_record, TaskOptions(out, durable=False), job)
loaded = [m for m in set(sys.modules) - before if not m.startswith("encodings.")]
print(json.dumps([outcome.status, loaded, compiled]))
"""
SAMPLES = Path(__file__).parent.parent / "samples"


@pytest.mark.parametrize(
    "sample", ["kl-thanh-tra-truong/source.txt", "kh-chuyen-doi-so/source.docx"]
)
def test_a_fresh_worker_loads_no_code_and_compiles_few_patterns(tmp_path, sample):
    said = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(SAMPLES / sample), str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=True,
    )
    status, loaded, compiled = json.loads(said.stdout)
    assert (status, loaded) == ("done", [])
    assert len(compiled) < 40, compiled  # some hundred without
