"""What the tests of requests share."""

import pytest

from requests_app import thinking
from tests.fakes import ScriptedThinker, plan


@pytest.fixture
def thinker(monkeypatch) -> ScriptedThinker:
    """The process's thinker, scripted: `thinker.scripts = [...]`."""
    scripted = ScriptedThinker(plan())

    async def shared() -> ScriptedThinker:
        return scripted

    monkeypatch.setattr(thinking, "shared_thinker", shared)
    return scripted
