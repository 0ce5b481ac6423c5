"""Whatever was said, noted or named: on the pages for staff it is text."""

import pytest

from calls.models import Call
from calls.review_models import Label, Review
from requests_app.models import Request
from tests.calls.review.scene import REASON, in_queue
from tests.requests_app.test_page_escape import VECTORS, Shape

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]

PAGES = ("/staff/?state=all", "/staff/calls/{call}/", "/staff/calls/{call}/questions/", "/staff/quality/")


def furnished(user, words: list[str]) -> Review:
    """A call in which each of the words stands wherever somebody's words can."""
    together = " ".join(words)
    brief = {"callee_name": together, "goal": together, "kind": words[0][:40], "facts": [{"id": "1", "statement": together}]}
    review = in_queue(user, waits=(), end_reason=words[1][:40], brief=brief, error=words[2][:200])
    Call.objects.filter(pk=review.pk).update(number="+1")
    Request.objects.filter(pk=review.call.request_id).update(outcome={"summary": together})
    for seq, text in enumerate(words, start=10):
        review.call.lines.create(seq=seq, speaker=("callee", "floyd", "user")[seq % 3], text=text, intended=text + " and more", start_ms=0, end_ms=1)
        review.notes.create(text=text, seq=seq if seq % 2 else None)
        Label.objects.create(name=f"{seq} {text}"[:40]).labellings.create(review=review)
    messages = [{"role": text[:20], "content": text, "tool_calls": [{"function": {"name": text, "arguments": text}}]} for text in words]
    tools = [{"type": "function", "function": {"name": text}} for text in words]
    review.call.prompts.create(
        number=1, purpose="answer", model=words[5][:80], shared=0, messages=messages, tools=tools, asked_ms=0, done_ms=1, ended="whole",
        text=together, calls=[{"name": text, "arguments": text} for text in words], finish_reason=words[6][:20],
    )  # fmt: skip
    return review


def shapes(client, user, words: list[str]) -> list[list[tuple[str, tuple[str, ...]]]]:
    user.name = words[3][:100]
    user.save()
    client.post("/staff/reason/", {"reason": (REASON + words[4])[:200]})
    review = furnished(user, words)
    drawn = [client.get(page.format(call=review.pk)).content.decode() for page in PAGES]
    review.call.made_for.delete()
    Label.objects.all().delete()
    return [Shape(html).seen for html in drawn]


def test_no_words_make_an_element_or_an_attribute_on_the_pages_for_staff(client, tom, sam):
    client.force_login(sam)
    harmless = shapes(client, tom, ["harmless words"] * len(VECTORS))
    for turn in range(0, len(VECTORS), len(VECTORS) // 4):
        assert shapes(client, tom, VECTORS[turn:] + VECTORS[:turn]) == harmless
