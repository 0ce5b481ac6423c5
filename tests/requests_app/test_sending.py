"""Texts and emails to callers: once, to an address of theirs, never against their will."""

from datetime import timedelta

import pytest
from django.utils import timezone

from requests_app import outbox, services
from requests_app.emails import mail_of
from requests_app.message_templates import Words
from requests_app.messages import AGAIN_AFTER
from requests_app.models import Message, MessageStatus
from requests_app.opt_out import OptOut, Word, read_word, take_word, wants_texts
from requests_app.sending import CannotSendError, send_email, send_text
from tests.cast import STRANGERS_PHONE, TOMS_PHONE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]

BOOKED = Words("tour_booked", "Your tour is booked.", "Your tour")


def text(key="k1") -> Message:
    return send_text(to=STRANGERS_PHONE, words=BOOKED, dedupe_key=key)


def fail(message: Message, code: str) -> None:
    Message.objects.filter(pk=message.pk).update(status=MessageStatus.SENT)
    outbox.settle(message, MessageStatus.FAILED, error_code=code)


class TestOnce:
    def test_a_text_is_queued_and_logged_with_what_it_was_made_from(self, hints):
        message = text()
        assert (message.user, message.peer, message.body, message.template) == (None, STRANGERS_PHONE, BOOKED.text, "tour_booked")
        assert hints.ids("calls.send_message") == [str(message.pk)]

    def test_the_same_key_is_the_same_message(self, hints):
        assert text() == text()
        assert len(hints.ids("calls.send_message")) == 1
        assert text("k2") != text()

    def test_an_email_has_its_subject_and_says_why_it_came(self, hints, settings):
        settings.MAIL_FROM = "floyd@floyd.example"
        message = send_email(to="ann@home.example", words=BOOKED, dedupe_key="k1")
        mail = mail_of(message)
        assert (mail.to, mail.subject, mail.reply_to) == ("ann@home.example", "Your tour", "")
        assert "You asked for this on the phone" in mail.text
        assert "/settings/" not in mail.text
        assert hints.ids("requests.send_email") == [str(message.pk)]


class TestNoWay:
    def test_a_withheld_number_gets_no_text(self):
        with pytest.raises(CannotSendError, match="no number"):
            send_text(to="", words=BOOKED, dedupe_key="k1")

    @pytest.mark.parametrize("address", ["", "nobody", "a@b\nBcc: c@d.example"])
    def test_what_is_no_address_gets_no_email(self, address):
        with pytest.raises(CannotSendError, match="email address"):
            send_email(to=address, words=BOOKED, dedupe_key="k1")

    def test_who_said_stop_gets_no_text_until_they_say_start(self):
        services.receive_message(peer=STRANGERS_PHONE, body="Stop.", carrier_sid="SM1")
        with pytest.raises(CannotSendError, match="START"):
            text()
        services.receive_message(peer=STRANGERS_PHONE, body="START", carrier_sid="SM2")
        assert text().status == MessageStatus.NEW


class TestWords:
    @pytest.mark.parametrize(
        ("body", "word"),
        [
            ("STOP", Word.STOP),
            (" stop! ", Word.STOP),
            ("Unsubscribe", Word.STOP),
            ("start", Word.START),
            ("HELP", Word.HELP),
            ("Stop by at 5", None),
            ("", None),
        ],
    )
    def test_only_the_word_alone_counts(self, body, word):
        assert read_word(body) is word

    def test_stop_said_twice_is_said_once_and_help_changes_nothing(self):
        for word in ("STOP", "STOP", "HELP"):
            take_word(number=TOMS_PHONE, word=word)
        assert OptOut.objects.count() == 1
        assert not wants_texts(TOMS_PHONE)
        assert wants_texts(STRANGERS_PHONE)

    def test_a_users_stop_is_kept_and_is_no_request(self, tom):
        message = services.receive_message(peer=tom.phone, body="STOP", carrier_sid="SM1")
        assert (message.user, message.request, wants_texts(tom.phone)) == (tom, None, False)


class TestAgain:
    def test_a_trouble_that_passes_is_tried_again_a_little_later_each_time(self):
        message, began = text(), timezone.now()
        for after in AGAIN_AFTER:
            fail(message, "30003")
            message = Message.objects.exclude(status=MessageStatus.FAILED).get()
            assert (message.peer, message.body, message.template, message.status) == (STRANGERS_PHONE, BOOKED.text, "tour_booked", MessageStatus.NEW)
            assert timedelta() <= message.not_before - began - after < timedelta(minutes=1)
        fail(message, "30003")
        assert Message.objects.count() == 1 + len(AGAIN_AFTER)
        assert not Message.objects.exclude(status=MessageStatus.FAILED).exists()

    @pytest.mark.parametrize("code", ["30006", "21610", "opted-out", ""])
    def test_a_trouble_that_stays_is_not_tried_again(self, code):
        fail(text(), code)
        assert Message.objects.count() == 1

    def test_a_report_that_comes_twice_makes_one_more_try(self):
        message = text()
        fail(message, "30003")
        outbox.settle(message, MessageStatus.FAILED, error_code="30003")
        assert Message.objects.count() == 2
