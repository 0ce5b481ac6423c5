"""What was heard of words that the carrier speaks: its reports decide, and the clock where it says nothing."""

from hypothesis import given
from hypothesis import strategies as st

from calls.conversation.events import HeardUpTo, SpeechStarted
from calls.speech.relay_account import GRACE_MS, LEAD_MS, VOICE_DELAY_MS, RelayAccount, place_of

LONG = "This is a clause that takes a good while to be said, as you can see, and it still goes on."


def account(*texts, now_ms=0, interruptible=True):
    made = RelayAccount()
    for number, text in enumerate(texts, 1):
        made.queue(f"s{number}", text, interruptible=interruptible)
    send(made, now_ms)
    return made


def send(made, now_ms):
    due = made.due(now_ms)
    for clause in due:
        made.sent(clause.speech_id, now_ms)
    return [clause.speech_id for clause in due]


def test_a_clause_was_heard_when_the_carrier_says_so():
    made = account("Hello there.", "How are you?")
    assert made.agent_speaking(500) == [SpeechStarted("s1")]
    assert made.played("Hello there.", 1500) == [HeardUpTo("s1", 12, True, 1500), SpeechStarted("s2")]
    assert made.played("How are you?", 2500) == [HeardUpTo("s2", 12, True, 2500)]
    assert made.idle


def test_the_carrier_may_cut_clauses_its_own_way():
    made = account("Hello there, Tom.", "How are you?")
    assert made.played("Hello", 900) == [SpeechStarted("s1")]
    assert made.played("there, Tom. How are", 1500) == [HeardUpTo("s1", 17, True, 1500), SpeechStarted("s2")]
    assert made.played("you?", 1700) == [HeardUpTo("s2", 12, True, 1700)]


def test_words_written_differently_count_by_their_length():
    made = account("That is $560 in all.", "Okay?")
    made.played("That is five hundred sixty dollars in all.", 2000)
    assert made.played("Okay?", 2500)[-1] == HeardUpTo("s2", 5, True, 2500)


def test_only_so_much_is_sent_ahead_and_the_rest_can_be_taken_back():
    made = RelayAccount()
    for number in range(4):
        made.queue(f"s{number}", LONG)
    assert send(made, 0) == ["s0"]
    assert made.lead_ms(0) > LEAD_MS
    made.agent_speaking(100)
    assert send(made, 2500) == ["s1"]
    assert made.stop(3000) == [HeardUpTo("s2", 0, False, 3000), HeardUpTo("s3", 0, False, 3000)]
    assert made.played(f"{LONG} {LONG}", 12_000)[-1] == HeardUpTo("s1", len(LONG), True, 12_000)
    assert made.idle


def test_short_clauses_go_at_once():
    made = RelayAccount()
    made.queue("s1", "Sure,")
    made.queue("s2", "I'll tell him.")
    assert send(made, 0) == ["s1", "s2"]


def test_an_interruption_cuts_history_to_what_was_heard():
    made = account("I'd like roses,", "twelve of them,", "red ones.")
    made.agent_speaking(400)
    made.played("I'd like roses,", 1500)
    assert made.interrupted("twelve of", 2000) == [HeardUpTo("s2", 9, False, 2000), HeardUpTo("s3", 0, False, 2000)]
    assert made.idle


def test_an_interruption_may_be_told_by_all_that_was_said():
    made = account("I'd like roses,", "twelve of them,", "red ones.")
    made.played("I'd like roses,", 1500)
    events = made.interrupted("I'd like roses, twelve of them, red", 2500)
    assert events == [HeardUpTo("s2", 15, True, 2500), SpeechStarted("s3"), HeardUpTo("s3", 3, False, 2500)]


def test_an_interruption_before_the_carrier_told_of_the_clause_before():
    made = account("I'd like roses,", "twelve of them.")
    events = made.interrupted("I'd like roses, twelve", 2500)
    assert [event for event in events if isinstance(event, HeardUpTo)] == [HeardUpTo("s1", 15, True, 2500), HeardUpTo("s2", 6, False, 2500)]


def test_without_a_word_of_what_was_heard_nothing_was():
    made = account("I'd like roses.")
    assert made.interrupted("", 300) == [HeardUpTo("s1", 0, False, 300)]
    made = account("I'd like roses, and tulips.")
    made.played("I'd like roses,", 900)
    assert made.interrupted("something else", 1000) == [HeardUpTo("s1", 14, False, 1000)]


def test_the_clock_counts_where_the_carrier_tells_nothing():
    made = account("Hello there.")
    assert made.tick(VOICE_DELAY_MS - 1) == []
    assert made.tick(VOICE_DELAY_MS) == [SpeechStarted("s1")]
    assert made.tick(VOICE_DELAY_MS + 12 * 65) == [HeardUpTo("s1", 12, True, VOICE_DELAY_MS + 12 * 65)]


def test_a_carrier_that_tells_is_given_time():
    made = account("Hello there.", "And you?")
    made.played("Hello there.", 1000)
    assert made.tick(3000) == []
    assert made.tick(1000 + 8 * 65 + GRACE_MS) == [HeardUpTo("s2", 8, True, 1000 + 8 * 65 + GRACE_MS)]


def test_keys_are_told_of_like_words():
    made = RelayAccount()
    made.queue("s1", "1w2#", interruptible=False, keyed=True)
    send(made, 0)
    assert made.stop(100) == []
    assert made.played("1w2#", 1200) == [SpeechStarted("s1"), HeardUpTo("s1", 4, True, 1200)]


def test_places_in_a_text():
    assert place_of("It's $5, okay?", 0) == 0
    assert "It's $5, okay?"[: place_of("It's $5, okay?", 4)] == "It's $5"
    assert place_of("Hi!", 99) == 3


@given(
    st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=6),
    st.lists(st.sampled_from(["on", "played", "interrupt", "stop", "tick", "send"]), max_size=20),
    st.randoms(use_true_random=False),
)
def test_each_clause_is_resolved_once_and_never_beyond_its_text(texts, doings, random):
    made, now, resolved = RelayAccount(), 0, []
    for number, text in enumerate(texts):
        made.queue(f"s{number}", text)
    for doing in [*doings, "send", "interrupt"]:
        now += random.randrange(3000)
        words = random.choice(texts)[: random.randrange(30)]
        match doing:
            case "on":
                events = made.agent_speaking(now)
            case "played":
                events = made.played(words, now)
            case "interrupt":
                events = made.interrupted(words, now)
            case "stop":
                events = made.stop(now)
            case "tick":
                events = made.tick(now)
            case _:
                send(made, now)
                events = []
        resolved += [event for event in events if isinstance(event, HeardUpTo)]
    assert sorted(event.speech_id for event in resolved) == sorted(f"s{number}" for number in range(len(texts)))
    assert all(0 <= event.heard <= len(texts[int(event.speech_id[1:])]) for event in resolved)


def test_what_the_carrier_says_by_itself_counts_for_nothing_of_ours():
    made = RelayAccount()
    made.said_by_carrier("Sorry, I'm back.", 0)
    made.queue("s1", "We have roses.")
    send(made, 0)
    assert made.agent_speaking(300) == []
    assert made.played("Sorry,", 600) == []
    assert made.played("I'm back.", 900) == [SpeechStarted("s1")]
    assert made.played("We have roses.", 1800) == [HeardUpTo("s1", 14, True, 1800)]


def test_a_carrier_that_does_not_tell_of_its_own_words():
    made = RelayAccount()
    made.said_by_carrier("Sorry, I'm back.", 0)
    made.queue("s1", "We have roses.")
    send(made, 0)
    assert made.played("We have roses.", 1800)[-1] == HeardUpTo("s1", 14, True, 1800)
