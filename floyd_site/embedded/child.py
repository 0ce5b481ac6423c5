"""A server as our child: started apart from the terminal, ended by its own signal, and never left behind."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
STOP_TIMEOUT_S = 10


def die_with_parent(signum: int) -> None:
    """In a child before exec: ask Linux to send `signum` when the parent is gone, so that a killed supervisor leaves nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signum)


@dataclass(frozen=True, slots=True)
class Child:
    """A running server.

    Attributes:
        log: the file that it writes to.
        stop_signal: what ends it in an orderly way.
    """

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: signal.Signals

    @classmethod
    def start(cls, command: list[str], *, stop_signal: signal.Signals, log: Path, options: dict[str, object] | None = None) -> Child:
        """Starts a server. `options` are passed on to `subprocess.Popen` (the account it runs as)."""
        with log.open("ab") as output:
            process = subprocess.Popen(  # type: ignore[call-overload]
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                # A session of its own: Ctrl-C reaches only the supervisor, which stops the servers last.
                start_new_session=True,
                preexec_fn=lambda: die_with_parent(stop_signal),  # noqa: PLW1509  the supervisor has no threads when it starts these
                **(options or {}),
            )
        return cls(Path(command[0]).name, process, log, stop_signal)

    def ask_to_stop(self) -> None:
        """Sends the signal, unless it has ended."""
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def wait(self) -> None:
        """Until it has ended; one that does not listen is killed."""
        try:
            self.process.wait(timeout=STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def last_words(self, lines: int = 8) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
