"""A real MLflow server on the loopback interface, and a go-between that can stop it in the middle of a run."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path


def free_port() -> int:
    with socket.socket() as probing:
        probing.bind(("127.0.0.1", 0))
        return int(probing.getsockname()[1])


class Server:
    """``mlflow server`` with its store in a folder; it can be stopped hard and started again."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self.folder = folder
        self.port = free_port()
        self.uri = f"http://127.0.0.1:{self.port}"
        self._environ = environ
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(self.port)]
        command += ["--workers", "1", "--backend-store-uri", f"sqlite:///{self.folder}/server.db"]
        command += ["--artifacts-destination", str(self.folder / "artifacts")]
        environ = {**self._environ, "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}
        # Its workers for jobs of its own take half a minute to start, and nothing here asks for them.
        environ["MLFLOW_SERVER_ENABLE_JOB_EXECUTION"] = "false"
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=self.folder, env=environ, stdout=log, stderr=log, start_new_session=True
            )
        until = time.monotonic() + 120
        while not self._healthy():
            assert self._process.poll() is None, (self.folder / "server.log").read_text()[-2000:]
            assert time.monotonic() < until, "mlflow server did not start within two minutes"
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop it as a machine that loses power does."""
        process, self._process = self._process, None
        if process is not None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.uri}/health", timeout=2):
                return True
        except OSError:
            return False


class GoBetween:
    """Passes bytes to a server until a request holds ``word``; then it stops the server."""

    def __init__(self, server: Server, word: bytes) -> None:
        self._server = server
        self._word = word
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.uri = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.stopped = False
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> "GoBetween":
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()

    def pass_everything(self) -> None:
        self._word = b""

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._pass, args=(client,), daemon=True).start()

    def _pass(self, client: socket.socket) -> None:
        with client:
            try:
                server = socket.create_connection(("127.0.0.1", self._server.port), timeout=5)
            except OSError:
                return
            with server:
                server.settimeout(None)
                threading.Thread(target=copy, args=(server, client), daemon=True).start()
                while data := receive(client):
                    if self._word and self._word in data:
                        self._server.stop()
                        self.stopped = True
                        return
                    server.sendall(data)


def copy(source: socket.socket, target: socket.socket) -> None:
    while data := receive(source):
        try:
            target.sendall(data)
        except OSError:
            return


def receive(source: socket.socket) -> bytes:
    try:
        return source.recv(65536)
    except OSError:
        return b""
