"""The phones as people use them: the pages themselves, and what their buttons do."""

from __future__ import annotations

import base64
import re

import aiohttp
import pytest

from sandbox.settings import parse
from sandbox.shelf import FOLDER, PAGES
from tests.sandbox.twilio.application import STREAM, until
from tests.sandbox.twilio.conftest import FLORIST, TOM, a_call


def address(carrier, path: str) -> str:
    return f"http://127.0.0.1:{carrier.http_port}{path}"


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_stands_without_inline_script_or_style(carrier, path):
    async with aiohttp.ClientSession() as session, session.get(address(carrier, path.replace("{number}", TOM))) as response:
        text = await response.text()
        assert response.status == 200 and "<script>" not in text and "style=" not in text and "onclick=" not in text
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "frame-ancestors 'self'" in policy and "unsafe" not in policy


async def test_pages_have_their_typefaces(carrier):
    sheet = (FOLDER / "sandbox.css").read_text()
    named = re.findall(r'url\("([^"]+)"\)', sheet)
    assert len(named) == 2
    async with aiohttp.ClientSession() as session:
        for path in named:
            async with session.get(address(carrier, path)) as response:
                assert response.status == 200 and (await response.read())[:4] == b"wOF2"


def test_scripts_make_no_markup_out_of_what_was_said():
    for script in FOLDER.glob("*.js"):
        assert "innerHTML" not in script.read_text() and "insertAdjacentHTML" not in script.read_text()


def test_only_a_plain_address_is_shown_beside_the_phones(capsys):
    assert parse(["--site-url", "http://localhost:8000/"]).site_url == "http://localhost:8000"
    with pytest.raises(SystemExit):
        parse(["--site-url", "http://localhost:8000; script-src *"])
    assert "must be an address" in capsys.readouterr().err


async def test_the_caller_hears_music_while_on_hold_and_no_microphone(twilio, app, carrier):
    app.answers["/voice"] = STREAM
    phones = carrier.exchange.switchboard.phones
    phones.set_behaviour(FLORIST, "human")
    await twilio.do(lambda client: client.calls.create(**a_call()))
    phone = phones.find(FLORIST)
    await until(lambda: phone.pick_up is not None)
    async with aiohttp.ClientSession() as session:

        async def post(path: str, body: dict[str, object]) -> int:
            async with session.post(address(carrier, f"/control/people/{FLORIST}/{path}"), json=body) as response:
                return response.status

        await post("answer", {})
        stream = await until(lambda: app.streams and app.streams[0])
        assert await post("hold", {"on": "yes"}) == 400
        assert await post("hold", {"on": True}) == 200
        await until(lambda: heard(stream))
        phone.callee.speech.live(b"\x00" * 160)
        assert phone.callee.on_hold and not phone.callee.speech._live
        assert await post("hold", {"on": False}) == 200
        assert not phone.callee.on_hold
        assert await post("hang_up", {}) == 200
        assert await until(lambda: phone.callee is None)
        assert await post("hold", {"on": True}) == 409


def heard(stream) -> list[object]:
    """Frames of the call that are not silence."""
    return [frame for frame in stream.of("media") if set(base64.b64decode(frame["media"]["payload"])) != {0xFF}]
