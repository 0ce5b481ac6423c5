"""How calls, texts and phones look in the control API and on the pages."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sandbox.twilio.calls import Call, Heard
from sandbox.twilio.exchange import Exchange
from sandbox.twilio.messages import Message, PostOffice
from sandbox.twilio.phones import Phone
from sandbox.twilio.wire import iso8601

SHOWN_CALLS = 8
SHOWN_MESSAGES = 100


def message_shown(message: Message) -> dict[str, Any]:
    """One text."""
    return {
        "sid": message.sid,
        "from": message.from_,
        "to": message.to,
        "body": message.body,
        "direction": message.direction,
        "status": message.status,
        "at": iso8601(message.created_at),
    }


def call_shown(call: Call) -> dict[str, Any]:
    """One call with its transcript: what the person said, and what was heard of the application's voice and keys."""
    return {
        "sid": call.sid,
        "to": call.to,
        "from": call.from_,
        "status": call.status,
        "at": iso8601(call.created_at),
        "answered_at": iso8601(call.answered_at) if call.answered_at else None,
        "seconds": call.seconds,
        "over": call.over,
        "settled": call.settled,
        "sip_code": call.sip_code if call.over else None,
        "streams": len(call.streams),
        "dialled": [
            {"to": leg.to, "from": leg.from_, "status": leg.status, "transcript": [_line_shown(line) for line in leg.transcript]} for leg in call.legs
        ],
        "alerts": [{"code": code, "message": message} for code, message in call.alerts],
        "answered_by": call.answered_by,
        "transcript": [_line_shown(line) for line in call.transcript],
        "recording": None if call.recording is None else [_line_shown(line) for line in call.recording],
        "pressed": [asdict(tone) for tone in call.pressed],
    }


def _line_shown(line: Heard) -> dict[str, Any]:
    return {"at_ms": line.at_ms, "speaker": line.speaker, "text": line.text, "sure": line.confident}


def phone_shown(phone: Phone) -> dict[str, Any]:
    """One phone."""
    return {
        "number": phone.number,
        "name": phone.name,
        "behaviour": phone.behaviour,
        "scripted": phone.person is not None,
        "state": phone.state,
        "ringing_for_human": phone.pick_up is not None and not phone.pick_up.done(),
        "hearing": phone.callee.hearing if phone.callee else "",
        "on_hold": phone.callee.on_hold if phone.callee else False,
        "call_sid": phone.ringing or (phone.callee.call.sid if phone.callee else ""),
    }


def overview(exchange: Exchange, post_office: PostOffice) -> dict[str, Any]:
    """Everything for the index page."""
    settings = exchange.carrier.settings
    texts = post_office.log.oldest_first()[-SHOWN_MESSAGES:]
    people = exchange.switchboard.phones
    users = dict(settings.phones)
    for text in texts:
        peer = text.from_ if text.direction == "inbound" else text.to
        if people.find(peer) is None:
            users.setdefault(peer, peer)
    return {
        "number": settings.number,
        "site_url": settings.site_url,
        "users": [
            {"number": number, "name": name, "messages": [message_shown(text) for text in texts if number in {text.from_, text.to}]}
            for number, name in users.items()
        ],
        "people": [phone_shown(phone) for phone in people.all()],
        "calls": [call_shown(call) for call in exchange.log.newest_first()[:SHOWN_CALLS]],
        "faults": exchange.carrier.faults.shown(),
    }
