"""Everything that writes requests, questions and messages: the one door for pages, API, commands, calls and tasks.

Each takes keyword arguments only, is one transaction, publishes what changed, and raises an error of
`requests_app.errors` whose message is written for people.
"""

from requests_app.answers import AnswerResult, Taken, answer_question, confirm_answer, declined, resume
from requests_app.editing import edit_ask
from requests_app.inbox import receive_message
from requests_app.intake import MAX_ASK_LENGTH, create_request, take_request
from requests_app.life import conclude, fail_request, finish_answered, record_event, retry_request, stop_request, transition
from requests_app.messages import publish_message, queue_message
from requests_app.next_candidate import give_up_on
from requests_app.offers import take_offer
from requests_app.plan_editing import approve_plan, edit_plan
from requests_app.questions import ask_question, message_body
from requests_app.rescheduling import call_now, not_today
from requests_app.retention import keep
from requests_app.undo import undo_request
from requests_app.whispering import whisper

__all__ = [
    "MAX_ASK_LENGTH",
    "AnswerResult",
    "Taken",
    "answer_question",
    "approve_plan",
    "ask_question",
    "call_now",
    "conclude",
    "confirm_answer",
    "create_request",
    "declined",
    "edit_ask",
    "edit_plan",
    "fail_request",
    "finish_answered",
    "give_up_on",
    "keep",
    "message_body",
    "not_today",
    "publish_message",
    "queue_message",
    "receive_message",
    "record_event",
    "resume",
    "retry_request",
    "stop_request",
    "take_offer",
    "take_request",
    "transition",
    "undo_request",
    "whisper",
]
