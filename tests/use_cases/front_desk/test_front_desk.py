"""The front desk learns a name and a choice, and touches nothing else of a profile."""

from datetime import UTC, datetime

import pytest

from tests.use_cases.people import version_of
from tests.use_cases.tool_calls import a_call
from use_cases import answering
from use_cases.description import read_folder
from use_cases.front_desk.menu import Experience, NotThereError, find
from use_cases.front_desk.tools import choose_experience, describe_experience, list_experiences, save_name
from use_cases.models import Caller

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
OFFERED = [Experience("apartments", "Parkview Apartments", "Tours."), Experience("restaurant", "Dough Boy Pizza", "Orders.")]


@pytest.fixture
def call(db):
    version_of("apartments", title="Parkview Apartments", description="Schedules tours.")
    version_of("restaurant", title="Dough Boy Pizza", description="Takes orders.")
    version_of("floyd_line", title="Floyd")
    return a_call(NOW, slug="front_desk", first_name="", last_name="", email="dana@home.example", data={"pets": 2})


def test_a_name_is_saved_and_nothing_else(call):
    Caller.objects.update(use_case="restaurant")
    assert call(save_name, first_name="Dana", last_name="O'Neill-Whitfield") == {"first_name": "Dana", "last_name": "O'Neill-Whitfield"}
    caller = Caller.objects.get()
    assert (caller.first_name, caller.last_name, caller.email, caller.use_case, caller.data) == (
        "Dana",
        "O'Neill-Whitfield",
        "dana@home.example",
        "restaurant",
        {"pets": 2},
    )


def test_half_a_name_leaves_the_other_half_as_it_is(call):
    assert call(save_name, first_name="Zoë")["still_missing"] == ["last name"]
    assert call(save_name, last_name="Whitfield") == {"first_name": "Zoë", "last_name": "Whitfield"}


@pytest.mark.parametrize("name", ["", "   ", "12345", "<script>", "Robert'); DROP TABLE", "..."])
def test_what_is_no_name_is_not_saved(call, name):
    assert "Ask for the name again" in call.refusal(save_name, first_name=name)
    assert Caller.objects.get().first_name == ""


def test_titles_are_listed_without_the_desk_itself_and_what_is_for_users(call, tom):
    assert call(list_experiences) == {"titles": ["Dough Boy Pizza", "Parkview Apartments"]}
    Caller.objects.update(user=tom)
    assert call(list_experiences) == {"titles": ["Dough Boy Pizza", "Floyd", "Parkview Apartments"]}


@pytest.mark.parametrize("known", [False, True])
def test_the_prompt_offers_what_the_tools_do_in_the_same_order(call, tom, known):
    Caller.objects.update(user=tom if known else None)
    version, caller = version_of("front_desk", title="Front desk", prompt="{{AVAILABLE_DEMOS}}"), Caller.objects.get()
    prompt = answering.use_case_for(version, caller, now=NOW, menu=True).prompt
    assert [line.removeprefix("- ").split(":")[0] for line in prompt.splitlines()] == call(list_experiences)["titles"]
    assert ("Floyd" in call(list_experiences)["titles"]) is known


def test_its_first_words_end_with_a_question():
    assert read_folder("front_desk").greeting.endswith("?")


def test_more_is_told_on_request(call):
    assert call(describe_experience, title="the pizza one") == {"title": "Dough Boy Pizza", "description": "Takes orders."}


def test_a_choice_is_kept_and_begins(call):
    result = call.run(choose_experience, title="parkview")
    assert (result.start, result.say) == ("apartments", "All right: Parkview Apartments.")
    caller = Caller.objects.get()
    assert (caller.use_case, caller.email, caller.data) == ("apartments", "dana@home.example", {"pets": 2})


def test_a_choice_that_is_none_is_refused_with_what_there_is(call):
    assert call.refusal(choose_experience, title="car wash") == "That is none of them. They are: Dough Boy Pizza, Parkview Apartments."
    assert Caller.objects.get().use_case == ""


@pytest.mark.parametrize(
    ("said", "slug"),
    {
        "Parkview Apartments": "apartments",
        "apartments": "apartments",
        "the apartments, please": "apartments",
        "parkview": "apartments",
        "dough boy": "restaurant",
        "Doe Boy Pizza": "restaurant",
        "pizza": "restaurant",
        "restaurant": "restaurant",
    }.items(),
)
def test_a_title_is_understood_as_people_say_it(said, slug):
    assert find(said, OFFERED).slug == slug


@pytest.mark.parametrize("said", ["", "both", "pizza in the apartments", "something else"])
def test_what_fits_none_or_both_is_asked_again(said):
    with pytest.raises(NotThereError):
        find(said, OFFERED)
