"""A text message is sent once, or it is known that nobody knows."""

from datetime import timedelta

import pytest
from django.utils import timezone

from calls.telephony import texts
from requests_app import outbox
from requests_app.models import Message, MessageStatus
from requests_app.opt_out import WANTS_NONE, take_word, wants_texts
from tests.calls.carrier import NOT_PLACED_500, REFUSED, REPLY_LOST, TOO_MANY

pytestmark = pytest.mark.django_db


@pytest.fixture
def message(tom) -> Message:
    return Message.objects.create(user=tom, outbound=True, peer=tom.phone, body="How much may I spend?")


def test_a_message_is_sent_once(message, carrier):
    for _ in range(3):
        texts.send(message.pk)
    message.refresh_from_db()
    ((sid, sent),) = carrier.messages.items()
    assert (message.status, message.carrier_sid) == (MessageStatus.SENT, sid)
    assert (sent["body"], sent["callback"]) == ("How much may I spend?", f"https://floyd.example/twilio/message-status/{message.pk}")


@pytest.mark.parametrize("mode", [REPLY_LOST, NOT_PLACED_500])
def test_a_message_of_which_nobody_knows_is_not_sent_again(message, carrier, mode):
    carrier.mode[f"text:{message.peer}"] = mode
    for _ in range(2):
        texts.send(message.pk)
        outbox.sweep()
    message.refresh_from_db()
    assert (message.status, carrier.orders[f"text:{message.peer}"]) == (MessageStatus.UNKNOWN, 1)


def test_a_refused_message_says_with_which_code(message, carrier):
    carrier.mode[f"text:{message.peer}"] = REFUSED
    texts.send(message.pk)
    message.refresh_from_db()
    assert (message.status, message.error_code) == (MessageStatus.FAILED, "21610")


def test_when_there_is_no_room_it_is_sent_a_little_later(message, carrier):
    carrier.mode[f"text:{message.peer}"] = TOO_MANY
    texts.send(message.pk)
    assert outbox.due() == []
    Message.objects.filter(pk=message.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert outbox.due() == [(message.pk, "text")]
    texts.send(message.pk)
    message.refresh_from_db()
    assert (message.status, len(carrier.messages)) == (MessageStatus.SENT, 1)


def test_a_message_whose_sender_died_is_unknown(message):
    Message.objects.filter(pk=message.pk).update(status=MessageStatus.SENDING, lease_until=timezone.now() - timedelta(seconds=1))
    outbox.sweep()
    message.refresh_from_db()
    assert message.status == MessageStatus.UNKNOWN


def test_a_message_whose_hint_was_lost_is_hinted_again(message, hints, at_once):
    outbox.sweep()
    assert hints.ids("calls.send_message") == [str(message.pk)]


def test_without_an_account_a_message_fails_with_a_reason(message, settings):
    settings.TWILIO_ACCOUNT_SID = ""
    texts.send(message.pk)
    message.refresh_from_db()
    assert (message.status, message.error_code) == (MessageStatus.FAILED, texts.NO_LINE)


def test_what_is_said_to_stop_is_not_even_given_to_the_carrier(message, carrier):
    take_word(number=message.peer, word="STOP")
    texts.send(message.pk)
    message.refresh_from_db()
    assert (message.status, message.error_code, carrier.messages) == (MessageStatus.FAILED, WANTS_NONE, {})


def test_who_told_the_carrier_to_stop_is_known_from_its_refusal(message, carrier):
    carrier.mode[f"text:{message.peer}"] = REFUSED
    texts.send(message.pk)
    assert not wants_texts(message.peer)
