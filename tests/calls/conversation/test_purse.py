"""Limits, totals and names, by themselves."""

import pytest

from calls.conversation.purse import Purse, item_name
from tests.calls.conversation.virtual_line import flowers


def test_several_agreements_share_one_limit():
    purse = Purse(flowers(limit_minor=8000))
    assert purse.agree("roses", 5000, "CAD", None)["ok"]
    assert purse.agree("vase", 4000, "CAD", None)["reason"] == "above_limit"
    assert purse.agree("card", 3000, "CAD", None)["ok"]
    assert purse.agreed_minor == 8000


def test_the_same_agreement_said_twice_counts_once():
    purse = Purse(flowers(limit_minor=8000))
    assert purse.agree("Roses", 5000, "CAD", None)["ok"]
    assert purse.agree("roses", 5500, "CAD", None)["ok"]
    assert purse.agreed_minor == 5500


@pytest.mark.parametrize(
    ("amount", "currency", "reason"), [(5000, "USD", "other_currency"), (-1, "CAD", "bad_amount"), (10**12, "CAD", "bad_amount")]
)
def test_odd_money_is_refused(amount, currency, reason):
    assert Purse(flowers(limit_minor=8000)).agree("roses", amount, currency, None)["reason"] == reason


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("peonies & roses (white)", "peonies roses white"),
        ("a" * 100, "a" * 40),
        ('"; DROP TABLE', "DROP TABLE"),
        ("one two three four five six seven eight nine ten", "one two three four five six seven eight"),
        (None, ""),
        ("crème brûlée", "crème brûlée"),
        ("https://evil.example/x?y=1", "https evil example x y 1"),
    ],
)
def test_an_item_is_a_short_harmless_name(text, name):
    assert item_name(text) == name
