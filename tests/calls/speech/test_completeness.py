"""Whether words sound complete, and what is read out piece by piece."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.speech.completeness import Completeness, completeness
from calls.speech.dictation import Dictated, dictated


def cases(table):
    return [(text.strip(), value) for value, texts in table.items() for text in texts.strip().split("\n")]


WHOLE = """
yes
Yes.
no
Okay.
No, that's all, thank you.
That's right.
Hello?
Good morning, Sweet Violet's, how can I help you?
okay bye
thanks for calling
hold on
one moment please
just a second
Will she be okay?
what is this about
can you tell me when the shop opens tomorrow morning
could you send the invoice to my email address
what do you need
so would you like the white ones
sure, what is it about
We do. What time would you like?
how old is she
When?
I'm sorry, who?
does Tuesday work
Which one?
i think so
we do
my number is 519-555-0142
it is 519 555 0142
it's five one nine five five five zero one four two
one eight hundred five five five zero one four two
Smith, S M I T H
Kowalski, that is K O W A L S. K I.
it's N1H 4A2
extension 4
"""
SENTENCE = """
the boxes have to be packed by then
We are closed until then.
okay see you then
our next delivery goes out at quarter past three
That is five hundred dollars.
we open at nine in the morning
please book a table for four people tonight
Tuesday at nine
it's at 9:30
the total is $560
at five
from nine to five
november the fifth
that's all we have
"""
UNSURE = """
when you get here
and how many
the cheapest one
please deliver it to twelve palmer street apartment nine
it's 560
if you come before ten
the total comes to five hundred and sixty
november twenty
we are at 88 Norfolk Street
"""
READING = """
the number is 555-0142
he lives at forty
the address is fourteen
you will find us at three hundred
that is K O W A L S. K
five one nine
it is 519 555
my number is 519
the phone number is five one nine five five five
R E D
S as in Sam, M as in Mary
S for Sam M for Mary
it's n 1 h 4
the confirmation number is A B 4 7
your reference is 4 4 1 7
our address is 14 Brock
it would be november
we're open from nine
between ten
five five five double
sierra mike
"""
OPEN = """
she is the one who
I will have to ask
could you bring
I can offer you
the problem is that
I have peonies and
um
yes, um
okay so
let me see,
let me check
my number is
could you tell me the
hello this is
that's one hundred and
do you want
what should I
i'd like to move it to
when is the
the price
our hours
and your name is
we have
I can
well
it's the
we could do it on
if you
I need
it's spelled
the manager said that she
half past
"""
MENU = """
for hours press 1
press one for sales
For billing, press two.
for reservations say reservations
please listen carefully as our options have changed
to hear these options again press star
"""


@pytest.mark.parametrize(
    ("text", "sounds"),
    cases(
        {
            Completeness.WHOLE: WHOLE,
            Completeness.SENTENCE: SENTENCE,
            Completeness.UNSURE: UNSURE,
            Completeness.READING: READING,
            Completeness.OPEN: OPEN,
            Completeness.MENU: MENU,
        }
    ),
)
def test_how_complete_words_sound(text, sounds):
    assert completeness(text) is sounds


def test_nothing_made_out_yet_is_open():
    assert completeness("") is Completeness.OPEN
    assert completeness("…") is Completeness.OPEN


@pytest.mark.parametrize("text", ["I have peonies and.", "Um.", "My number is.", "Could you tell me the.", "five one nine."])
def test_a_full_stop_that_the_recogniser_puts_at_a_pause_says_little(text):
    assert completeness(text) in (Completeness.OPEN, Completeness.READING)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("", Dictated.NOTHING),
        ("we open at nine", Dictated.NOTHING),
        ("in 2019", Dictated.NOTHING),
        ("it's at 9 a m", Dictated.NOTHING),
        ("1 519 555 0142", Dictated.WHOLE),
        ("1 519 555 014", Dictated.UNFINISHED),
        ("call me at double five five", Dictated.UNFINISHED),
        ("my card number is 4417 1234 5678", Dictated.UNFINISHED),
        ("my card number is 4417 1234 5678 9113", Dictated.WHOLE),
        ("krista at example dot", Dictated.UNFINISHED),
        ("it's 14 Brock Road in Guelph, the address", Dictated.NOTHING),
        ("deliver it to unit 4", Dictated.PERHAPS),
        ("the fifth of november", Dictated.NOTHING),
        ("may", Dictated.NOTHING),
    ],
)
def test_what_is_read_out(text, form):
    assert dictated(text) is form


@given(st.text(max_size=120))
def test_no_text_breaks_the_judgement(text):
    assert completeness(text) in Completeness


PIECES = "519 555 0142 five one double a s m as in sam dash november 14 brock road press um and is"


@given(st.lists(st.sampled_from(PIECES.split()), max_size=12))
def test_no_words_break_the_judgement(words):
    assert completeness(" ".join(words)) in Completeness
