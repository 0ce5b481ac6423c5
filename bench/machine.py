"""What was measured on, and with which versions."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

OURS = (
    "uvicorn",
    "uvloop",
    "websockets",
    "grpcio",
    "google-cloud-speech",
    "google-cloud-texttospeech",
    "openai",
    "psycopg",
    "channels",
    "daphne",
    "numpy",
)
PEERS = ("pipecat-ai", "onnxruntime", "uvicorn", "uvloop", "websockets", "grpcio", "google-cloud-speech", "openai", "numpy")
_ASK = "import json, sys; from importlib import metadata; print(json.dumps({name: metadata.version(name) for name in sys.argv[1:]}))"


def facts(peer_python: Path | None) -> dict[str, Any]:
    """Machine, load, versions; those of the peer's environment when there is one."""
    report: dict[str, Any] = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load_before": [round(load, 2) for load in os.getloadavg()],
        "versions": {name: metadata.version(name) for name in OURS},
    }
    if peer_python is not None:
        asked = subprocess.run([str(peer_python), "-c", _ASK, *PEERS], capture_output=True, text=True, check=True)
        report["peer_versions"] = json.loads(asked.stdout)
    return report


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.processor())
