"""Sessions of pytest in a process of their own: one process for many, as starting one costs more than a session."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree as ET

KEPT_OUT = ("PYTEST_ADDOPTS", "PYTEST_CURRENT_TEST", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT")
LOOP = """
import contextlib, io, json, os, sys
import pytest
for line in sys.stdin:
    asked = json.loads(line)
    os.chdir(asked["folder"])
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = int(pytest.main(asked["words"]))
    print(json.dumps([code, said.getvalue()]), flush=True)
"""
OWN = ("-p", "no:cacheprovider", "--import-mode=importlib", "-c", os.devnull)


class Session:
    """A session that ended: its code, what it printed, and what its JUnit file says."""

    def __init__(self, code: int, said: str, junit: Path) -> None:
        self.code, self.said = code, said
        made = ET.parse(junit).iter("testcase") if junit.exists() else ()
        self.cases = {f"{case.get('classname')}::{case.get('name')}": case for case in made}

    @property
    def names(self) -> list[str]:
        return [name.rpartition("::")[2] for name in self.cases]

    def case(self, name: str) -> ET.Element:
        (found,) = (case for own, case in self.cases.items() if own.endswith(name))
        return found

    def outcome(self, name: str) -> tuple[str, str]:
        for kind in ("failure", "error", "skipped"):
            found = self.case(name).find(kind)
            if found is not None:
                return f"{kind} {found.get('type', '')}".strip(), str(found.get("message"))
        return "passed", ""

    def properties(self, name: str) -> dict[str, str]:
        return {str(one.get("name")): str(one.get("value")) for one in self.case(name).iter("property")}


class Sessions:
    """Runs sessions with the plug-in, one after the other."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def __call__(self, folder: Path, *words: str) -> Session:
        folder.mkdir(exist_ok=True)
        junit = folder / "junit.xml"
        junit.unlink(missing_ok=True)
        own = [*OWN, "-p", "hcgov.pytest", "--rootdir", str(folder), f"--junitxml={junit}"]
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"folder": str(folder), "words": [*own, *words]}) + "\n")
        self.process.stdin.flush()
        code, said = json.loads(self.process.stdout.readline())
        return Session(code, said, junit)


@contextmanager
def sessions() -> Iterator[Sessions]:
    kept = {k: v for k, v in os.environ.items() if k not in KEPT_OUT}
    with subprocess.Popen(
        [sys.executable, "-c", LOOP], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=kept
    ) as process:
        yield Sessions(process)
        assert process.stdin is not None
        process.stdin.close()
