"""Settings from the environment."""

import pytest

from floyd_site.env import Environment, SettingError


def test_a_half_given_set_of_keys_says_which_is_missing():
    env = Environment({"TWILIO_ACCOUNT_SID": "AC1"})
    with pytest.raises(SettingError, match="TWILIO_AUTH_TOKEN is not"):
        env.all_or_none(("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"), "See the console.")


def test_no_keys_at_all_is_fine():
    assert Environment({}).all_or_none(("A", "B"), "") == {}


@pytest.mark.parametrize(("raw", "value"), [("yes", True), ("1", True), ("off", False), ("", False)])
def test_flags_read_the_usual_words(raw, value):
    assert Environment({"F": raw}).flag("F", default=not value) is value


def test_a_wrong_flag_is_an_error_that_names_it():
    with pytest.raises(SettingError, match="F is 'maybe'"):
        Environment({"F": "maybe"}).flag("F", default=True)


def test_numbers_are_bounded():
    with pytest.raises(SettingError, match="between 1 and 5"):
        Environment({"N": "9"}).integer("N", 2, least=1, most=5)
