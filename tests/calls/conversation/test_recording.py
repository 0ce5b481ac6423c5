"""The sound of a call is kept only once that was announced to the person on the line, and never after they objected."""

import pytest

from calls.conversation import wordings
from calls.conversation.disclosure import announced, announced_first, announces, discloses, objects_to_recording, says_machine, unannounced
from calls.conversation.effects import DropRecording, Record
from calls.conversation.events import CalleeSaid, HeardUpTo, LineDropped, MusicHeard, SpeechFailed, TakenOver
from calls.conversation.recording import BEGAN, GOES_ON, REFUSED, STOPPED
from tests.calls.conversation.reception.greenhouse import GREETING, Ringing, greenhouse
from tests.calls.conversation.virtual_line import INTRODUCTION, VirtualLine, flowers, school

ANNOUNCED = f"{INTRODUCTION} This call is recorded."
TOLD = "Of course. Recording has stopped, and nothing of it is kept."
NO = "Please don't record this call."


def recorded(**changes):
    return VirtualLine(school(introduction=ANNOUNCED, recorded=True, **changes))


def kept(line):
    """What was to be done about the recording, in order."""
    return ["dropped" if isinstance(effect, DropRecording) else effect.on for effect in line.effects if isinstance(effect, Record | DropRecording)]


def notes(line):
    return [text for speaker, text in line.transcript if speaker == "system"]


class TestWords:
    """What is said about it, and what says no to it, in every language."""

    @pytest.mark.parametrize("wording", wordings.ALL, ids=lambda wording: wording.code)
    def test_the_announcement_leaves_the_disclosure_one(self, wording):
        text = announced(wording.introduce("Tom Redmond"), wording.code)
        assert announces(text) and discloses(text, "Tom Redmond")
        assert unannounced(text) == wording.introduce("Tom Redmond")
        greeting = announced_first(wording.goes_on, wording.code)
        assert announces(greeting) and says_machine(greeting) and unannounced(greeting) == wording.goes_on

    @pytest.mark.parametrize("wording", wordings.ALL, ids=lambda wording: wording.code)
    def test_what_floyd_says_about_it_is_no_objection(self, wording):
        assert not objects_to_recording(wording.recorded)

    @pytest.mark.parametrize(
        "text",
        [
            NO,
            "please do not record me",
            "Stop recording, please.",
            "I don't want this to be recorded.",
            "I don’t want to be recorded",
            "I'd rather not be recorded.",
            "I do not consent to being recorded.",
            "I'm not comfortable with being recorded, sorry.",
            "You can't record this.",
            "No recording, please.",
            "Could you turn off the recording?",
            "Can you turn that recording off?",
            "Please delete the recording.",
            "I object to the recording.",
            "Without recording, please.",
            "I don't want to be recorded.",
            "Ne m'enregistrez pas, s'il vous plaît.",
            "Je ne veux pas être enregistré.",
            "Arrêtez l'enregistrement.",
            "Pas d'enregistrement, s'il vous plaît.",
            "Je refuse d'être enregistrée.",
            "No me grabe, por favor.",
            "No quiero que graben esta llamada.",
            "Deje de grabar.",
            "Sin grabación, por favor.",
        ],
    )
    def test_an_objection(self, text):
        assert objects_to_recording(text)

    @pytest.mark.parametrize(
        "text",
        [
            "I have no record of that order.",
            "We don't record birthdays.",
            "This call may be recorded for quality purposes.",
            "Okay, you're recording. How can I help?",
            "Stop by before five.",
            "I don't have that recorded.",
            "Is this recorded?",
            "That would be a record.",
            "Don't worry, I'll put it on record.",
            "We keep records of all absences.",
            "Je ne trouve pas votre commande.",
            "No tenemos rosas hoy.",
            "Grabamos su nombre en la placa.",
        ],
    )
    def test_anything_else_is_none(self, text):
        assert not objects_to_recording(text)


class TestBeginning:
    """Not a moment before the announcement was heard to its end."""

    def test_nothing_is_kept_before_the_announcement_was_heard(self):
        line = recorded().open()
        line.callee("Hello, Brock Road School.")
        assert line.said[0] == ANNOUNCED and kept(line) == []
        line.wait(60 * len(ANNOUNCED) - 1)
        assert kept(line) == []
        line.wait(1)
        assert kept(line) == [True] and notes(line) == [BEGAN]

    def test_a_call_that_may_not_be_recorded_says_nothing_of_it(self):
        line = VirtualLine(school()).introduce()
        line.callee(NO)
        assert kept(line) == [] and notes(line) == [] and TOLD not in line.said

    def test_what_the_introduction_does_not_say_is_not_announced(self):
        line = VirtualLine(flowers(recorded=True)).introduce()
        assert kept(line) == []

    def test_an_introduction_that_was_cut_announces_nothing(self):
        line = VirtualLine(school(introduction=ANNOUNCED, recorded=True), play=False).open()
        line.callee("Hello?")
        line.feed(HeardUpTo(line.playing[0][0], 20, False, line.now))
        assert kept(line) == [] and line.said.count(ANNOUNCED) == 2
        line.feed(SpeechFailed(line.playing[-2][0]))
        assert kept(line) == []

    def test_a_call_that_ends_over_it_was_never_recorded(self):
        line = recorded().open()
        line.callee("Hello?")
        line.feed(LineDropped())
        assert kept(line) == []


class TestObjecting:
    """They do not want it: what was kept is thrown away, and they are told."""

    def test_it_is_stopped_thrown_away_and_they_are_told(self):
        line = recorded().introduce()
        line.callee(NO)
        assert kept(line) == [True, "dropped"] and notes(line) == [BEGAN, REFUSED]
        assert line.said[-1] == TOLD
        line.hear_all()
        assert "record this call" in str(line.asks[-1].messages)  # and the model goes on with what else they said
        line.model("Thank you. Mara is sick today.")
        line.hear_all()
        line.callee("Okay, and please no recording.")
        assert kept(line) == [True, "dropped"] and line.said.count(TOLD) == 1

    def test_over_the_introduction_it_never_begins(self):
        line = recorded().open()
        line.callee("Hello?")
        line.wait(2_000)
        line.callee(NO)
        line.hear_all()
        assert kept(line) == [] and notes(line) == [] and TOLD in line.said

    def test_before_it_it_is_not_even_announced(self):
        line = recorded().open()
        line.callee("I hope you are not recording this.")
        line.hear_all()
        assert line.said[0] == INTRODUCTION and kept(line) == [] and TOLD not in line.said

    def test_while_the_user_speaks(self):
        line = recorded().introduce()
        line.feed(TakenOver("m1"))
        line.hear_all()
        assert kept(line) == [True]
        line.callee("I don't want to be recorded.")
        assert kept(line) == [True, "dropped"] and line.said[-1] == TOLD
        assert line.state == "taken_over"

    def test_as_the_last_words_of_the_call(self):
        line = recorded().introduce()
        line.feed(LineDropped())
        line.feed(CalleeSaid("And delete that recording!", line.now, line.now))
        assert kept(line) == [True, "dropped"] and notes(line) == [BEGAN, REFUSED] and TOLD not in line.said

    def test_somebody_else_on_the_line_is_not_asked_again(self):
        line = recorded().introduce()
        line.callee(NO)
        line.hear_all()
        line.model("Thank you.")
        line.hear_all()
        line.callee("I'll transfer you to the office.")
        line.wait(20_000)
        line.callee("Office, this is Janet.")
        line.hear_all()
        assert INTRODUCTION in line.said[1:] and kept(line) == [True, "dropped"]


class TestWhoIsThere:
    """Only a person who has heard it is recorded."""

    def on_hold(self):
        line = recorded().introduce()
        line.callee("Can I put you on hold for a moment?")
        line.wait(3_000)
        line.feed(MusicHeard(True, line.now))
        assert kept(line) == [True, False]
        return line

    def test_nothing_is_kept_on_hold_and_it_goes_on_with_the_same_person(self):
        line = self.on_hold()
        line.wait(20_000)
        line.callee("Sorry about that. What grade is she in?")
        assert kept(line) == [True, False, True] and notes(line)[-3:] == [BEGAN, STOPPED, GOES_ON]

    def test_somebody_new_hears_it_first(self):
        line = recorded().introduce()
        line.callee("I'll transfer you to the office.")
        assert kept(line) == [True, False]
        line.wait(20_000)
        line.callee("Office, this is Janet speaking.")
        assert line.said[-2] == ANNOUNCED and kept(line) == [True, False]
        line.hear_all()
        assert kept(line) == [True, False, True]

    def test_a_mailbox_is_told_of_no_recording(self):
        line = recorded(voicemail="Mara is sick today.").open()
        line.announce("You have reached the mailbox of Brock Road School.", "Please leave a message after the tone.")
        line.wait(6_000)
        line.hear_all()
        assert line.said[0] == INTRODUCTION and kept(line) == []

    def test_in_another_language_it_is_announced_in_that_one(self):
        line = recorded(languages=("fr-CA",), kind="enquire").introduce("Allô ?")
        line.callee("Désolé, je ne parle pas anglais.")
        assert kept(line)[-1] is False
        line.hear_all()
        assert "Cet appel est enregistré." in line.said[-1] and kept(line) == [True, False, True]


class TestCallsThatComeIn:
    """A use case whose calls are recorded."""

    def ringing(self, **changes):
        use_case = greenhouse(recorded=True)
        line = Ringing(use_case, introduction=announced_first(GREETING, "en-US"), recorded=True, **changes)
        line.open()
        return line

    def test_the_greeting_says_so_and_then_it_begins(self):
        line = self.ringing()
        assert line.said == [f"This call is recorded. {GREETING}"] and kept(line) == []
        line.hear_all()
        assert kept(line) == [True]
        line.callee("Please don't record me.")
        assert kept(line) == [True, "dropped"] and line.said[-1] == TOLD

    def test_a_use_case_that_is_not_recorded_ends_it(self):
        line = self.ringing()
        line.hear_all()
        line.conversation._receptionist.answer_as(greenhouse())
        line.callee("What plants do you have?")
        assert kept(line) == [True, False]

    def test_who_goes_over_to_another_language_hears_it_in_that_first(self):
        line = self.ringing(languages=("fr-CA",))
        line.hear_all()
        line.callee("Je ne parle pas anglais.")
        assert kept(line) == [True, False] and line.said[-1].endswith("Cet appel est enregistré.")
        line.hear_all()
        assert kept(line) == [True, False, True]
