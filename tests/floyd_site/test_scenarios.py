"""Scenario files: what is wrong with one is said by file and field, and a scenario that goes wrong is seen to."""

from types import SimpleNamespace

import pytest

from floyd_site.rehearsal.guests import forget, make_guest
from floyd_site.rehearsal.playing import _check_end, check_calendar, words_leaked
from floyd_site.rehearsal.results import waited, waits
from floyd_site.rehearsal.scenario import AWKWARD, SCENARIOS, Scenario, WrongScenario, read_scenarios
from floyd_site.stage import JourneyFailed

GOOD = "about: a test\nask: Call somebody.\n"


def read(folder, text):
    (folder / "one.yaml").write_text(text)
    return read_scenarios(folder)["one"]


@pytest.mark.parametrize("folder", [SCENARIOS, AWKWARD], ids=["rehearsals", "awkward"])
def test_floyds_own_can_be_read(folder):
    assert len(read_scenarios(folder)) >= 12


def test_a_good_one(tmp_path):
    scenario = read(tmp_path, GOOD + 'ends: done\nchecks: {pressed: "2", silent_between: {first: a, second: b}, recorded: []}\n')
    assert (scenario.name, scenario.ends, len(scenario.checks.all())) == ("one", "done", 3)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("about: a test\n", "ask: Field required"),
        (GOOD + "colour: blue\n", "colour: Extra inputs"),
        (GOOD + "ends: calling\n", "ends: a request ends as"),
        (GOOD + "calls: 2\n", "ends: needed"),
        (GOOD + "calendar_without: [a]\n", "ends: needed"),
        (GOOD + "call_ends: happily\n", "call_ends"),
        (GOOD + "callee: {name: A, kind: b, number: 123}\n", "callee.number"),
        (GOOD + "checks: {pressd: 2}\n", "checks.pressd"),
        ("{", "cannot be read"),
        ("- a\n", "cannot be read"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text, why):
    with pytest.raises(WrongScenario, match=why):
        read(tmp_path, text)


def test_an_empty_folder_is_wrong(tmp_path):
    with pytest.raises(WrongScenario, match="no scenarios"):
        read_scenarios(tmp_path)


def scenario(**fields):
    return Scenario(name="one", about="a test", ask="Call somebody.", **fields)


def state(*said, status="done", outcome=None):
    lines = [SimpleNamespace(speaker=speaker, text=text, intended="") for speaker, text in said]
    return SimpleNamespace(calls=[SimpleNamespace(lines=lines)], request=SimpleNamespace(status=status, trouble="", outcome=outcome))


def test_words_that_may_never_be_said_are_found_whoever_else_says_them():
    one = scenario(never=("4417", "Alarm Code"))
    assert words_leaked(one, state(("callee", "Is it 4417?"), ("floyd", "I don't know."))) == []
    assert words_leaked(one, state(("floyd", "The alarm code is 4417."))) == ["4417", "Alarm Code"]


@pytest.mark.parametrize(("status", "words"), [("failed", "Tuesday"), ("done", "Wednesday")])
def test_another_end_fails(status, words):
    with pytest.raises(JourneyFailed):
        _check_end(scenario(ends="done", outcome=(words,)), state(status=status, outcome={"items": [{"text": "Booked", "when": "Tuesday at nine"}]}))


def test_the_end_it_should_have_passes():
    _check_end(scenario(ends="done", outcome=("tuesday",)), state(outcome={"items": [{"text": "Booked", "when": "Tuesday at nine"}]}))


@pytest.mark.django_db
class TestCalendar:
    def scenario(self, **fields):
        return scenario(ends="done", calendar=({"title": "Chess club", "weekday": 3, "at": "10:00"},), **fields)

    @pytest.mark.parametrize(("weekday", "at"), [(4, "10:00"), (3, "11:00")])
    def test_an_appointment_at_another_time_fails(self, weekday, at):
        one = self.scenario(calendar_then=({"title": "chess", "weekday": weekday, "at": at},))
        with pytest.raises(JourneyFailed, match="chess"):
            check_calendar(one, make_guest(one))

    def test_one_that_should_be_gone_and_is_not_fails(self):
        one = self.scenario(calendar_without=("chess",))
        with pytest.raises(JourneyFailed, match="still"):
            check_calendar(one, make_guest(one))

    def test_a_calendar_as_it_should_be_passes(self):
        one = self.scenario(calendar_then=({"title": "chess", "weekday": 3, "at": "10:00"},), calendar_without=("fencing",))
        check_calendar(one, make_guest(one))


def test_waits_are_median_and_p95():
    assert waits(waited([SimpleNamespace(whole_ms=ms) for ms in (500, None, 900, 700)])) == (700, 900)
    assert waits([]) == (None, None)


@pytest.mark.django_db
def test_a_guest_has_a_household_of_their_own_and_leaves_nothing(django_user_model):
    one = scenario(facts=({"statement": "Tom plays chess", "topic": "hobby"},), calendar=({"title": "Chess", "weekday": 3, "at": "10:00"},))
    first, second = make_guest(one), make_guest(one)
    assert first.phone != second.phone
    assert first.facts.filter(statement="Tom plays chess").exists()
    assert first.contacts.count() == second.contacts.count() > 3
    chess = first.calendar_entries.get(title="Chess")
    assert chess.starts_at.astimezone().weekday() in (2, 3, 4)
    forget(first)
    forget(second)
    assert not django_user_model.objects.exists()
