"""A correction by text carries on to what was derived from the outcome, as one on the page does."""

import pytest

from requests_app.inbox import receive_message
from tests.calls.test_concluding import TORONTO, concluded, entry_of
from tests.calls.test_wrap_up import thinker  # noqa: F401 - a fixture
from tests.cast import TOMS_PHONE

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", ["Nein, es war Mittwoch", "Non, c'était mercredi", "No, era el miércoles"])
def test_a_text_in_another_language_moves_it_as_well(tom, thinker, text):  # noqa: F811
    call = concluded(tom, thinker)
    receive_message(peer=TOMS_PHONE, body=text, carrier_sid="SM1")
    moved = entry_of(call).starts_at.astimezone(TORONTO)
    assert (moved.weekday(), moved.hour, moved.minute) == (2, 9, 30)


def test_a_text_moves_the_appointment_and_keeps_its_hour(tom, thinker):  # noqa: F811
    call = concluded(tom, thinker)
    receive_message(peer=TOMS_PHONE, body="No, it was Wednesday", carrier_sid="SM1")
    moved = entry_of(call).starts_at.astimezone(TORONTO)
    assert (moved.weekday(), moved.hour, moved.minute) == (2, 9, 30)
