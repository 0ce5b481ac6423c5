"""Wake-up hints as Celery tasks: an id in, one service called."""

from __future__ import annotations

from celery import shared_task
from celery.signals import worker_ready

from context import bounced
from context.idempotency import prune_keys
from requests_app import directory, editing, emails, next_steps, notifications, number, outbox, planning, retention, sweep, thinking
from requests_app.learning import after_request
from requests_app.mail import learning, visiting


@worker_ready.connect
def warm_the_thinker(**_: object) -> None:
    """The client library takes more than a second to load: better before the first request than during it."""
    thinking.warm()


@shared_task(name="requests.pick_up")
def pick_up(request_id: str) -> None:
    """A request is due for planning."""
    planning.pick_up(request_id=request_id)


@shared_task(name="requests.take_hand_edit")
def take_hand_edit(request_id: str) -> None:
    """Somebody may have edited an ask in the database."""
    editing.take_up_hand_edit(request_id=request_id)


@shared_task(name="requests.find_number")
def find_number(request_id: str) -> None:
    """A request has a plan and needs a number."""
    number.find_number(request_id=request_id)


@shared_task(name="requests.look_up")
def look_up(request_id: str) -> None:
    """A request needs a look into the directory of businesses."""
    directory.look_up(request_id=request_id)


@shared_task(name="requests.sweep")
def sweep_requests() -> None:
    """Finds requests that hints were lost for."""
    sweep.sweep()


@shared_task(name="requests.sweep_next_steps")
def sweep_next_steps() -> None:
    """Reminds users of what is due."""
    next_steps.deliver_due()


@shared_task(name="requests.prune_live_changes")
def prune_live_changes() -> None:
    """Forgets old live changes, and idempotency keys that nobody will send again."""
    sweep.prune_live_changes()
    prune_keys()


@shared_task(name="requests.forget_old")
def forget_old() -> None:
    """Deletes what was kept long enough."""
    retention.forget_old()
    bounced.forget_old()


@shared_task(name="requests.send_email")
def send_email(message_id: str) -> None:
    """Sends an email of the outbox."""
    emails.send(message_id)


@shared_task(name="requests.send_push")
def send_push(message_id: str) -> None:
    """Sends a notification of the outbox."""
    notifications.send(message_id)


@shared_task(name="requests.sweep_messages")
def sweep_messages() -> None:
    """Finds messages that are due."""
    outbox.sweep()


@shared_task(name="requests.learn")
def learn(request_id: str) -> None:
    """A request has ended: what its user said may be worth keeping."""
    after_request.learn(request_id=request_id)


@shared_task(name="requests.read_mailbox")
def read_mailbox(mailbox_id: str) -> None:
    """Reads what is new in a mailbox."""
    visiting.visit(mailbox_id)


@shared_task(name="requests.learn_from_mail")
def learn_from_mail(mail_id: str) -> None:
    """Reads a mail for what it teaches."""
    learning.learn(mail_id)


@shared_task(name="requests.sweep_mail")
def sweep_mail() -> None:
    """Finds mailboxes and mails that are due."""
    visiting.sweep()
    learning.sweep()
