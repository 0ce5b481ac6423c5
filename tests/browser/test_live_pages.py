"""In a real browser, pages follow what happens without being loaded again."""

from __future__ import annotations

import re
import time

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Route, expect

from calls.conversation.brief import CallBrief
from calls.models import Call, Speaker, TranscriptLine, Turn
from calls.status import CallStatus
from context.snapshot import take_snapshot
from live.publish import publish
from requests_app import services
from requests_app.life import record_event, topics
from requests_app.models import Question, Request
from requests_app.status import Status
from tests.cast import make_request
from tests.fakes import plan

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
MARK = "window.notLoadedAgain = true"


def brief(callee: str) -> dict[str, object]:
    return CallBrief(
        user_name="Tom Redmond", callee_name=callee, kind="inform", goal="", introduction="", opening_line="", success="", today=""
    ).to_json()


@transaction.atomic
def save(row, kind: str, *topic_names: str):
    row.save()
    publish(topics=list(topic_names), kind=kind, ref=row.pk)
    return row


@transaction.atomic
def delete(row, kind: str, *topic_names: str) -> None:
    publish(topics=list(topic_names), kind=kind, ref=row.pk)
    type(row).objects.filter(pk=row.pk).delete()


def change_request(wish: Request, **fields) -> None:
    with transaction.atomic():
        Request.objects.filter(pk=wish.pk).update(**fields)
        publish(topics=topics(wish.pk, wish.user_id), kind="request", ref=wish.pk)


def make_call(wish: Request, **fields) -> Call:
    call = Call(request=wish, user=wish.user, attempt=1, number="+15195550110", brief=brief("Brock Road School"), **fields)
    with transaction.atomic():
        call.save(force_insert=True)
        publish(topics=[f"call.{call.pk}", f"request.{wish.pk}"], kind="call", ref=call.pk)
    return call


def say(call: Call, seq: int, speaker: Speaker, text: str, **fields) -> TranscriptLine:
    new = TranscriptLine(call=call, seq=seq, start_ms=seq * 2000, end_ms=seq * 2000 + 900)
    line = TranscriptLine.objects.filter(call=call, seq=seq).first() or new
    line.speaker, line.text = speaker, text
    for name, value in fields.items():
        setattr(line, name, value)
    save(line, "line", f"call.{call.pk}", f"request.{call.request_id}")
    return line


def test_a_typed_request_is_sent_and_shown(open_browser, tom):
    page = open_browser(tom)
    page.get_by_label("What should Floyd do?").fill("Call the school, Mara is sick today.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Call the school, Mara is sick today.")).to_be_visible()
    expect(page.locator("main .pill").first).to_have_text("Waiting to start")
    assert Request.objects.get().channel == "web"


def test_a_request_is_followed_from_the_plan_to_the_outcome(open_browser, tom):
    wish = make_request(tom)
    page = open_browser(tom)
    page.goto(f"/requests/{wish.pk}/")
    page.evaluate(MARK)

    change_request(wish, status=Status.PLANNING, plan_text='{"kind":"inform","goal":"Tell the school that Mara')
    expect(page.get_by_text("Tell the school that Mara")).to_be_visible()
    expect(page.locator("main .pill").first).to_have_text("Planning")

    change_request(wish, status=Status.CALLING, attempt=1)
    call = make_call(wish, status=CallStatus.IN_PROGRESS)
    say(call, 1, Speaker.CALLEE, "hello brock", final=False)
    expect(page.locator(".line.partial")).to_contain_text("hello brock")
    say(call, 1, Speaker.CALLEE, "Hello, Brock Road School.", final=True)
    say(call, 2, Speaker.FLOYD, "Hi, this is Floyd.", intended="Hi, this is Floyd. I call for Tom.")
    expect(page.locator(".line")).to_have_count(2)
    expect(page.locator(".line.partial")).to_have_count(0)
    expect(page.locator(".line.floyd del")).to_have_text("I call for Tom.")
    save(Turn(call=call, seq=2, end_of_turn_ms=300, model_first_token_ms=350, whole_ms=650), "turn", f"request.{wish.pk}")
    page.get_by_text("Where the time of each turn went").click()
    expect(page.get_by_text("0.65 s")).to_be_visible()

    outcome = {"achieved": "yes", "summary": "The school knows.", "items": [{"kind": "told", "text": "Mara is sick", "lines": [1]}], "missing": []}
    change_request(wish, status=Status.DONE, outcome=outcome)
    expect(page.locator(".outcome .summary")).to_have_text("The school knows.")
    page.locator(".evidence").click()
    expect(page.locator(".line:target")).to_contain_text("Hello, Brock Road School.")
    expect(page.locator("#requests-lately a")).to_have_attribute("aria-current", "true")
    assert page.evaluate("window.notLoadedAgain")


def test_what_is_deleted_vanishes_by_itself(open_browser, tom):
    wish = make_request(tom, status=Status.CALLING, attempt=1)
    call = make_call(wish, status=CallStatus.COMPLETED)
    first, second = say(call, 1, Speaker.CALLEE, "Good morning."), say(call, 2, Speaker.FLOYD, "Hi, this is Floyd.")
    event = record_event(request_id=wish.pk, kind="note", text="The school rang back")
    page = open_browser(tom)
    page.goto(f"/requests/{wish.pk}/")
    page.evaluate(MARK)
    expect(page.locator(".line")).to_have_count(2)
    for row, kind in ((first, "line"), (event, "event")):
        delete(row, kind, f"request.{wish.pk}")
    expect(page.locator(".line")).to_have_count(1)
    expect(page.locator(".line")).to_contain_text("Hi, this is Floyd.")
    expect(page.locator(f"#event-{event.pk}")).to_have_count(0)
    delete(second, "line", f"request.{wish.pk}")
    delete(call, "call", f"request.{wish.pk}")
    expect(page.locator("section.call")).to_have_count(0)
    assert page.evaluate("window.notLoadedAgain")


def test_a_page_is_live_however_late_a_script_of_it_comes(open_browser, tom):
    def late(route: Route) -> None:
        time.sleep(0.5)
        route.continue_()

    page = open_browser(tom)
    page.route("**/vendor/hx-ws*", late)
    page.reload()
    expect(page.locator("body")).to_have_attribute("data-live", "current")


def test_a_question_appears_is_answered_and_disappears(open_browser, tom):
    wish = make_request(tom, status=Status.WAITING_FOR_USER)
    page = open_browser(tom)
    page.evaluate(MARK)
    question = services.ask_question(request=wish, kind="money", text="They want $60. How much may it cost?", step="dial")
    answer = page.get_by_label("Your answer")
    answer.fill("hmm")
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_text("I didn't understand an amount")).to_be_visible()
    expect(answer).to_have_value("hmm")
    answer.fill("up to $80")
    page.get_by_role("button", name="Answer").click()
    expect(page.locator(".question")).to_have_count(0)
    assert Question.objects.get(pk=question.pk).answer == {"amount_minor": 8000, "currency": "CAD"}
    assert page.evaluate("window.notLoadedAgain")


def test_who_reads_on_below_is_led_to_a_question_that_comes_and_to_the_outcome(open_browser, tom):
    wish = make_request(tom, status=Status.CALLING, attempt=1)
    call = make_call(wish, status=CallStatus.IN_PROGRESS)
    for seq in range(30):
        say(call, seq, Speaker.CALLEE, f"This is line {seq}.")
    page = open_browser(tom, viewport={"width": 390, "height": 700})
    page.goto(f"/requests/{wish.pk}/")
    page.wait_for_selector("body[data-live]", state="attached")
    page.get_by_text("This is line 29.").scroll_into_view_if_needed()
    question = services.ask_question(request=wish, kind="money", text="They want $60. How much may it cost?", step="dial")
    needed = page.get_by_role("link", name="Floyd needs you")
    needed.click()
    expect(page.locator(".question .words")).to_be_in_viewport()
    expect(needed).to_be_hidden()
    delete(question, "question", *topics(wish.pk, tom.pk))

    # And to what came of it, which stands above what is being read, until it was seen.
    page.get_by_text("This is line 29.").scroll_into_view_if_needed()
    change_request(wish, status=Status.DONE, outcome={"achieved": "yes", "summary": "The school knows.", "items": [], "missing": []})
    led = page.get_by_role("link", name="See what came of it")
    led.click()
    expect(page.locator(".outcome .summary")).to_be_in_viewport()
    expect(led).to_be_hidden()
    page.get_by_text("This is line 29.").scroll_into_view_if_needed()
    expect(page.locator(".outcome .summary")).not_to_be_in_viewport()
    expect(led).to_be_hidden()


def test_more_than_the_limit_needs_a_tap(open_browser, tom):
    wish = make_request(tom, status=Status.WAITING_FOR_USER)
    page = open_browser(tom)
    page.goto(f"/requests/{wish.pk}/")
    question = services.ask_question(request=wish, kind="money", text="How much may it cost?", step="dial")
    page.get_by_label("Your answer").fill("$560")
    page.get_by_role("button", name="Answer").click()
    page.get_by_role("button", name="Yes, up to $560").click()
    expect(page.locator(".question")).to_have_count(0)
    assert Question.objects.get(pk=question.pk).status == "answered"


def test_what_is_being_typed_survives_what_is_pushed(open_browser, tom):
    wish = make_request(tom, status=Status.WAITING_FOR_USER)
    services.ask_question(request=wish, kind="text", text="Which teacher?", step="plan")
    page = open_browser(tom)
    page.goto(f"/requests/{wish.pk}/")
    answer = page.get_by_label("Your answer")
    answer.fill("Ms. Li")
    publish(topics=topics(wish.pk, tom.pk), kind="question", ref=wish.questions.get().pk)
    services.record_event(request_id=wish.pk, kind="note", text="Something happened.")
    expect(page.get_by_text("Something happened.")).to_be_visible()
    expect(answer).to_have_value("Ms. Li")
    expect(answer).to_be_focused()


def test_a_page_catches_up_after_the_server_was_away(open_browser, site, tom):
    wish = make_request(tom)
    page = open_browser(tom)
    page.goto(f"/requests/{wish.pk}/")
    page.evaluate(MARK)
    expect(page.locator("body")).to_have_attribute("data-live", "current")
    site.stop()
    expect(page.get_by_text("The line to Floyd is down")).to_be_visible()
    change_request(wish, status=Status.PLANNING)
    services.record_event(request_id=wish.pk, kind="note", text="Missed, and made up for.")
    site.start()
    expect(page.get_by_text("Missed, and made up for.")).to_be_visible(timeout=15_000)
    expect(page.locator("main .pill").first).to_have_text("Planning")
    expect(page.get_by_text("The line to Floyd is down")).to_be_hidden()
    assert page.evaluate("window.notLoadedAgain")


def test_the_line_is_back_with_the_network(open_browser, tom):
    page = open_browser(tom)
    body = page.locator("body")
    expect(body).to_have_attribute("data-live", "current")
    page.context.set_offline(True)
    expect(page.get_by_text("The line to Floyd is down")).to_be_visible()
    page.wait_for_timeout(2_500)  # by now it is tried again seconds apart only
    page.context.set_offline(False)
    expect(page.get_by_text("The line to Floyd is down")).to_be_hidden(timeout=4_000)  # the next sign of life from the old line takes longer
    expect(body).to_have_attribute("data-live", "current")


def test_stop_and_try_again(open_browser, tom):
    wish = make_request(tom)
    page = open_browser(tom)
    page.goto(f"/requests/{wish.pk}/")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("main .pill").first).to_have_text("Cancelled")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("main .pill").first).to_have_text("Waiting to start")


def test_signing_out_elsewhere_ends_the_page(open_browser, tom):
    page = open_browser(tom)
    expect(page.locator("body")).to_have_attribute("data-live", "current")
    tom.set_password("another")
    tom.save()
    expect(page.get_by_text("You are signed out.")).to_be_visible(timeout=20_000)


def test_what_was_opened_stays_open_when_the_card_is_drawn_anew(open_browser, tom):
    taken = {**take_snapshot(user=tom, now=timezone.now(), ask="Order flowers."), "dealings": {}}
    callee = {"name": "Sweet Violet's", "kind": "florist", "contact_id": None}
    wanted = plan(kind="buy", goal="Order flowers.", callee=callee)
    wish = make_request(tom, ask="Order flowers.", status=Status.SCHEDULED, plan=wanted, snapshot=taken)
    page = open_browser(tom)
    page.goto(f"/requests/{wish.pk}/")
    page.get_by_text("Looked at and kept back").click()
    change_request(wish, status=Status.CALLING, plan={**wanted, "goal": "Order peonies."})
    expect(page.get_by_text("Order peonies.")).to_be_visible()
    expect(page.locator(f"#kept-{wish.pk} li").first).to_be_visible()


def test_a_page_that_gets_no_line_says_why(open_browser, tom):
    page = open_browser(tom)
    refusals = {4403: "This page is not open to you any more.", 4429: "Floyd is open in too many windows", 4400: "This page is out of date."}
    for code, words in refusals.items():
        page.route_web_socket(re.compile("/live/"), lambda socket, code=code: socket.close(code=code))
        page.reload()
        expect(page.get_by_text(words)).to_be_visible()
        expect(page.locator(".lifeline:visible")).to_have_count(1)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", ["/", "/texts/", "/knows/"])
def test_nothing_is_wider_than_the_window(open_browser, tom, width, path):
    make_request(tom, ask="w" * 300)
    page = open_browser(tom, viewport={"width": width, "height": 800})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_is_not_taken_stays_in_its_box_or_comes_back_behind_the_sign_in(open_browser, tom):
    wish = make_request(tom, status=Status.WAITING_FOR_USER)
    question = services.ask_question(request=wish, kind="text", text="Which bouquet?", step="plan")
    page = open_browser(tom)
    page.goto(f"/requests/{wish.pk}/")
    box = page.get_by_label("Your answer")
    box.fill("Peonies")
    page.route("**/questions/*/answer/", lambda route: route.fulfill(status=404, body="<h1>There is nothing here</h1>"))
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_text("Floyd did not take it.")).to_be_visible()
    expect(box).to_have_value("Peonies")
    page.unroute("**/questions/*/answer/")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Answer").click()
    page.wait_for_url(f"**/accounts/login/?next=/requests/{wish.pk}/")
    assert not Question.objects.filter(pk=question.pk).exclude(answered_at=None).exists()
