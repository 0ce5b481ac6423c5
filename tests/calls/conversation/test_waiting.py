"""While only the user knows: the callee is kept company, and the answer, when it comes, goes on with the call."""

from calls.conversation import fixed_lines
from calls.conversation.effects import EndReason
from calls.conversation.events import (
    CalleeSaying,
)
from tests.calls.conversation.virtual_line import QUESTION, assert_ended, in_school


class TestWaitingForTheUser:
    """The callee is on the line and only the user knows."""

    def waiting(self, **changes):
        line = in_school(**changes)
        line.callee("When will she be back?")
        line.model("I don't know, let me ask her father.", QUESTION)
        line.hear_all()
        assert line.state == "waiting_for_user"
        return line

    def test_no_answer_in_time_means_calling_back(self):
        line = self.waiting()
        line.wait(45_000)
        line.hear_all()
        assert fixed_lines.CALL_BACK in line.said
        assert_ended(line, EndReason.CALL_BACK_LATER)

    def test_the_wait_counts_from_the_question(self):
        line = self.waiting(user_wait_ms=20_000)
        line.wait(19_000 - 3_000)
        assert fixed_lines.CALL_BACK not in line.said
        line.wait(5_000)
        assert fixed_lines.CALL_BACK in line.said

    def test_the_callee_is_kept_company(self):
        line = self.waiting()
        line.wait(16_000)
        assert line.said[-1] == fixed_lines.STILL_CHECKING
        line.hear_all()
        assert line.state == "waiting_for_user"

    def test_nobody_is_asked_whether_they_are_still_there(self):
        line = self.waiting()
        line.wait(44_000)
        assert fixed_lines.ARE_YOU_THERE not in line.said

    def test_what_the_callee_says_meanwhile_is_answered(self):
        line = self.waiting()
        line.callee("Is it something serious?")
        line.model("I'm sorry, I don't have that information.")
        line.hear_all()
        assert line.state == "waiting_for_user"

    def test_an_answer_in_time_goes_on_with_the_call(self):
        line = self.waiting()
        line.wait(5_000)
        line.user(text="On Friday")
        assert "user_wait" not in line.timers
        assert "On Friday" in line.messages()[-1]["content"]
        line.model("She will be back on Friday.")
        line.hear_all()
        assert line.state == "listening"

    def test_a_late_answer_does_not_stop_the_goodbye(self):
        line = self.waiting()
        line.wait(43_000)
        while line.state != "closing":
            line.wait(100)
        line.user(text="On Friday")
        assert line.grants == []
        line.hear_all()
        assert_ended(line, EndReason.CALL_BACK_LATER)

    def test_an_answer_while_they_speak_waits_for_the_end_of_their_sentence(self):
        line = self.waiting()
        asks = len(line.asks)
        line.feed(CalleeSaying("Because we", line.now))
        line.user(text="On Friday")
        assert len(line.asks) == asks
        line.callee("Because we need to know.")
        assert len(line.asks) == asks + 1
        assert "On Friday" in str(line.messages())

    def test_an_answer_while_floyd_thinks_is_thought_of(self):
        line = self.waiting()
        line.callee("Hello?")
        asks = len(line.asks)
        line.user(text="On Friday")
        assert len(line.asks) == asks + 1
        assert "On Friday" in str(line.messages())

    def test_an_answer_while_floyd_speaks_comes_after(self):
        line = self.waiting()
        line.callee("Hello?")
        line.model("I'm still checking, it takes a moment.")
        asks = len(line.asks)
        line.user(text="On Friday")
        assert len(line.asks) == asks
        line.hear_all()
        assert len(line.asks) == asks + 1

    def test_a_second_answer_and_a_foreign_one_count_nothing(self):
        line = self.waiting()
        line.user(text="On Friday")
        line.user(text="On Monday")
        assert [grant.value for grant in line.grants] == [{"text": "On Friday"}]

    def test_the_same_question_is_asked_once(self):
        line = self.waiting()
        line.callee("And?")
        line.model("Still checking.", QUESTION)
        assert len(line.questions) == 1
        line.hear_all()
        line.user(text="On Friday")
        line.model("", QUESTION)
        assert len(line.questions) == 1
        assert line.tool_results()[-1]["answer"] == {"text": "On Friday"}

    def test_the_user_is_not_asked_without_end(self):
        line = in_school(user_wait_ms=10**7)
        for number in range(9):
            line.callee("And another thing?")
            line.model("Let me check.", (QUESTION[0], QUESTION[1] | {"question": f"Question {'x' * number}?"}))
            line.hear_all()
        assert len(line.questions) == 5
