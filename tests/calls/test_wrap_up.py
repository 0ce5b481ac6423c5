"""What a call came to: the user gets an outcome with evidence, a question, or another try; never nothing."""

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from calls import selectors, wrap_up
from calls.conversation.brief import Slot
from calls.conversation.effects import EndReason
from calls.models import Call, TranscriptLine
from calls.status import CallStatus
from context.models import User
from providers.types import ProviderError, Usage
from requests_app.models import Message, Question, Request
from requests_app.outcome import Achieved, ItemKind, Outcome, OutcomeItem
from requests_app.services import answer_question
from requests_app.status import Status
from tests.calls.conftest import call_at

pytestmark = pytest.mark.django_db

SAID = [("floyd", "Hi, this is Floyd."), ("callee", "Okay, she is excused."), ("floyd", "Thank you, goodbye.")]
TOLD = OutcomeItem(kind=ItemKind.TOLD, text="The school knows.", amount_minor=None, currency=None, when=None, lines=[1, 2])
GOOD = Outcome(achieved=Achieved.YES, summary="The school knows that Mara is sick.", items=[TOLD], missing=[])


class Thinker:
    """Fills the form as told, or fails."""

    def __init__(self, result: Outcome | ProviderError) -> None:
        self.result, self.prompts = result, []  # type: ignore[var-annotated]

    async def fill(self, _form: Any, *, messages: Any, **_: Any) -> tuple[Outcome, Usage]:
        self.prompts.append(messages)
        if isinstance(self.result, ProviderError):
            raise self.result
        return self.result, Usage()

    async def close(self) -> None:
        pass


@pytest.fixture
def thinker(monkeypatch) -> Thinker:
    mind = Thinker(GOOD)
    monkeypatch.setattr("providers.registry.thinker", lambda _settings: mind)
    return mind


def ended(user, *, lines=(), **fields) -> Call:
    slots = fields.pop("slots", [])
    status = fields.pop("status", CallStatus.COMPLETED)
    call = call_at(user, status, carrier_sid="CA" + "1" * 32, ended_at=timezone.now(), slots=[asdict(slot) for slot in slots], **fields)
    for seq, (speaker, text) in enumerate(lines, start=1):
        TranscriptLine.objects.create(call=call, seq=seq, speaker=speaker, text=text, start_ms=seq * 1000, end_ms=seq * 1000 + 500)
    return call


def request_of(call: Call) -> Request:
    return Request.objects.get(pk=call.request_id)


def outcome_of(call: Call) -> dict[str, Any]:
    outcome = request_of(call).outcome
    assert isinstance(outcome, dict)
    return outcome


def test_a_call_that_reached_its_goal_ends_the_request_with_evidence(tom, thinker):
    call = ended(tom, lines=SAID, end_reason=EndReason.GOAL_REACHED)
    wrap_up.wrap_up(call.pk)
    request = request_of(call)
    assert request.status == Status.DONE
    assert outcome_of(call)["items"][0]["lines"] == [1, 2]
    assert [message["role"] for message in thinker.prompts[0]] == ["system", "user"]
    assert '"line": 2, "speaker": "callee", "text": "Okay, she is excused."' in thinker.prompts[0][1]["content"]


@pytest.mark.parametrize(("pages", "reads"), [("en", "en"), ("de", "de"), ("xx", "en")])
def test_the_outcome_is_asked_for_in_the_language_of_its_reader_s_pages_not_of_the_call(tom, thinker, pages, reads):
    User.objects.filter(pk=tom.pk).update(page_language=pages, language="fr-CA")
    tom.refresh_from_db()
    wrap_up.wrap_up(ended(tom, lines=SAID, end_reason=EndReason.GOAL_REACHED).pk)
    rules, data = (message["content"] for message in thinker.prompts[0])
    assert json.loads(data)["user_reads"] == reads and "user_reads" in rules


def test_wrapping_up_again_does_nothing(tom, thinker):
    call = ended(tom, lines=SAID, end_reason=EndReason.GOAL_REACHED)
    for _ in range(3):
        wrap_up.wrap_up(call.pk)
    assert len(thinker.prompts) == 1
    assert Message.objects.filter(request=call.request_id).count() == 1


def test_a_success_that_no_line_shows_is_none(tom, thinker):
    thinker.result = GOOD.model_copy(update={"items": [TOLD.model_copy(update={"lines": [17]})]})
    call = ended(tom, lines=SAID, end_reason=EndReason.GOAL_REACHED)
    wrap_up.wrap_up(call.pk)
    assert (request_of(call).status, outcome_of(call)["achieved"]) == (Status.FAILED, Achieved.NO)


def test_when_the_model_is_down_it_is_tried_again_and_then_said(tom, thinker):
    thinker.result = ProviderError("down")
    call = ended(tom, lines=SAID, end_reason=EndReason.GOAL_REACHED)
    wrap_up.wrap_up(call.pk)
    assert request_of(call).status == Status.WRAPPING_UP
    long_ago = timezone.now() - timedelta(minutes=2)
    Call.objects.filter(pk=call.pk).update(ended_at=long_ago)
    Request.objects.filter(pk=call.request_id).update(lease_until=long_ago)
    assert selectors.calls_to_wrap_up() == [call.pk]
    wrap_up.wrap_up(call.pk)
    request = request_of(call)
    assert request.status == Status.FAILED
    assert "read the transcript" in request.trouble
    assert call.lines.count() == 3


def test_a_model_that_refuses_for_good_is_not_asked_again(tom, thinker):
    thinker.result = ProviderError("no such model", permanent=True)
    call = ended(tom, lines=SAID, end_reason=EndReason.GOAL_REACHED)
    wrap_up.wrap_up(call.pk)
    assert request_of(call).status == Status.FAILED


def test_a_wrap_up_that_died_is_taken_over(tom, thinker):
    call = ended(tom, lines=SAID, end_reason=EndReason.GOAL_REACHED, request_status=Status.WRAPPING_UP)
    Request.objects.filter(pk=call.request_id).update(lease_until=timezone.now() + timedelta(seconds=60))
    wrap_up.wrap_up(call.pk)
    assert request_of(call).status == Status.WRAPPING_UP  # somebody is at it
    Request.objects.filter(pk=call.request_id).update(lease_until=timezone.now() - timedelta(seconds=1))
    wrap_up.wrap_up(call.pk)
    assert request_of(call).status == Status.DONE


def test_it_waits_for_the_media_process_to_store_how_the_call_ended(tom, thinker):
    call = ended(tom, lines=SAID, stream_sid="MZ" + "1" * 32, heartbeat_at=timezone.now())
    wrap_up.wrap_up(call.pk)
    assert request_of(call).status == Status.CALLING
    Call.objects.filter(pk=call.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=1))
    wrap_up.wrap_up(call.pk)
    assert request_of(call).status == Status.DONE


def test_an_earlier_call_of_the_request_is_not_wrapped_up_in_the_later_ones_place(tom, thinker):
    call = ended(tom, lines=SAID, end_reason=EndReason.GOAL_REACHED)
    Request.objects.filter(pk=call.request_id).update(attempt=2)
    Call.objects.filter(pk=call.pk).update(ended_at=timezone.now() - timedelta(minutes=1))
    wrap_up.wrap_up(call.pk)
    assert request_of(call).status == Status.CALLING
    assert selectors.calls_to_wrap_up() == []


# --- nobody spoke ---


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"status": CallStatus.FAILED}, Status.FAILED, "could not be connected"),
        ({"end_reason": EndReason.WRONG_NUMBER}, Status.FAILED, "wrong number"),
        ({"end_reason": EndReason.REFUSED_MACHINE}, Status.FAILED, "does not talk to an AI"),
        ({"end_reason": EndReason.LINE_LOST}, Status.FAILED, "nothing was heard"),
        ({"end_reason": ""}, Status.FAILED, "nothing was heard"),
        ({"end_reason": EndReason.NO_RESPONSE}, Status.SCHEDULED, ""),
        ({"end_reason": EndReason.STOPPED_BY_USER}, Status.CANCELLED, ""),
    ],
)
def test_every_other_end_has_its_policy(tom, thinker, fields, status, words):
    call = ended(tom, **fields)
    wrap_up.wrap_up(call.pk)
    request = request_of(call)
    assert request.status == status
    assert words in request.trouble
    assert thinker.prompts == []


def test_technical_trouble_is_owned_up_to(tom, thinker):
    thinker.result = GOOD.model_copy(update={"achieved": Achieved.NO, "items": []})
    call = ended(tom, lines=SAID, end_reason=EndReason.PROVIDER_FAILED)
    wrap_up.wrap_up(call.pk)
    assert "technical trouble" in request_of(call).trouble
    assert "technical trouble" in Message.objects.get(request=call.request_id).body


@pytest.mark.parametrize(("lines", "said"), [([], "and hung up"), ([("floyd", "Hi, this is Floyd…")], "said so and hung up")])
def test_trouble_before_anybody_was_heard_is_not_called_silence(tom, thinker, lines, said):
    call = ended(tom, lines=lines, end_reason=EndReason.PROVIDER_FAILED)
    wrap_up.wrap_up(call.pk)
    trouble = request_of(call).trouble
    assert trouble.startswith("Floyd had technical trouble in the call to ") and said in trouble
    assert thinker.prompts == []


# --- something is missing ---

OFFER = Slot(kind="offered", item="peonies and roses", amount_minor=56000, currency="CAD", line=2)


def asked(call: Call, **fields) -> Question:
    defaults = {"kind": "money", "text": "They want $560 for peonies and roses.", "slots": {"item": "peonies and roses", "amount_minor": 56000}}
    return Question.objects.create(request=call.request, step="call", waiter=f"call.{call.pk}", **(defaults | fields))


def test_the_user_is_told_exactly_what_is_missing(tom, thinker):
    call = ended(tom, lines=SAID, end_reason=EndReason.CALL_BACK_LATER, slots=[OFFER])
    question = asked(call)
    for _ in range(2):
        wrap_up.wrap_up(call.pk)
    assert request_of(call).status == Status.WAITING_FOR_USER
    message = Message.objects.get(request=call.request_id)
    assert message.question == question
    assert message.body == (
        "Brock Road School offers peonies and roses for $560. You gave no budget, so I said I'd call back. "
        "How much may I spend? Reply for example: up to $80."
    )
    assert Question.objects.count() == 1
    assert thinker.prompts == []


def test_a_callee_who_hangs_up_while_the_user_is_asked_leaves_the_question_open(tom, thinker):
    call = ended(tom, lines=SAID, end_reason=EndReason.CALLEE_HUNG_UP, slots=[OFFER])
    asked(call)
    wrap_up.wrap_up(call.pk)
    assert request_of(call).status == Status.WAITING_FOR_USER
    assert "they hung up before you had answered" in Message.objects.get(dedupe_key=f"call-back:{call.pk}").body


def test_an_answer_sends_the_request_on(tom, hints, at_once):
    call = ended(tom, lines=SAID, end_reason=EndReason.CALL_BACK_LATER, slots=[OFFER])
    question = asked(call)
    wrap_up.wrap_up(call.pk)
    answer_question(question_id=question.pk, text="up to $80", by="sms")
    request = request_of(call)
    assert (request.status, request.limit_minor) == (Status.FINDING_NUMBER, 8000)


def test_an_answer_that_came_during_the_goodbye_is_not_waited_for(tom, hints, at_once):
    call = ended(tom, lines=SAID, end_reason=EndReason.CALL_BACK_LATER, slots=[OFFER])
    answer_question(question_id=asked(call).pk, text="up to $80", by="sms")
    assert request_of(call).status == Status.CALLING
    wrap_up.wrap_up(call.pk)
    request = request_of(call)
    assert (request.status, request.limit_minor) == (Status.FINDING_NUMBER, 8000)
    assert hints.ids("calls.place") == [str(request.pk)]
    assert not Message.objects.filter(dedupe_key=f"call-back:{call.pk}").exists()


def test_a_no_that_came_during_the_goodbye_ends_it(tom):
    call = ended(tom, lines=SAID, end_reason=EndReason.CALL_BACK_LATER)
    asked(call, status="answered", answer={"amount_minor": 0, "currency": "CAD"})
    wrap_up.wrap_up(call.pk)
    assert request_of(call).status == Status.CANCELLED


@pytest.mark.parametrize(
    ("slots", "kind", "text"),
    [
        ([OFFER], "money", "Brock Road School offers peonies and roses for $560. You gave no budget, so I said I'd call back. How much may I spend?"),
        ([], "text", "I told Brock Road School that I'd call back, because only you can answer this: What should I tell Brock Road School?"),
    ],
)
def test_what_was_never_put_to_the_user_is_asked_then(tom, slots, kind, text):
    call = ended(tom, lines=SAID, end_reason=EndReason.CALL_BACK_LATER, slots=slots)
    wrap_up.wrap_up(call.pk)
    question = Question.objects.get()
    assert (question.kind, question.text) == (kind, text)
    assert Message.objects.count() == 1
    assert request_of(call).status == Status.WAITING_FOR_USER


def test_an_offer_above_the_budget_names_the_budget(tom):
    brief = {"kind": "buy", "limit_minor": 8000}
    call = ended(tom, lines=SAID, end_reason=EndReason.CALL_BACK_LATER, slots=[OFFER], brief=brief)
    asked(call)
    wrap_up.wrap_up(call.pk)
    assert "You allowed up to $80, so I said I'd call back." in Message.objects.get().body
