"""What reviewers do: verdicts, labels, notes, who looks at what. Each acts on the row as it is now."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from calls.review.access import the_review
from calls.review.queue import Filters
from calls.review_models import Label, Labelling, Review, ReviewNote, Verdict
from context.models import User
from requests_app.access import Viewer, is_staff
from requests_app.errors import InvalidAsk, NotFound

MOST_TAKEN = 20
MOST_LABELS = 12
MOST_NOTES = 200
LABEL_LENGTH, NOTE_LENGTH = 40, 1000


@transaction.atomic
def judge(*, staff: Viewer, call_id: UUID | str, verdict: str) -> Review:
    """Gives a verdict; an empty one takes it back.

    Raises:
        NotFound: not staff, or no such call.
        InvalidAsk: not a verdict.
    """
    review = the_review(staff, call_id, lock=True)
    if verdict and verdict not in Verdict:
        raise InvalidAsk(noop("That is no verdict."))
    review.verdict = verdict
    review.verdict_by, review.verdict_at = (staff, timezone.now()) if verdict and is_staff(staff) else (None, None)
    review.save(update_fields=["verdict", "verdict_by", "verdict_at"])
    return review


@transaction.atomic
def label(*, staff: Viewer, call_id: UUID | str, names: Iterable[str]) -> list[str]:
    """Sets a call's labels; those that nobody used before are made. Returns them.

    Raises:
        NotFound: not staff, or no such call.
        InvalidAsk: too many, or too long a label.
    """
    review = the_review(staff, call_id, lock=True)
    wanted = sorted({word for name in names if (word := " ".join(name.lower().split()))})
    if len(wanted) > MOST_LABELS:
        raise InvalidAsk(noop("At most %(most_labels)s labels.") % {"most_labels": MOST_LABELS})
    if any(len(name) > LABEL_LENGTH for name in wanted):
        raise InvalidAsk(noop("A label has at most %(label_length)s letters.") % {"label_length": LABEL_LENGTH})
    Label.objects.bulk_create([Label(name=name) for name in wanted], ignore_conflicts=True)
    labels = list(Label.objects.filter(name__in=wanted))
    review.labellings.exclude(label__in=labels).delete()
    Labelling.objects.bulk_create([Labelling(review=review, label=one) for one in labels], ignore_conflicts=True)
    return wanted


@transaction.atomic
def note(*, staff: Viewer, call_id: UUID | str, text: str, seq: int | None = None) -> ReviewNote:
    """Adds a note, about the call or one line of it.

    Raises:
        NotFound: not staff, or no such call.
        InvalidAsk: nothing was said, or too much.
    """
    review = the_review(staff, call_id, lock=True)
    text = text.replace("\x00", "").strip()
    if not text:
        raise InvalidAsk(noop("Write something."))
    if len(text) > NOTE_LENGTH:
        raise InvalidAsk(noop("A note has at most %(note_length)s letters.") % {"note_length": NOTE_LENGTH})
    if review.notes.count() >= MOST_NOTES:
        raise InvalidAsk(noop("This call has all the notes it can have."))
    return ReviewNote.objects.create(review=review, author=staff if is_staff(staff) else None, text=text, seq=seq)


@transaction.atomic
def assign(*, staff: Viewer, call_id: UUID | str, to: str) -> Review:
    """Says who reviews a call: a member of staff by email; empty for nobody.

    Raises:
        NotFound: not staff, or no such call.
        InvalidAsk: nobody of that address is staff.
    """
    review = the_review(staff, call_id, lock=True)
    someone = User.objects.filter(email__iexact=to, is_staff=True, is_active=True).first() if to else None
    if to and someone is None:
        raise InvalidAsk(noop("Nobody on the staff has that address."))
    review.assignee = someone
    review.save(update_fields=["assignee"])
    return review


@transaction.atomic
def take(*, staff: Viewer, filters: Filters, most: int = MOST_TAKEN) -> int:
    """Assigns the newest calls that wait for a review and are nobody's to this member of staff. Two who take at once get different ones.

    Raises:
        NotFound: not staff.
    """
    if not is_staff(staff):
        raise NotFound(noop("There is no such page."))
    free = filters.rows(staff).filter(verdict="", assignee=None).select_for_update(no_key=True, skip_locked=True, of=("self",))
    keys = list(free.values_list("pk", flat=True)[:most])
    return Review.objects.filter(pk__in=keys).update(assignee=staff)
