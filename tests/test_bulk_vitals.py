import os
import subprocess
import sys
from math import inf

from pipeline.bulk.vitals import available_mb, cpu_seconds, exit_name, is_at_work, resident_mb

GONE = 2**22 + 1  # above the greatest process id


def test_a_process_that_computes_is_told_from_one_that_waits():
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as busy:
        with subprocess.Popen(["sleep", "60"]) as idle:
            while cpu_seconds(busy.pid) < 0.1:
                pass
            assert is_at_work(busy.pid)
            assert not is_at_work(idle.pid)
            assert cpu_seconds(idle.pid) < 0.1
            idle.kill()
        busy.kill()


def test_memory_is_told_in_megabytes():
    before = resident_mb(os.getpid())
    hoard = bytearray(os.urandom(64 << 20))
    assert 60 < resident_mb(os.getpid()) - before < 80
    assert len(hoard) == 64 << 20
    assert 0 < available_mb() <= inf


def test_of_a_process_that_is_gone_nothing_is_told():
    assert (resident_mb(GONE), cpu_seconds(GONE), is_at_work(GONE)) == (0.0, 0.0, False)


def test_an_exit_has_a_name():
    assert [exit_name(code) for code in (None, -11, -9, 7)] == ["", "SIGSEGV", "SIGKILL", "exit 7"]
