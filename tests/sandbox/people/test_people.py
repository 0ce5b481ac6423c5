"""People act on what they hear, speak up when nobody does, and a wrong file says what is wrong with it."""

from pathlib import Path

import pytest

from sandbox.people import HangUp, PersonError, Say, load
from sandbox.people.listing import read_listing
from sandbox.people.open_hours import rules_of
from sandbox.people.reading import read

PEOPLE = load()


def says(acts):
    return " ".join(act.text for act in acts if isinstance(act, Say))


def conversation(number):
    persona = PEOPLE[number].new_conversation()
    return persona, says(persona.on_answer(0))


def test_the_school_asks_what_a_school_asks():
    school, hello = conversation("+15195550110")
    assert hello == "Hello, Brock Road School."
    assert school.heard("Hi, this is Floyd, an AI assistant calling for Tom Redmond.", 5000) == []
    assert "Will she be okay?" in says(school.heard("Mara Redmond is sick today and stays home", 9000))
    assert says(school.heard("I'm sorry, I don't know more than that.", 14_000)) == "When will she be back?"
    assert "Thank you for letting us know" in says(school.heard("I'm afraid I don't know yet.", 20_000))
    assert school.heard("Thank you. Goodbye.", 24_000)[-1] == HangUp()


def test_the_school_hangs_up_by_itself_when_nobody_says_goodbye():
    school, _ = conversation("+15195550110")
    for at, text in ((5000, "she is sick"), (9000, "I don't know"), (14_000, "I don't know")):
        school.heard(text, at)
    assert school.tick(16_000) == []
    assert school.tick(40_000) == [HangUp()]
    assert school.tick(41_000) == []


@pytest.mark.parametrize("budget", ["Tom has set a budget of $80.", "our budget is eighty dollars", "we can spend up to 100 dollars"])
def test_the_florist_has_something_cheaper_for_who_names_a_budget(budget):
    florist, _ = conversation("+15195550117")
    assert "five hundred and sixty dollars" in says(florist.heard("I'd like to order some flowers", 5000))
    assert "sixty dollars" in says(florist.heard(budget, 10_000))


def test_the_florist_has_nothing_for_very_little():
    florist, _ = conversation("+15195550117")
    florist.heard("I'd like to order some flowers", 5000)
    assert "nothing for that" in says(florist.heard("We have thirty dollars.", 10_000))


def test_the_florist_waits_while_somebody_is_asked_and_lets_them_call_back():
    florist, _ = conversation("+15195550117")
    florist.heard("I'd like to order some flowers", 5000)
    assert says(florist.heard("Let me check that with Tom. One moment, please.", 10_000)) == "Sure, take your time."
    assert florist.tick(30_000) == []
    acts = florist.heard("I'm sorry, I'll have to call you back. Thank you, goodbye.", 45_000)
    assert says(acts) == "No problem, goodbye."
    assert acts[-1] == HangUp()


def test_who_hears_nothing_asks_twice_and_hangs_up():
    school, _ = conversation("+15195550110")
    said = [says(school.tick(at)) for at in range(0, 60_000, 100)]
    assert said.count("Hello? Are you there?") == 2
    assert school.heard("hello", 61_000) == []


def test_who_hears_a_sentence_and_no_word_of_it_asks_what_it_was():
    school, _ = conversation("+15195550110")
    assert school.heard("", 5000, sure=False, ms=400) == [], "a noise"
    assert says(school.heard("", 9000, sure=False, ms=4000)) == "Sorry, could you say that again?"
    assert school.heard("", 15_000, sure=False, ms=4000) == [], "once is enough: then they wait"


def test_noise_is_no_silence():
    school, _ = conversation("+15195550110")
    for at in range(0, 30_000, 100):
        school.noise(at)
        assert school.tick(at) == []


def test_some_phones_do_not_get_through():
    behaviours = {person.name: person.behaviour for person in PEOPLE.values()}
    assert behaviours["Busy Bakery"] == "busy"
    assert behaviours["Quiet Locksmith"] == "no_answer"


@pytest.mark.parametrize(
    ("number", "said", "answer"),
    [
        ("+15195550164", "I would like to know whether the terrace is open.", "Yes, the terrace is open today."),
        ("+15195550172", "Hi, this is Floyd, an AI assistant.", "I don't talk to machines. Don't call here again."),
    ],
)
def test_everybody_says_it_again_for_who_did_not_make_it_out(number, said, answer):
    person, _ = conversation(number)
    assert says(person.heard(said, 5000)) == answer
    for at in (10_000, 15_000):
        assert says(person.heard("Sorry, could you say that again?", at)) == answer


def test_a_machine_says_nothing_again():
    menu, _ = conversation("+15195550152")
    assert says(menu.heard("Sorry, could you say that again?", 5000)) == ""


def test_who_is_listed_knows_their_hours():
    """Also when it is asked in one breath with who calls; and they say goodbye when it is over."""
    garage, _ = conversation("+15195550123")
    asked = garage.heard("Hello, this is Floyd, an AI assistant. I would like to know when they are open.", 5000)
    assert says(asked) == "We are open Monday to Friday from eight to six."
    assert "goodbye" in says(garage.heard("That's all I need. Thank you, goodbye.", 9000))


def test_a_machine_knows_no_hours():
    menu, _ = conversation("+15195550152")
    assert says(menu.heard("When are you open?", 5000)) == ""


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ("always", "We are always open."),
        ({"daily": ["08:30", "17:00"]}, "We are open every day from eight thirty to five."),
        (
            {"daily": [["09:00", "12:00"], ["13:00", "24:00"]], "sun": [], "sat": ["10:00", "16:00"]},
            "We are open Monday to Friday from nine to noon and from one to midnight, and Saturday from ten to four.",
        ),
    ],
)
def test_listed_hours_are_said(hours, said):
    *_, rule = rules_of(read_listing({"sort": "shop", "hours": hours}))
    assert says(rule.say) == said


def test_a_folder_of_ones_own_adds_people_and_replaces_them(tmp_path: Path):
    (tmp_path / "a.yaml").write_text('number: "+15195550110"\nname: Another School\nstates: {hello: {say: Another school.}}\n')
    people = load([tmp_path])
    assert people["+15195550110"].name == "Another School"
    assert people.keys() == PEOPLE.keys()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("number: 15195550110", "E.164"),
        ('number: "+15195550110"\ncolour: red', "unknown field colour"),
        ('number: "+15195550110"\nstates: {a: {rules: [{goto: b}]}}', "no state 'b'"),
        ('number: "+15195550110"\nbehaviour: asleep', "behaviour"),
        ('number: "+15195550110"\nstates: {a: {rules: [{hear: ["("]}]}}', "bad pattern"),
        ("- a list", "expected fields"),
        ("a: [", "not YAML"),
    ],
)
def test_a_wrong_file_is_told_by_name_and_field(tmp_path: Path, text, complaint):
    path = tmp_path / "somebody.yaml"
    path.write_text(text)
    with pytest.raises(PersonError, match=r"somebody\.yaml") as caught:
        read(path)
    assert complaint in str(caught.value)
