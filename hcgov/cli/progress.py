"""Progress on stderr: one line that overwrites itself on a terminal; elsewhere only steps that took long."""

import time
from typing import TextIO

LONG = 2.0
"""Seconds after which a step is worth a line of its own where there is no terminal."""


class Progress:
    """Tells which artifact is being read."""

    def __init__(self, stream: TextIO, *, enabled: bool) -> None:
        self._stream, self._enabled = stream, enabled
        self._live = enabled and stream.isatty()
        self._name, self._since = "", time.monotonic()

    def step(self, name: str) -> None:
        """Say that an artifact is being read now."""
        if not self._enabled or name == self._name:
            return
        self._finish()
        self._name, self._since = name, time.monotonic()
        if self._live:
            self._stream.write(f"\r\x1b[2Kreading {name} …")
            self._stream.flush()

    def done(self) -> None:
        """Say that everything was read."""
        if self._enabled:
            self._finish()
            if self._live:
                self._stream.write("\r\x1b[2K")
                self._stream.flush()
        self._name = ""

    def _finish(self) -> None:
        took = time.monotonic() - self._since
        if self._name and not self._live and took > LONG:
            self._stream.write(f"read {self._name} ({took:.1f} s)\n")
            self._stream.flush()
