"""A recorded session with every message of the protocol, both ways, against the table of messages: nothing more on the wire, nothing less."""

import json
import tomllib
from pathlib import Path

import pytest

from calls.telephony import relay_messages as wire
from sandbox.twilio import relay_frames

HERE = Path(__file__).parent
TABLE = tomllib.loads((HERE / "relay_wire.toml").read_text())
LOG = [json.loads(line) for line in (HERE / "relay_log.jsonl").read_text().splitlines()]
TYPES = {"text": str, "number": int, "yes or no": bool, "object": dict}
UNDERSTOOD = {
    "setup": wire.Setup,
    "prompt": wire.Prompt,
    "interrupt": wire.Interrupted,
    "dtmf": wire.KeyPress,
    "error": wire.Failed,
    "agentSpeaking": wire.AgentSpeaking,
    "clientSpeaking": wire.ClientSpeaking,
    "tokensPlayed": wire.TokensPlayed,
    "roundTripDelayMs": wire.Unknown,
}


def sent_by(side):
    return [entry["message"] for entry in LOG if entry["from"] == side]


def in_the_table(side, message):
    row = TABLE[side][message["type"]]
    parts = {name: value for name, value in message.items() if name != "type"}
    assert parts.keys() <= row["parts"].keys()
    assert row["parts"].keys() - set(row.get("optional", ())) <= parts.keys()
    for name, value in parts.items():
        assert type(value) is TYPES[row["parts"][name]], name
    for name, values in row.get("values", {}).items():
        assert parts[name] in values


@pytest.mark.parametrize("side", ["carrier", "application"])
def test_every_message_is_in_the_table_and_every_row_was_recorded(side):
    for message in sent_by(side):
        in_the_table(side, message)
    assert {message["type"] for message in sent_by(side)} == TABLE[side].keys()


def test_partial_and_whole_prompts_and_every_sort_of_news_were_recorded():
    messages = sent_by("carrier")
    assert {message["last"] for message in messages if message["type"] == "prompt"} == {True, False}
    assert {message["name"] for message in messages if message["type"] == "info"} == set(TABLE["carrier"]["info"]["values"]["name"])
    assert {message["last"] for message in sent_by("application") if message["type"] == "text"} == {True, False}


def test_each_message_of_the_carrier_is_understood_as_what_it_is():
    for message in sent_by("carrier"):
        assert type(wire.decode(json.dumps(message))) is UNDERSTOOD[message.get("name", message["type"])]


def test_each_message_of_ours_is_written_so_and_taken_by_a_strict_carrier():
    for message in sent_by("application"):
        relay_frames.decode(json.dumps(message))
        assert json.loads(written(message)) == message


def written(message):
    match message["type"]:
        case "text":
            return wire.encode_text(message["token"], last=message["last"], interruptible=message["interruptible"], language=message.get("lang", ""))
        case "play":
            return wire.encode_play(
                message["source"], loop=message["loop"], interruptible=message["interruptible"], preemptible=message["preemptible"]
            )
        case "sendDigits":
            return wire.encode_digits(message["digits"])
        case "language":
            return wire.encode_language(spoken=message["ttsLanguage"], heard=message["transcriptionLanguage"])
        case _:
            return wire.encode_end(message.get("handoffData", ""))
