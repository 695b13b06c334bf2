"""Templates of workers forked from one process that has loaded their code, for quick tests.

A load starts a template as a process of its own, which costs most of a second: more than all else
that a small load does. Slow tests, and those that start `congvan` as a process, do without this.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import traceback
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import IO, Any

from pipeline.bulk import child, template
from pipeline.bulk.workers import WorkerOptions


class Origin:
    """The process that templates are forked from; it is started when the first one is wanted."""

    def __init__(self) -> None:
        self._lock = Lock()
        atexit.register(self._close)  # after pools that live as long as the program

    @cached_property
    def _process(self) -> subprocess.Popen[bytes]:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        tests = Path(__file__).parent
        path = os.pathsep.join([str(tests), str(tests.parent), *filter(None, sys.path)])
        with theirs:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.templates", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env={**os.environ, **template.environment(), "PYTHONPATH": path},
            )

    def start(self, options: WorkerOptions, control: socket.socket, said: IO[bytes]) -> Template:
        """What `pipeline.bulk.template.start` does, by a fork."""
        settings = {**asdict(options.task), "memory_limit_mb": options.memory_limit_mb}
        environment = {**os.environ, **template.environment()}
        with self._lock:
            environment["CONGVAN_PARENT"] = str(self._process.pid)
        call = [options.target, json.dumps(settings), environment, str(Path.cwd())]
        return Template(self, self.ask(call, control.fileno(), said.fileno()))

    def ask(self, request: object, *descriptors: int) -> int:
        with self._lock:
            socket.send_fds(self._control, [json.dumps(request).encode()], descriptors)
            return int(self._control.recv(64))

    def _close(self) -> None:
        if "_process" in self.__dict__:
            self._control.close()
            self._process.wait()


class Template:
    """A template as its process, as far as `subprocess.Popen` is used of it."""

    def __init__(self, origin: Origin, pid: int) -> None:
        self._origin, self.pid = origin, pid
        self.returncode: int | None = None

    def wait(self) -> int:
        if self.returncode is None:
            self.returncode = self._origin.ask(self.pid)
        return self.returncode


def _serve(control: socket.socket) -> None:
    """Fork templates, and tell how they ended, until the tests are done."""
    while True:
        content, descriptors, *_ = socket.recv_fds(control, 1 << 20, 2)
        if not content:
            return
        request = json.loads(content)
        if isinstance(request, int):
            _, status = os.waitpid(request, 0)
            answer = os.waitstatus_to_exitcode(status)
        else:
            importlib.import_module(request[0].partition(":")[0])
            answer = os.fork()
            if answer == 0:
                control.close()
                _become_template(request, *descriptors)
            for descriptor in descriptors:
                os.close(descriptor)
        control.send(b"%d" % answer)


def _become_template(request: list[Any], control: int, said: int) -> None:
    target, settings, environment, folder = request
    try:
        os.setsid()
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        os.dup2(said, 1)
        os.dup2(said, 2)
        child.main(target, settings, control)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _serve(socket.socket(fileno=int(sys.argv[1])))
