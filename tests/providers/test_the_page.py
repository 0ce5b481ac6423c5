"""The page about providers is true, and what it says about adding one can be followed."""

import re
import sys
from contextlib import aclosing
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiohttp import web

import providers
from providers import registry
from providers.types import ProviderError

PAGE = (Path(__file__).parents[2] / "docs" / "providers.md").read_text()
FEWEST_SAMPLES = 7_000


def test_the_page_lists_all_there_are():
    rows = re.findall(r"^\| `([A-Z]+)` \| (.*?) \|", PAGE, re.M)
    assert {kind.lower(): re.findall(r"`(\w+)`", names) for kind, names in rows} == {kind: list(known) for kind, known in registry.REGISTRY.items()}


@pytest.fixture
def followed(tmp_path, monkeypatch):
    """The page's module and row, as the page has them."""
    module = re.search(r"`providers/own_voice.py`:\n\n```python\n(.*?)```", PAGE, re.S)
    row = re.search(r'^"(own_voice)": "([\w.]+)",$', PAGE, re.M)
    assert module and row
    (tmp_path / "own_voice.py").write_text(module[1])
    monkeypatch.setattr(providers, "__path__", [*providers.__path__, str(tmp_path)])
    monkeypatch.setitem(registry.REGISTRY, "speaker", registry.REGISTRY["speaker"] | {row[1]: row[2]})
    yield SimpleNamespace(PROVIDERS={"speaker": "own_voice"})
    sys.modules.pop("providers.own_voice", None)


@pytest.fixture
async def voice_server(monkeypatch):
    async def speak(request: web.Request) -> web.Response:
        asked.append(await request.json())
        return web.Response(body=b"\1\2" * 24_000, status=200 if asked[-1]["text"] else 500)

    asked: list[dict[str, str]] = []
    app = web.Application()
    app.add_routes([web.post("/speak", speak)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    monkeypatch.setenv("OWN_VOICE", f"http://127.0.0.1:{runner.addresses[0][1]}/speak")
    yield asked
    await runner.cleanup()


async def test_the_page_can_be_followed_literally(followed, voice_server):
    speaker = registry.speaker(followed)
    async with aclosing(speaker.speak("Hello.", language="en-US")) as chunks:
        audio = b"".join([chunk async for chunk in chunks])
    assert FEWEST_SAMPLES < len(audio) <= 8_000
    assert voice_server == [{"text": "Hello.", "language": "en-US"}]
    with pytest.raises(ProviderError):
        await anext(speaker.speak("", language="en-US"))
    await speaker.close()
