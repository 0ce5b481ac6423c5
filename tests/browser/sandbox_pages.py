"""The sandbox's own pages, of a sandbox that runs by itself."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

from tests.browser.conftest import ROOT, START_TIMEOUT_S

#: name → address of every page.
SANDBOX = {
    "sandbox-phones": "/",
    "sandbox-florist": "/phones/+15195550117",
    "sandbox-texts": "/texts/+15195550142",
    "sandbox-mail": "/mail",
    "sandbox-faults": "/faults",
}


def _free_ports(count: int) -> list[str]:
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [str(one.getsockname()[1]) for one in sockets]


@contextlib.contextmanager
def running_sandbox() -> Iterator[str]:
    """Starts one; gives the address of its pages once they answer."""
    http, grpc, smtp, imap = _free_ports(4)
    ports = ["--http-port", http, "--grpc-port", grpc, "--smtp-port", smtp, "--imap-port", imap]
    process = subprocess.Popen([sys.executable, "-m", "sandbox", *ports], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + START_TIMEOUT_S
        while True:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{http}/", timeout=1):
                break
            assert process.poll() is None and time.monotonic() < deadline, "the sandbox did not start"
            time.sleep(0.1)
        yield f"http://127.0.0.1:{http}"
    finally:
        process.terminate()
        process.wait()
