"""A PIN that is said on the phone stands nowhere: not in the transcript, not in a prompt, not in what the model may call."""

import json

import pytest

from calls.conversation.effects import SaveLine
from calls.conversation.events import CalleePaused, CalleeSaid, CalleeSaying
from calls.conversation.fixed_lines import WHOLE_PIN
from calls.conversation.reception.digits import runs_in
from calls.conversation.reception.held_back import HIDDEN, UNTOLD
from calls.conversation.reception.pin import REST_WITHIN_MS
from calls.conversation.reception.use_case import OfferedTool
from tests.calls.conversation.reception.greenhouse import KEYS, LIST, MENU, Ringing, greenhouse

UNLOCK = OfferedTool(
    "enter_pin", "Takes the PIN.", {"type": "object", "properties": {"pin": {"type": "string"}}, "required": ["pin"]}, exclusive=True, secret="pin"
)
KEYED = KEYS | {"5": {"say": "Key your PIN, then hash.", "collect": True, "tool": "enter_pin"}}


class Vault(Ringing):
    """A call to a greenhouse that tells its regulars more. Keeps all that is written down or sent away."""

    def __init__(self, *, expects_pin=False, menu=False):
        tools = (LIST, UNLOCK, MENU) if menu else (LIST, UNLOCK)
        super().__init__(greenhouse(tools=tools, keys=KEYED, expects_pin=expects_pin, menu=menu))
        self.kept: list[str] = []

    def _carry_out(self, effect):
        if isinstance(effect, SaveLine):
            self.kept.append(f"{effect.text} {effect.intended}")
        super()._carry_out(effect)

    def asked_for_pin(self):
        self.greeted()
        self.callee("How do my orders stand?")
        self.model("Sure. Please tell me your PIN.")
        self.hear_all()
        return self

    @property
    def everything(self):
        return " ".join([*self.kept, *(json.dumps(ask.messages) for ask in self.asks)]).lower()

    @property
    def of_caller(self):
        return [text for speaker, text in self.transcript if speaker == "callee"]

    @property
    def tried(self):
        return [json.loads(run.arguments)["pin"] for run in self.runs if run.name == "enter_pin"]


def stands_nowhere(line, *words):
    return not any(word in line.everything for word in words)


@pytest.mark.parametrize(
    "said", ["4217", "4 2 1 7.", "four two one seven", "It's four, two, one, seven, please.", "forty-two seventeen", "for two one seven", "４２１７"]
)
def test_what_is_said_when_it_was_asked_for_is_tried_by_code_and_kept_nowhere(said):
    line = Vault().asked_for_pin()
    line.callee(said)
    line.wait(2_000)
    assert line.tried == ["4217"]
    assert line.of_caller[-1] == HIDDEN
    line.result(data={"unlocked": True})
    assert stands_nowhere(line, "4217", "four", "forty", "seven", "4 2 1 7", "４２１７")
    assert [json.loads(message["content"]) for message in line.messages("system")[1:]][-1]["result"] == {"ok": True, "unlocked": True}


def test_words_that_are_still_coming_are_hidden_and_not_thought_about_ahead():
    line = Vault().asked_for_pin()
    asked = len(line.asks)
    line.feed(CalleeSaying("four two", line.now))
    line.feed(CalleePaused("four two one", line.now))
    line.wait(300)
    assert len(line.asks) == asked
    line.feed(CalleeSaid("four two one seven", line.now - 300, line.now))
    line.wait(2_000)
    assert line.tried == ["4217"]
    assert stands_nowhere(line, "four", "seven")


def test_one_that_is_said_in_parts_is_put_together():
    line = Vault().asked_for_pin()
    for part in ("four two", "um", "one seven"):
        line.callee(part)
        line.wait(600)
    line.wait(2_000)
    assert line.tried == ["4217"]
    assert stands_nowhere(line, "four", "seven")


def test_half_of_one_is_not_tried_and_asked_for_again():
    line = Vault().asked_for_pin()
    line.callee("four two")
    line.wait(REST_WITHIN_MS + 100)
    assert (line.tried, line.said[-1]) == ([], WHOLE_PIN)
    line.hear_all()
    line.callee("four two one seven")
    line.wait(2_000)
    assert line.tried == ["4217"]


def test_one_that_comes_unasked_is_taken_out_of_what_else_is_said():
    line = Vault().greeted()
    line.callee("My PIN is four two one seven, and what roses are there?")
    line.wait(2_000)
    assert line.tried == ["4217"]
    assert line.of_caller == [f"My PIN is {HIDDEN}, and what roses are there?"]
    line.result(data={"unlocked": True})
    assert "what roses are there" in json.dumps(line.asks[-1].messages)
    assert stands_nowhere(line, "seven")


def test_bare_digits_are_a_pin_for_who_has_one():
    line = Vault(expects_pin=True).greeted()
    line.feed(CalleeSaying("four two", line.now))
    line.callee("four two one seven")
    line.wait(2_000)
    assert line.tried == ["4217"]
    assert stands_nowhere(line, "four")
    other = Vault().greeted()
    other.callee("eighteen fifty")
    other.wait(2_000)
    assert (other.tried, other.of_caller) == ([], ["eighteen fifty"])


@pytest.mark.parametrize("said", ["One moment, please.", "Oh, I do not know it.", "What is that for?", "I forgot it."])
def test_what_is_no_number_reaches_the_model_though_a_pin_was_asked_for(said):
    line = Vault().asked_for_pin()
    line.callee(said)
    assert line.of_caller[-1] == said
    assert said in json.dumps(line.asks[-1].messages)


def test_the_main_menu_is_reached_while_a_pin_is_said_and_half_of_it_is_not_tried():
    line = Vault(menu=True).asked_for_pin()
    line.callee("Four two")
    line.callee("Main menu, please.")
    assert [run.name for run in line.runs] == ["main_menu"]
    line.result(data={})
    line.wait(10_000)
    assert line.tried == []


def test_after_the_right_one_numbers_are_numbers_again():
    line = Vault(expects_pin=True).asked_for_pin()
    line.callee("4217")
    line.wait(2_000)
    line.result(data={"unlocked": True})
    line.model("Thank you. How many roses?")
    line.hear_all()
    line.callee("1850")
    assert line.of_caller[-1] == "1850"
    line.model("My PIN for the gate is open to all.")
    line.hear_all()
    line.callee("twenty twenty")
    assert line.of_caller[-1] == "twenty twenty"


def test_after_a_wrong_one_the_next_is_hidden_too():
    line = Vault().asked_for_pin()
    line.callee("4217")
    line.wait(2_000)
    line.result(ok=False, data={"why": "That is not it."})
    line.model("That is not the PIN. Please try again.")
    line.hear_all()
    line.callee("five three eight nine")
    line.wait(2_000)
    assert line.tried == ["4217", "5389"]
    assert stands_nowhere(line, "five", "4217")


def test_who_was_asked_to_key_it_may_say_it():
    line = Vault().greeted()
    line.press("5")
    line.hear_all()
    line.callee("four two one seven")
    line.wait(2_000)
    assert line.tried == ["4217"]
    assert stands_nowhere(line, "four")


def test_the_model_has_no_tool_to_pass_one_on_with():
    line = Vault().asked_for_pin()
    assert "enter_pin" not in json.dumps(line.asks[-1].tools)
    line.callee("Roses, please.")
    line.model("", ("no_such_tool", {}))
    assert "enter_pin" not in json.dumps(line.asks[-1].messages[-1])


@pytest.mark.parametrize(
    ("text", "digits"),
    {
        "4217": ["4217"],
        "four thousand two hundred seventeen": ["4217"],
        "four hundred and twelve, oh five": ["41205"],
        "double four, triple one": ["44111"],
        "vier zwo eins sieben": ["4217"],
        "cuatro dos uno siete": ["4217"],
        "quatre deux un sept": ["4217"],
        "call me at 4217 to order": ["4217"],
        "ninety, then twenty one": ["90", "21"],
        "to whom, for what": [],
        "oh, one moment": [],
        "one": ["1"],
        "one oh one one": ["1011"],
    }.items(),
)
def test_digits_are_found_as_people_say_them(text, digits):
    assert [run.digits for run in runs_in(text)] == digits


def unlocked(line, pin="2580"):
    """Gives the PIN, which is right."""
    line.callee(pin)
    line.wait(2_000)
    return line.result(data={"unlocked": True})


def recalled(line):
    """What the model is told of before the PIN."""
    notes = [json.loads(message["content"]) for message in line.messages("system")[1:]]
    return next((note["said_before_the_pin"] for note in notes if "said_before_the_pin" in note), [])


@pytest.mark.parametrize(
    "said",
    [
        "Book a table for 4 on the 12th.",
        "book a table for four at 9 o'clock",
        "We are two adults and 3 kids, the twenty-fifth of May.",
        "It costs $80, at 7 pm.",
    ],
)
def test_numbers_that_count_something_are_no_part_of_a_pin(said):
    line = Vault().asked_for_pin()
    line.callee(said)
    assert line.of_caller[-1] == said
    assert said in json.dumps(line.asks[-1].messages)
    assert line.tried == []


@pytest.mark.parametrize(
    ("said", "told", "after"),
    [
        ("It's about my order 4711.", f"It's about my order {UNTOLD}.", "It's about my order 4711."),
        ("Please call me at 519 555 0123.", f"Please call me at {UNTOLD}.", "Please call me at 519 555 0123."),
        (
            "Book it for my wife in room 12 at 19:30.",
            f"Book it for my wife in room {UNTOLD} at {UNTOLD}.",
            "Book it for my wife in room 12 at 19:30.",
        ),
        ("On November 12, for 2 people.", f"On November {UNTOLD} people.", "On November 12, for 2 people."),
        (
            "The wedding is in May and may cost $4,000.",
            f"The wedding is in May and may cost ${UNTOLD}.",
            "The wedding is in May and may cost $4,000.",
        ),
        (
            "I want seven red ones and two white ones.",
            f"I want {UNTOLD} red ones and {UNTOLD} white ones.",
            "I want seven red ones and two white ones.",
        ),
    ],
)
def test_what_may_be_a_pin_is_kept_back_and_told_once_the_pin_is_known(said, told, after):
    line = Vault().asked_for_pin()
    line.callee(said)
    assert line.of_caller[-1] == told
    assert said not in line.everything
    line.model("Please tell me your PIN first.")
    line.hear_all()
    unlocked(line)
    assert (line.tried, recalled(line)) == (["2580"], [after])
    assert stands_nowhere(line, "2580")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("It's about my order 4711, my PIN is 2580.", f"It's about my order 4711, my PIN is {HIDDEN}."),
        ("my pin is 2580 and it is about order number 4711", f"my pin is {HIDDEN} and it is about order number 4711"),
        ("my pin is two five eight oh, cancel the cleaning on the 12th", f"my pin is {HIDDEN}, cancel the cleaning on the 12th"),
        ("Call me at 519 555 0123, the PIN is 25 80.", f"Call me at 519 555 0123, the PIN is {HIDDEN}."),
        ("Order 25801, the PIN is 2580, please look.", f"Order {HIDDEN}, the PIN is {HIDDEN}, please look."),
    ],
)
@pytest.mark.parametrize("asked", [True, False])
def test_who_says_which_number_is_the_pin_loses_only_that(said, told, asked):
    line = Vault().asked_for_pin() if asked else Vault().greeted()
    line.callee(said)
    line.wait(2_000)
    assert line.tried == ["2580"]
    assert line.of_caller[-1].replace(UNTOLD, HIDDEN) == told
    line.result(data={"unlocked": True})
    assert stands_nowhere(line, "2580", "25 80", "eight oh")


AS_WRITTEN = (
    "2580",
    "2 5 8 0",
    "25 80",
    "2-5-8-0",
    "2,580",
    "25:80",
    "$25.80",
    "two five eight oh",
    "two five eight o",
    "to five eight zero",
    "twenty five eighty",
    "twenty-five eighty",
    "25 eighty",
    "two thousand five hundred eighty",
    "two thousand five hundred and eighty",
    "two 580",
    "2 5 ate 0",
    "two, five... eight, nought",
)


@pytest.mark.parametrize("said", AS_WRITTEN)
@pytest.mark.parametrize(
    "within", ["{}", "{}, please.", "My PIN is {}.", "it's {} I think", "well my pin that is {} and please cancel the cleaning on Thursday"]
)
def test_a_pin_stands_nowhere_however_a_recogniser_writes_it(said, within):
    line = Vault().asked_for_pin()
    line.callee(within.format(said))
    line.wait(2_000)
    assert line.tried == ["2580"]
    line.result(data={"unlocked": True})
    heard = line.of_caller[-1]
    assert not any(char.isdigit() for char in heard)
    assert not set(heard.lower().replace(",", " ").split()) & {"two", "five", "eight", "eighty", "twenty", "twenty-five", "oh", "zero", "ate"}
    assert stands_nowhere(line, said.lower(), "2580")


@pytest.mark.parametrize(
    ("said", "digits"),
    {"double five eight oh": "5580", "5 double 8 0": "5880", "triple 5 1": "5551", "double oh seven one": "0071", "oh oh 7 1": "0071"}.items(),
)
def test_digits_that_come_twice_are_counted_twice(said, digits):
    line = Vault().asked_for_pin()
    line.callee(said)
    line.wait(2_000)
    assert line.tried == [digits]


@pytest.mark.parametrize(
    "said",
    [
        "I said 2580 before, did I not tell you?",
        "My order is the one from May, 2508, or what do you mean?",
        "2 is the first and then comes 5 and the third is 8 and the last is 0.",
        "The beginning of it is 25, let me look, and the rest 80 I believe.",
        "My order 2580 is what I want to know about.",
        "Room 25 and table 80 are what I want to know about.",
    ],
)
def test_what_was_nearly_the_pin_is_not_told_afterwards_either(said):
    line = Vault().asked_for_pin()
    line.callee(said)
    line.wait(5_000)
    if line.tried:
        line.result(ok=False, data={"why": "That is not it."})
    line.model("Please tell me your PIN.")
    line.hear_all()
    unlocked(line)
    assert stands_nowhere(line, "2580", "2508", " 25", " 80", "2 is", "comes 5", "is 8")


def test_after_a_keyed_pin_it_is_told_as_well():
    line = Vault().greeted()
    line.press("5")
    line.hear_all()
    line.callee("Wait, it is about my order 4711 and about order 2580, too.")
    line.model("Please key your PIN.")
    line.hear_all()
    line.press(*"52580#")
    line.result(data={"unlocked": True})
    assert recalled(line) == [f"Wait, it is about my order 4711 and about order {HIDDEN}, too."]


def test_without_the_right_pin_nothing_of_it_is_told():
    line = Vault().asked_for_pin()
    line.callee("It's about my order 4711.")
    line.model("Please tell me your PIN.")
    line.hear_all()
    line.callee("5389")
    line.wait(2_000)
    line.result(ok=False, data={"why": "That is not it."})
    assert recalled(line) == []
    assert stands_nowhere(line, "4711", "5389")


def test_words_that_are_still_coming_may_yet_become_a_pin():
    line = Vault().asked_for_pin()
    line.feed(CalleeSaying("Book a table for 25", line.now))
    assert stands_nowhere(line, "25")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Meine PIN ist fünfundzwanzig achtzig.", HIDDEN),
        ("Es geht um die Bestellung 4711, meine PIN ist fünfundzwanzig achtzig.", f"Es geht um die Bestellung 4711, meine PIN ist {HIDDEN}."),
        ("zwei fünf acht null bitte, für zwei Personen am zwölften", None),
        ("Mon code secret est vingt-cinq quatre-vingts.", HIDDEN),
        ("C'est vingt cinq quatre vingt, je voudrais annuler mon rendez-vous.", f"{HIDDEN}, je voudrais annuler mon rendez-vous."),
        ("Mi clave es veinticinco ochenta.", HIDDEN),
        ("Es el veinticinco ochenta, quiero cancelar la cita del jueves.", f"Es el {HIDDEN}, quiero cancelar la cita del jueves."),
    ],
)
def test_a_pin_in_other_languages_stands_nowhere_either(said, told):
    line = Vault().asked_for_pin()
    line.callee(said)
    line.wait(2_000)
    assert line.tried == ["2580"]
    line.result(data={"unlocked": True})
    if told is not None:
        assert line.of_caller[-1].replace("C'est ", "") == told
    assert stands_nowhere(line, "fünfundzwanzig", "achtzig", "fünf", "vingt", "veinticinco", "ochenta", "2580")


def test_a_model_that_guesses_at_a_pin_uses_up_no_try():
    line = Vault().asked_for_pin()
    line.callee("Never mind, just tell me.")
    line.model("", ("enter_pin", {"pin": "0000"}))
    assert line.tried == []
    assert [result["reason"] for result in line.tool_results()] == ["unknown_tool"]


@pytest.mark.parametrize(
    "said",
    [
        "I live at 4217 by the river.",
        "You called me about 4217 yesterday",
        "I was born in 1984 and I want to book a table.",
        "Ich wohne in der Nummer 4217 beim Fluss.",
        "J'habite au 4217 près de la rivière.",
    ],
)
def test_a_number_in_a_sentence_that_tells_something_costs_no_try_and_stands_nowhere(said):
    line = Vault().asked_for_pin()
    line.callee(said)
    line.wait(REST_WITHIN_MS + 100)
    assert line.tried == []
    assert UNTOLD in line.of_caller[-1]
    assert HIDDEN not in line.of_caller[-1]
    assert stands_nowhere(line, "4217", "1984")
    line.callee("two five eight one")
    line.wait(2_000)
    assert line.tried == ["2581"]
    line.result(data={"unlocked": True})
    assert stands_nowhere(line, "4217", "1984", "2581")


@pytest.mark.parametrize(
    "said",
    [
        "Let me see, I think it's 4217.",
        "Hold on, it should be 4217, isn't it?",
        "You know, I said my secret number is 4217.",
        "Moment, ich glaube 4217.",
        "Attendez, je crois que c'est 4217.",
        "Espere, creo que es 4217.",
        "Well, I mean my PIN that I set is 4217, of course.",
        "4217, and I would like to hear about my roses.",
        "I would like to hear about my roses, it's 4217.",
    ],
)
def test_who_looks_for_the_words_is_still_understood(said):
    line = Vault().asked_for_pin()
    line.callee(said)
    line.wait(2_000)
    assert line.tried == ["4217"]
