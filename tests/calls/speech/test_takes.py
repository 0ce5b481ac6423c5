"""Which of a model's own sound may be heard: the clauses that were let through, and no more."""

from hypothesis import given
from hypothesis import strategies as st

from calls.speech.mulaw import SILENCE
from calls.speech.takes import Part, Takes

LOUD = b"\x10"
MS = 8


def made(takes: Takes, words: str, *, ms_per_letter: int = 50, pause_ms: int = 200, item: str = "i1") -> bytes:
    """The model says these words: each letter takes its time, and a pause follows a full stop."""
    audio = b""
    for word in words.split():
        audio += LOUD * (ms_per_letter * MS * sum(char.isalnum() for char in word)) + (SILENCE * pause_ms * MS if word.endswith(".") else b"")
    takes.words(item, words)
    takes.words_whole(item)
    takes.sound(item, audio)
    return audio


def played(takes: Takes, *parts: Part | None) -> bytes:
    return b"".join(takes.due(part) for part in parts if part is not None)


def test_all_clauses_let_through_are_all_of_the_sound():
    takes = Takes()
    audio = made(takes, "Of course. She is ill today.")
    takes.over()
    first, second = takes.claim("Of course."), takes.claim("She is ill today.")
    assert played(takes, first, second) == audio
    assert first is not None and first.done and second is not None and second.done


def test_the_sound_begins_before_all_of_it_is_there():
    takes = Takes()
    takes.words("i1", "Of course. She is")
    takes.sound("i1", LOUD * 8_000)
    part = takes.claim("Of course.")
    assert part is not None
    some = takes.due(part)
    assert 0 < len(some) < 8_000 and not part.done, "what follows may not be let through"


def test_a_refused_clause_is_not_heard_nor_anything_behind_it():
    takes = Takes()
    audio = made(takes, "Of course. Your code is 4711. Thank you.", pause_ms=300)
    takes.over()
    first = takes.claim("Of course.")
    assert takes.claim("Thank you.") is None, "what stands between was refused"
    takes.settled()
    sound = played(takes, first)
    secret_begins = (8 * 50 + 300) * MS
    assert 0.6 * 8 * 50 * MS < len(sound) <= secret_begins
    takes.heard(first, 0, cut=False)
    ((item, heard_ms),) = takes.cuts()
    assert item == "i1" and heard_ms == len(sound) // MS < len(audio) // MS
    assert takes.cuts() == []


def test_what_was_cut_is_taken_up_again_at_the_word():
    takes = Takes()
    audio = made(takes, "She has a fever and stays in bed", pause_ms=0)
    takes.over()
    part = takes.claim("She has a fever and stays in bed")
    assert part is not None and played(takes, part) == audio
    takes.heard(part, 600, cut=True)
    rest = takes.claim("fever and stays in bed")
    assert rest is not None
    assert abs(len(played(takes, rest)) - 18 * 50 * MS) <= 8
    takes.heard(rest, 0, cut=False)
    assert takes.cuts() == [], "all of it was heard in the end"


def test_what_was_cut_for_good_is_told_once_with_what_was_heard():
    takes = Takes()
    made(takes, "She has a fever and stays in bed", pause_ms=0)
    takes.over()
    part = takes.claim("She has a fever and stays in bed")
    assert part is not None
    played(takes, part)
    takes.heard(part, 600, cut=True)
    assert takes.cuts() == [("i1", 600)]
    assert takes.claim("fever and stays in bed") is None, "the model does not know of it any more"


def test_words_of_another_voice_have_no_sound_here():
    takes = Takes()
    assert takes.claim("I'm sorry, could you say that again?") is None
    made(takes, "Of course.")
    assert takes.claim("...") is None


@given(
    st.lists(st.sampled_from(["Of course.", "She is ill.", "See you, bye.", "At 9:30.", "Yes."]), min_size=1, max_size=5),
    st.integers(0, 5),
    st.randoms(),
)
def test_never_more_than_what_was_let_through_and_in_order(clauses, let_through, dice):
    takes = Takes()
    audio = made(takes, " ".join(clauses))
    takes.over()
    parts = [takes.claim(clause) for clause in clauses[:let_through]]
    takes.settled()
    sound = b""
    for _ in range(20):
        sound += played(takes, *dice.sample(parts, len(parts)))
    sound += played(takes, *parts)
    assert audio.startswith(sound)
    if let_through >= len(clauses):
        assert sound == audio
