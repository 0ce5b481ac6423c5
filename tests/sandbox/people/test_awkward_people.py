"""What makes people awkward, in virtual time: menus, hold, mailboxes, screeners, transfers, interruptions, mumbling, other languages."""

from pathlib import Path

import pytest

from sandbox.languages import untagged
from sandbox.noise import Background
from sandbox.people import HangUp, PersonError, Quiet, Record, Say, Sound, SoundKind, load
from sandbox.people.reading import read

PEOPLE = {person.name: person for person in load().values()}
INTRODUCTION = "Hi, this is Floyd, an AI assistant calling for Tom Redmond."


def says(acts):
    return " ".join(act.text for act in acts if isinstance(act, Say))


def sounds(acts):
    return [act.kind for act in acts if isinstance(act, Sound)]


def conversation(name):
    persona = PEOPLE[name].new_conversation()
    return persona, persona.on_answer(0)


def person(tmp_path: Path, text: str):
    path = tmp_path / "somebody.yaml"
    path.write_text(f'number: "+15195550190"\n{text}')
    return read(path).new_conversation()


# --- phone menus ---


def test_a_menu_takes_a_key_also_while_it_speaks():
    clinic, menu = conversation("Riverside Clinic")
    assert "For prescriptions, press 2." in says(menu)
    acts = clinic.pressed("2", 3000, talking=True)
    assert acts[0] == Quiet()
    assert "connect you" in says(acts) and sounds(acts) == [SoundKind.RING]
    assert says(clinic.said_all(8000)) == "Prescriptions, this is Dana, how can I help?"


def test_a_menu_says_itself_again_on_silence_and_after_a_wrong_key():
    clinic, menu = conversation("Riverside Clinic")
    assert clinic.tick(12_000) == []
    assert says(clinic.tick(30_000)) == says(menu)
    wrong = says(clinic.pressed("9", 31_000, talking=False))
    assert wrong.startswith("Sorry, that is not a valid choice.") and says(menu) in wrong


def test_what_is_said_to_a_menu_of_keys_changes_nothing():
    clinic, _ = conversation("Riverside Clinic")
    assert clinic.heard(INTRODUCTION, 9000) == []
    assert clinic.heard("I'll have to call you back.", 12_000) == []


def test_a_spoken_choice_is_understood_and_a_menu_that_yields_falls_silent():
    transit, _ = conversation("Lakeside Transit")
    assert transit.caller_talks(300, 2000, talking=True) == []
    assert transit.caller_talks(400, 2100, talking=True) == [Quiet()]
    assert "One moment." in says(transit.heard("Lost and found, please.", 3000))
    assert "Kevin speaking" in says(transit.said_all(9000))


def test_no_key_of_the_dead_end_reaches_anybody():
    power, _ = conversation("Dominion Power")
    for at, key in enumerate("0123456789*#"):
        acts = power.pressed(key, 10_000 * (at + 1), talking=False)
        assert "press 1" in says(acts)
        assert HangUp() not in acts


def test_longer_choices_wait_for_the_next_key_but_not_for_ever(tmp_path):
    text = 'states: {menu: {machine: true, pressed: {"1": {say: One.}, "142#": {say: Extension.}}, pressed_otherwise: {say: No.}}}'
    office = person(tmp_path, text)
    assert office.pressed("1", 1000, talking=False) == []
    assert says(office.tick(3600)) == "One."
    for at, key in enumerate("142"):
        assert office.pressed(key, 5000 + at * 200, talking=False) == []
    assert says(office.pressed("#", 5600, talking=False)) == "Extension."
    office.pressed("1", 8000, talking=False)
    assert says(office.pressed("7", 8200, talking=False)) == "No."


def test_a_menu_without_barging_does_not_hear_keys_while_it_speaks(tmp_path):
    office = person(tmp_path, 'states: {menu: {machine: true, barge: false, say: Press 1., pressed: {"1": {say: One.}}}}')
    assert office.pressed("1", 500, talking=True) == []
    assert says(office.pressed("1", 5000, talking=False)) == "One."


# --- hold, mailboxes, screeners, transfers ---


def test_hold_is_music_with_a_sentence_between_and_then_somebody_comes():
    pharmacy, greeting = conversation("Northside Pharmacy")
    assert "please hold" in says(greeting)
    hold = pharmacy.said_all(3000)
    assert sounds(hold).count(SoundKind.MUSIC) == 2 and "important to us" in says(hold)
    assert pharmacy.heard("Hello?", 5000) == []
    assert "this is Priya" in says(pharmacy.said_all(20_000))


def test_some_hold_for_ever():
    travel, _ = conversation("Evergreen Travel")
    for at in range(1, 50):
        assert sounds(travel.said_all(at * 15_000)) == [SoundKind.MUSIC]
        assert travel.tick(at * 15_000 + 100) == []


def test_a_mailbox_beeps_records_and_hangs_up_after_silence():
    plumbing, greeting = conversation("Hillcrest Plumbing")
    assert sounds(greeting) == [SoundKind.BEEP] and greeting[-1] == Record()
    assert plumbing.heard("Hi, this is Floyd, I call about the tap.", 15_000) == []
    assert plumbing.tick(19_000) == []
    assert plumbing.tick(20_100) == [HangUp()]


def test_a_mailbox_may_do_without_a_beep():
    _, greeting = conversation("Corner Bakery")
    assert sounds(greeting) == [] and greeting[-1] == Record()


def test_a_screener_connects_who_says_who_they_are_and_asks_others_again():
    screener, asked = conversation("Alex Morgan")
    assert "state your name" in says(asked)
    assert "state your name" in says(screener.heard("What was that?", 5000))
    assert "stay on the line" in says(screener.heard(INTRODUCTION, 9000))
    assert says(screener.said_all(14_000)) == "Hello, this is Alex."


def test_a_screener_may_refuse():
    screener, _ = conversation("Jordan Blake")
    acts = screener.heard(INTRODUCTION, 9000)
    assert "not available" in says(acts) and acts[-1] == HangUp()


def test_a_transferred_call_is_taken_by_another_voice():
    shop, hello = conversation("Wellington Books")
    assert "colleague" in says(shop.heard("I would like to know whether the atlas has come.", 5000))
    (other,) = shop.said_all(12_000)
    assert other.text == "Orders department, this is Martin."
    assert other.voice != hello[0].voice


# --- how they talk ---


def test_who_interrupts_does_so_while_the_caller_talks_and_only_so_often():
    printers, _ = conversation("Speedy Print")
    assert printers.caller_talks(5400, 6000, talking=False) == []
    (cut_in,) = printers.caller_talks(5500, 6100, talking=False)
    assert cut_in.over and "who is calling" in cut_in.text
    assert printers.caller_talks(5600, 6200, talking=False) == []
    assert printers.caller_talks(0, 9000, talking=False) == []
    assert printers.caller_talks(5600, 15_000, talking=False) == []


def test_back_channels_and_coughs_come_while_the_caller_talks():
    shop, _ = conversation("Paint and Paper")
    acts = [act for at in range(0, 9000, 100) for act in shop.caller_talks(at, 1000 + at, talking=False)]
    assert says(acts) == "Mm-hm. Mm-hm." and sounds(acts) == [SoundKind.COUGH]
    assert all(act.over for act in acts if isinstance(act, Say))


def test_who_talks_over_others_never_waits():
    carla, hello = conversation("Carla's Hair Studio")
    answer = carla.heard("I would like to know whether you are open on Saturday.", 9000)
    assert all(act.over for act in (*hello, *answer))
    assert not any(act.over for act in conversation("Garden Centre")[1])


def test_a_pause_in_a_sentence_is_a_second_of_silence_and_they_go_on_whatever_the_caller_does():
    centre, _ = conversation("Garden Centre")
    first, pause, second = centre.heard("I would like to know what roses you have.", 5000)
    assert (first.text, pause, second.text) == ("We have", Sound(SoundKind.SILENCE, 1000), "roses for forty dollars.")
    assert second.over


def test_the_mumbler_is_plainer_when_asked_again():
    farm, _ = conversation("Kettle Creek Farm")
    (mumbled,) = farm.heard("I would like to know whether you have eggs.", 5000)
    (plain,) = farm.heard("Sorry, could you say that again?", 9000)
    assert mumbled.clarity < 0.5 < plain.clarity


def test_noise_is_behind_everything_on_some_lines():
    backgrounds = {name: person.noise.background for name, person in PEOPLE.items() if person.noise}
    assert backgrounds == {"Market Stall": Background.STREET, "Station Bistro": Background.BABBLE}


def test_other_languages_are_tagged():
    assert {untagged(sentence)[0] for sentence in PEOPLE["Panadería Sol"].sentences} == {"es"}
    assert {untagged(sentence)[0] for sentence in PEOPLE["Boulangerie Martin"].sentences} == {"fr"}
    assert {untagged(sentence)[0] for sentence in PEOPLE["Garden Centre"].sentences} == {"en"}


def test_the_silent_one_never_says_a_word():
    cellar, hello = conversation("Silent Cellar")
    assert hello == []
    assert all(cellar.tick(at) == [] for at in range(0, 120_000, 500))
    assert cellar.heard(INTRODUCTION, 120_000) == []


def test_two_people_talk_to_each_other():
    brothers, _ = conversation("Fixit Brothers")
    voices = {act.voice for act in brothers.heard("I would like to know whether the bicycle is ready.", 5000) if isinstance(act, Say)}
    assert len(voices) == 2


# --- files ---


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("states: {a: {then: b}}", "no state 'b'"),
        ("states: {a: {silence_goto: b}}", "no state 'b'"),
        ('states: {a: {pressed: {"1": {goto: b}}}}', "no state 'b'"),
        ('states: {a: {pressed: {"one": {say: Yes.}}}}', "keys that no phone has"),
        ("states: {a: {say: [{musik_ms: 10}]}}", "unknown field musik_ms"),
        ("states: {a: {say: [{text: Hi., tone: low}]}}", "unknown field tone"),
        ("noise: {background: jungle}\nstates: {a: {}}", "background must be one of"),
        ("answered_by: dog\nstates: {a: {}}", "answered_by must be one of"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(tmp_path, text, complaint):
    with pytest.raises(PersonError) as caught:
        person(tmp_path, text)
    assert complaint in str(caught.value)
