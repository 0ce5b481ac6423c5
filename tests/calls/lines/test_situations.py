"""A machine on the line: keys as tones in the sound, a beep found in the sound, and what the page and the database get to know."""

import base64

from calls.speech import tones
from providers.types import ToolCall
from tests.calls.lines.fakes import tool
from tests.calls.lines.scene import INTRODUCTION, until

MENU = "For attendance, press 2. For the office, press 0."


def audio(phone):
    return b"".join(base64.b64decode(message["media"]["payload"]) for message in phone.received if message["event"] == "media")


async def test_a_phone_menu_gets_its_key_as_tones_and_the_person_behind_it_the_introduction(carrier, kit, transcript, call_row, ended):
    kit.thinker.script = [tool("press_keys", keys="2", why="attendance")]
    async with carrier() as phone:
        kit.recognizer.says(MENU)
        await until(lambda: tones.key("2") in audio(phone))
        assert kit.speaker.spoken == [] or INTRODUCTION not in [text for _, text in await transcript()]
        assert (await call_row())["situation"] == "menu"
        kit.recognizer.says("Attendance, this is Karen, how can I help you?")
        await until(lambda: phone.played_ms > 400)

        async def introduced():
            return INTRODUCTION in [text for _, text in await transcript()]

        await until(introduced)
        await phone.hang_up()
        row = await ended()
    assert ("system", "Pressed 2") in await transcript()
    assert row["situation"] == "talking" and row["situation_since"]
    assert [slot["value"] for slot in row["slots"] if slot["item"] == "menu_path"] == ["press 2"]


async def test_the_key_tool_does_nothing_while_a_person_is_there(carrier, opened, kit, ended):
    kit.thinker.script = [ToolCall("call_1", "press_keys", '{"keys": "2", "why": "?"}'), "She is in grade 3."]
    async with carrier() as phone:
        kit.recognizer.says("Hello?")
        await opened()
        kit.recognizer.says("What grade is she in?")
        await until(lambda: "She is in grade 3." in kit.speaker.spoken)
        assert tones.key("2") not in audio(phone)
        await phone.hang_up()
        await ended()
