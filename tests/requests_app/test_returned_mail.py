"""A mail that came back is marked, its words go another way, and nobody writes to an address that nobody has, until its owner says so."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from context import bounced
from context.bounced import is_bounced, note_bounce
from context.mail.parse import parse
from context.mail_models import BouncedAddress, Mail
from requests_app import emails, outbox
from requests_app.mail.arriving import take_in
from requests_app.message_templates import Words
from requests_app.messages import queue_message
from requests_app.models import BOUNCED, Message, MessageStatus, Way
from requests_app.sending import CannotSendError, send_email
from requests_app.telling import usable
from tests.context.test_delivery_status import OURS, UNKNOWN, report
from use_cases.models import Caller

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]
BOOKED = Words("tour_booked", "Your tour is booked.", "Your tour")


@pytest.fixture(autouse=True)
def mail_settings(settings):
    settings.MAIL_FROM, settings.MAIL_DOMAIN, settings.MAIL_PREFIX = "floyd@floyd.example", "floyd.example", ""


@pytest.fixture
def sent(tom, mailoutbox) -> Message:
    tom.tell_by = "email"
    tom.save()
    message = queue_message(user=tom, body="Ordered.")
    assert message is not None
    emails.send(message.pk)
    message.refresh_from_db()
    assert (message.way, message.status) == (Way.EMAIL, MessageStatus.SENT)
    return message


def comes_back(message: Message, code: str = "5.1.1", *, recipient: str = "") -> None:
    block = UNKNOWN.replace("ann@home.example", recipient or message.peer).replace("5.1.1", code)
    given = emails.mail_of(message).message_id
    take_in(parse(report(block).replace(OURS.encode(), given.encode())), mailbox=None)
    message.refresh_from_db()


def test_it_is_marked_and_goes_another_way_once(sent, tom):
    for _ in range(2):
        comes_back(sent)
    assert (sent.status, sent.error_code, sent.trouble) == (MessageStatus.FAILED, "5.1.1", "nobody has this address")
    (copy,) = sent.copies.all()
    assert (copy.way, copy.body) == (Way.TEXT, sent.body)
    assert not Mail.objects.exists()


def test_nothing_more_is_written_there(sent, tom, mailoutbox):
    waiting = Message.objects.create(user=tom, outbound=True, way=Way.EMAIL, peer=tom.email.upper(), body="One more.")
    comes_back(sent)
    following = queue_message(user=tom, body="Next")
    assert Way.EMAIL not in usable(tom) and following is not None and following.way == Way.TEXT
    emails.send(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.error_code, waiting.trouble) == (MessageStatus.FAILED, BOUNCED, "nobody has this address")
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(("code", "trouble"), [("5.2.2", "the mailbox is full"), ("5.7.1", ""), ("4.4.7", "")])
def test_what_is_about_this_mail_alone_closes_no_address(sent, tom, code, trouble):
    comes_back(sent, code)
    assert (sent.status, sent.error_code, sent.trouble) == (MessageStatus.FAILED, code, trouble)
    assert Way.EMAIL in usable(tom)


def test_where_it_was_passed_on_to_says_nothing_about_the_address(sent, tom):
    comes_back(sent, recipient="old@work.example")
    assert sent.status == MessageStatus.FAILED and not is_bounced(tom.email)


@pytest.mark.parametrize("message_id", ["<guessed@floyd.example>", OURS, "", "<>"])
def test_one_that_names_no_mail_of_ours_changes_nothing(sent, tom, message_id):
    take_in(parse(report(UNKNOWN.replace("ann@home.example", tom.email)).replace(OURS.encode(), message_id.encode())), mailbox=None)
    sent.refresh_from_db()
    assert sent.status == MessageStatus.SENT and not BouncedAddress.objects.exists()


def test_its_user_sees_why_and_says_that_it_works(client, sent, tom):
    comes_back(sent)
    client.force_login(tom)
    assert "failed: nobody has this address" in client.get(reverse("texts")).content.decode()
    page = client.get(reverse("settings")).content.decode()
    assert "came back" in page and reverse("write-again") in page
    assert client.post(reverse("write-again")).status_code == 303
    assert Way.EMAIL in usable(tom) and "came back" not in client.get(reverse("settings")).content.decode()
    comes_back(sent)  # its mailbox is read anew
    assert not is_bounced(tom.email)


def test_a_tool_is_told_so_and_offers_no_mail():
    caller = Caller.objects.create(number="+15195550178", email="Ann@home.example")
    message = send_email(to=caller.email, words=BOOKED, dedupe_key="k1")
    Message.objects.filter(pk=message.pk).update(status=MessageStatus.SENT)
    assert caller.takes_mail
    comes_back(message)
    with pytest.raises(CannotSendError, match="came back"):
        send_email(to=caller.email, words=BOOKED, dedupe_key="k2")
    assert not caller.takes_mail


def test_after_half_a_year_it_is_tried_again(tom):
    note_bounce(address=tom.email, code="5.1.1")
    assert is_bounced(tom.email)
    BouncedAddress.objects.update(created_at=timezone.now() - bounced.FOR - timedelta(minutes=1))
    assert not is_bounced(tom.email)
    bounced.forget_old()
    assert not BouncedAddress.objects.exists()


def test_what_a_server_says_late_stays_under_what_is_known(sent):
    comes_back(sent)
    outbox.settle(sent, MessageStatus.SENT)
    sent.refresh_from_db()
    assert sent.status == MessageStatus.FAILED
