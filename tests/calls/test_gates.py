"""Floyd must not dial what it may not, and must say why in words."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberType

from calls import gates
from calls.gates import Callee, Decision, Dial, Others, Rules, Usage
from context.number_kind import trouble
from context.opening_hours import next_time, zones

HOME = frozenset({"US", "CA"})
SCHOOL = "+15195550110"
TORONTO = ZoneInfo("America/Toronto")
TUESDAY_NOON = datetime(2026, 11, 24, 12, 0, tzinfo=TORONTO).astimezone(UTC)
FREE = Usage(calls=0, max_calls=20, minutes=0, max_minutes=120)


def dial(**changes) -> Dial:
    callee = changes.pop("callee", Callee(SCHOOL))
    rules = changes.pop("rules", Rules(HOME, (8, 21), own_number="+15195550199"))
    base = Dial(callee=callee, rules=rules, usage=FREE, others=Others(), user_time_zone="America/Toronto", now=TUESDAY_NOON)
    return replace(base, **changes)


def test_an_ordinary_call_at_an_ordinary_hour_may_be_made():
    assert gates.check(dial()) == gates.OK


REFUSALS = {
    "no account": (dial(rules=Rules(HOME, (8, 21), has_line=False)), "no telephone line"),
    "not a number": (dial(callee=Callee("hello")), "not a valid phone number"),
    "own number": (dial(callee=Callee("+15195550199")), "own number"),
    "suppressed": (dial(callee=Callee(SCHOOL, suppressed=True)), "on the list of numbers"),
    "do not call": (dial(callee=Callee(SCHOOL, do_not_call=True)), "do not call"),
    "same ask": (dial(others=Others(same_ask_under_way=True)), "only one call"),
    "calls off": (dial(usage=replace(FREE, max_calls=0)), "switched off"),
    "minutes off": (dial(usage=replace(FREE, max_minutes=0)), "switched off"),
    "DIAL_ONLY is premium": (dial(rules=Rules(HOME, (8, 21), dial_only="+19005551234")), "DIAL_ONLY"),
    "never open": (dial(callee=Callee(SCHOOL, hours={"sun": ["02:00", "04:00"]})), "opening hours never"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_says_why(name):
    facts, words = REFUSALS[name]
    verdict = gates.check(facts)
    assert verdict.decision is Decision.REFUSED
    assert words in verdict.why
    assert verdict.until is None


POSTPONED = {
    "call to the number": (dial(others=Others(call_open_for_number=True)), timedelta(seconds=30)),
    "call of the request": (dial(others=Others(call_open_for_request=True)), timedelta(seconds=30)),
    "calls used up": (dial(usage=replace(FREE, calls=20)), timedelta(hours=12)),
    "minutes used up": (dial(usage=replace(FREE, minutes=120)), timedelta(hours=12)),
    "closed on Tuesdays": (dial(callee=Callee(SCHOOL, hours={"wed": ["09:00", "17:00"]})), timedelta(hours=21)),
    "lunch break": (dial(callee=Callee(SCHOOL, hours={"tue": [["09:00", "12:00"], ["13:30", "17:00"]]})), timedelta(hours=1.5)),
    "put off": (dial(put_off_until=TUESDAY_NOON + timedelta(minutes=3)), timedelta(minutes=3)),
    "west coast": (dial(callee=Callee("+16045550110"), now=TUESDAY_NOON - timedelta(hours=2)), timedelta(hours=1)),
}


@pytest.mark.parametrize("name", POSTPONED)
def test_a_postponement_says_until_when(name):
    facts, wait = POSTPONED[name]
    verdict = gates.check(facts)
    assert verdict.decision is Decision.LATER
    assert verdict.why.endswith(".")
    assert verdict.until == facts.now + wait


def test_a_refusal_beats_a_postponement():
    verdict = gates.check(dial(callee=Callee(SCHOOL, do_not_call=True), others=Others(call_open_for_number=True)))
    assert verdict.decision is Decision.REFUSED


def test_of_several_postponements_the_longest_counts():
    verdict = gates.check(dial(usage=replace(FREE, calls=20), others=Others(call_open_for_number=True)))
    assert verdict.until == TUESDAY_NOON + timedelta(hours=12)


def test_the_gates_look_at_the_intended_number_also_with_dial_only():
    rules = Rules(HOME, (8, 21), dial_only="+15195550142")
    assert gates.check(dial(rules=rules)) == gates.OK
    assert gates.check(dial(rules=rules, callee=Callee("+19005551234"))).decision is Decision.REFUSED


# --- hours ---


@pytest.mark.parametrize(
    ("local", "wait_h"),
    [("2026-11-24 07:59", 1 / 60), ("2026-11-24 08:00", 0), ("2026-11-24 20:59", 0), ("2026-11-24 21:00", 11), ("2026-11-25 00:00", 8)],
)
def test_calling_hours_begin_and_end_on_the_hour(local, wait_h):
    now = datetime.fromisoformat(local).replace(tzinfo=TORONTO).astimezone(UTC)
    assert next_time(now, (TORONTO,), (8, 21), {}) == now + timedelta(hours=wait_h)


def test_eight_stays_eight_when_the_clocks_change():
    now = datetime(2026, 10, 31, 22, 0, tzinfo=TORONTO).astimezone(UTC)  # the night the clocks go back
    due = next_time(now, (TORONTO,), (8, 21), {})
    assert due is not None
    assert due.astimezone(TORONTO).hour == 8
    assert due - now == timedelta(hours=11)


def test_any_hour_is_allowed_where_the_setting_says_so():
    now = datetime(2026, 11, 24, 3, 0, tzinfo=TORONTO)
    assert next_time(now, (TORONTO,), (0, 24), {}) == now


def test_a_bar_that_closes_after_midnight_is_open_then():
    hours = {"tue": ["18:00", "02:00"]}
    half_past_one = datetime(2026, 11, 25, 1, 30, tzinfo=TORONTO)
    assert next_time(half_past_one, (TORONTO,), (0, 24), hours) == half_past_one
    assert next_time(half_past_one + timedelta(hours=1), (TORONTO,), (0, 24), hours) != half_past_one + timedelta(hours=1)


@pytest.mark.parametrize("hours", [{"tue": "nonsense"}, {"tue": ["9 am", "5 pm"]}, {"tue": [None]}, {"tue": 7}, {"tue": ["25:00", "26:00"]}])
def test_hours_that_cannot_be_read_count_as_unknown(hours):
    assert gates.check(dial(callee=Callee(SCHOOL, hours=hours))).decision is Decision.OK


def test_a_toll_free_number_tells_nothing_about_where_they_are():
    assert zones("+18005551234", "", "America/Toronto") == (TORONTO,)
    assert zones("+16045550110", "", "America/Toronto") == (ZoneInfo("America/Vancouver"),)
    assert zones("+16045550110", "America/Halifax", "America/Toronto") == (ZoneInfo("America/Halifax"),)
    assert zones("+16045550110", "no/where", "America/Toronto") == (ZoneInfo("America/Vancouver"),)


@given(
    minutes=st.integers(0, 2 * 365 * 24 * 60),
    first=st.integers(0, 23),
    length=st.integers(1, 24),
    opens=st.integers(0, 23),
    closes=st.integers(0, 24),
)
def test_the_next_time_is_always_an_allowed_one(minutes, first, length, opens, closes):
    moment, hours = TUESDAY_NOON + timedelta(minutes=minutes), (first, min(24, first + length))
    opening = {"mon": [f"{opens:02d}:00", f"{closes:02d}:00"], "fri": ["10:00", "16:00"]}
    due = next_time(moment, (TORONTO,), hours, opening)
    if due is not None:
        assert due >= moment
        assert next_time(due, (TORONTO,), hours, opening) == due
        assert hours[0] <= due.astimezone(TORONTO).hour < hours[1]


# --- numbers ---

SPECIAL = [
    "911", "+1911", "112", "999", "988", "411", "+1411", "311", "+19005551234", "+15005551234", "+17005551234", "+15195551212", "+15199761234",
    "+14169501234", "+12124111234", "+15199110000", "+18765551234", "+18095551234", "+14735551234", "+442079460000", "+15551234567", "+1519555011",
    "+151955501100", "5195550110", "", "+", "+1", "tel:+15195550110", "+1 519 555 0110", "+15195550110;ext=5", "+15195550110,,123", "+881612345678",
    "+8835100012345678", "+979123456789", "+447012345678", "+4490912345678", "+33892123456", "+49137123456",
]  # fmt: skip


@pytest.mark.parametrize("number", SPECIAL)
def test_special_numbers_are_not_dialled(number):
    assert trouble(number, HOME)


@pytest.mark.parametrize("number", [SCHOOL, "+14165550100", "+12125550123", "+18005551234", "+16045550110"])
def test_ordinary_numbers_are_dialled(number):
    assert trouble(number, HOME) == ""


def test_emergency_numbers_are_named_as_such():
    assert "emergency" in trouble("911", HOME)
    assert "emergency" in trouble("+1911", HOME)


# The oracle: what may be dialled in North America, written down apart from the gate.
_DEAR_AREAS = {"900", "500", "521", "522", "533", "544", "566", "577", "588", "700", "710", "456"}
_CARIBBEAN = frozenset("242 246 264 268 284 340 345 441 473 649 658 664 670 671 684 721 758 767 784 787 809 829 849 868 869 876 939".split())  # noqa: SIM905


def _lawful(number: str) -> bool:
    area, exchange, line = number[2:5], number[5:8], number[8:]
    return (
        number.startswith("+1")
        and len(number) == 12
        and area not in _DEAR_AREAS | _CARIBBEAN
        and exchange not in {"976", "950"}
        and exchange[1:] != "11"
        and not (exchange == "555" and line == "1212")
    )


_ABROAD = ["44", "49", "33", "39", "7", "881", "882", "883", "979", "53", "252", "960"]


def _digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choices("0123456789", k=count))


#: Sorts of numbers that a fraudster, a careless model or a slip of the finger might come up with.
_SORTS = (
    lambda chance: f"+1{chance.choice(sorted(_DEAR_AREAS | _CARIBBEAN))}{chance.randint(2, 9)}{_digits(chance, 6)}",
    lambda chance: f"+1{chance.choice(['519', '416', '212', '604'])}{chance.choice(['976', '950', '211', '411', '911'])}{_digits(chance, 4)}",
    lambda chance: f"+1{chance.randint(201, 989)}5551212",
    lambda chance: chance.choice(["", "+", "+1", "+44"]) + _digits(chance, chance.randint(1, 6)),
    lambda chance: f"+{chance.choice(_ABROAD)}{_digits(chance, chance.randint(6, 11))}",
    lambda chance: f"+1{_digits(chance, 10)}",
)


def test_of_ten_thousand_generated_numbers_no_special_one_is_dialled():
    chance = random.Random(7)
    numbers = [_SORTS[at % len(_SORTS)](chance) for at in range(10_000)]
    dialled = [number for number in numbers if not trouble(number, HOME)]
    assert len(dialled) > 100, "hardly a number that may be dialled: the test shows nothing"
    assert [number for number in dialled if not _lawful(number)] == []


def test_premium_and_shared_cost_numbers_of_every_country_are_refused_even_where_the_country_is_allowed():
    everywhere = frozenset(phonenumbers.SUPPORTED_REGIONS)
    dear = (
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.PERSONAL_NUMBER,
        PhoneNumberType.PAGER,
        PhoneNumberType.VOICEMAIL,
    )
    examples = [found for region in everywhere for kind in dear if (found := phonenumbers.example_number_for_type(region, kind))]
    examples += [found for kind in dear if (found := phonenumbers.example_number_for_non_geo_entity(979))]
    written = {phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) for number in examples}
    assert len(written) > 150
    allowed = {number for number in written if not trouble(number, everywhere)}
    assert allowed == set()
