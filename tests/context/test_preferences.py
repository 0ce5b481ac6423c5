"""A user decides how Floyd works for them: group by group or all at once, on the page or by a program."""

import pytest

from context.models import User
from context.preferences import FIELDS, GROUPS
from context.preferences_form import PreferencesForm
from tests.api_client import Program, problem

pytestmark = pytest.mark.django_db

PLACE = {"home_area": "Elora", "region": "us", "time_zone": "America/New_York"}
ABOUT = {"group": "about", "name": "Tom R.", **PLACE, "page_language": "de", "language": "fr-CA", "voice": "charon"}


@pytest.fixture
def page(client, tom):
    client.force_login(tom)
    return client


def test_a_group_is_saved_and_the_others_stay(page, tom):
    response = page.post("/settings/", ABOUT)
    assert (response.status_code, response["Location"]) == (303, "/settings/#about")
    saved = User.objects.get(pk=tom.pk)
    assert (saved.name, saved.home_area, saved.region, saved.time_zone) == ("Tom R.", "Elora", "US", "America/New_York")
    assert (saved.page_language, saved.language, saved.voice) == ("de", "fr-CA", "charon")
    assert saved.spending_limit_minor == 10_000
    assert "Gespeichert." in page.get("/settings/").content.decode(), "at once, in the language that was chosen"


def test_all_can_be_saved_at_once(page, tom):
    values = {name: PreferencesForm(instance=tom)[name].value() for name in FIELDS}
    sent = {name: "" if value is None else value for name, value in values.items()} | {"spending_limit_minor": "85.50", "calls_per_day": "3"}
    assert page.post("/settings/", sent).status_code == 303
    saved = User.objects.get(pk=tom.pk)
    assert (saved.spending_limit_minor, saved.calls_per_day, saved.name) == (8550, 3, "Tom Redmond")


@pytest.mark.parametrize(
    ("group", "field", "typed", "words"),
    [
        ("about", "time_zone", "Guelph time", "This is no time zone."),
        ("about", "region", "XX", "This is no country."),
        ("about", "name", " - ", "Give your name"),
        ("money", "spending_limit_minor", "lots", "Enter a number"),
        ("money", "spending_limit_minor", "-5", "greater than or equal to 0"),
        ("money", "spending_limit_minor", "99999999999999", "less than or equal to"),
        ("money", "spending_limit_minor", "NaN", "Enter a number"),
        ("money", "calls_per_day", "-1", "greater than or equal to 0"),
    ],
)
def test_what_cannot_be_is_said_beside_the_box_and_keeps_what_was_typed(page, tom, group, field, typed, words):
    sent = ABOUT if group == "about" else {"group": "money", "spending_limit_minor": "100", "calls_per_day": ""}
    response = page.post("/settings/", {**sent, field: typed})
    shown = response.content.decode()
    assert response.status_code == 422 and words in shown and f'value="{typed}"' in shown
    assert User.objects.get(pk=tom.pk).time_zone == "America/Toronto"
    assert "Tom Redmond" in shown, "the bar still says who is signed in"


def test_an_unknown_group_saves_nothing(page, tom):
    assert page.post("/settings/", {"group": "is_staff", "is_staff": "on"}).status_code == 422
    assert not User.objects.get(pk=tom.pk).is_staff


def test_a_page_that_was_open_before_another_was_saved_undoes_nothing(page, tom):
    page.post("/settings/", ABOUT)
    page.post("/settings/", {"group": "money", "spending_limit_minor": "$1,250", "calls_per_day": ""})
    saved = User.objects.get(pk=tom.pk)
    assert (saved.home_area, saved.spending_limit_minor, saved.calls_per_day) == ("Elora", 125_000, None)


def test_a_program_reads_them_and_changes_what_widens_nothing(tom):
    program = Program(tom)
    mine = program.call("GET", "me")
    assert mine.json()["home_area"] == "Guelph, Ontario" and mine.json()["spending_limit_minor"] == 10_000
    changed = program.call("PATCH", "me", {"home_area": "Elora"}, If_Match=mine["ETag"])
    assert changed.status_code == 200 and changed.json()["home_area"] == "Elora"
    problem(program.call("PATCH", "me", {"home_area": "Fergus"}, If_Match=mine["ETag"]), 412)
    assert program.call("PATCH", "me", {"voice": "kore"}, If_Match="*").json()["voice"] == "kore"
    problem(program.call("PATCH", "me", {"voice": "nobody"}, If_Match="*"), 422)
    problem(program.call("PATCH", "me", {"time_zone": "Mars/North"}, If_Match="*"), 422)


@pytest.mark.parametrize("field", [name for group in GROUPS if group.on_page_only for name in group.fields])
def test_no_token_widens_what_floyd_may_do_by_itself(tom, field):
    problem(Program(tom).call("PATCH", "me", {field: 999}, If_Match="*"), 422)


def test_what_stands_below_a_setting_speaks_to_its_user():
    """The model's own notes on its columns are for whoever maintains them."""
    for name, field in PreferencesForm(instance=User(email="a@floyd.example")).fields.items():
        assert not field.help_text or str(field.help_text)[0].isupper(), name
