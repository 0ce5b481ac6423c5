"""Pages about requests. Each translates and calls; what may be done is decided by `access` and `services`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext_noop as noop
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from context import unsent
from context.signed_in import signed_in
from requests_app import access, page_parts, retention, services
from requests_app.detail import buttons, detail
from requests_app.errors import Conflict, InvalidAsk, NeedsReason, NotFound, NotPossibleNow
from requests_app.forms import AskForm
from requests_app.intake import MAX_ASK_LENGTH
from requests_app.listing import last_messages, linked_to, live_topics, open_questions, request_list
from requests_app.models import Channel, Question, QuestionStatus
from requests_app.services import Taken

#: Where the session keeps the words of a request that was taken back, or that another app shared.
TAKEN_BACK = "taken_back"
#: A browser that goes back fills the box again with what was sent from it: so many of the last asks are told to the page, which empties it then.
MOST_SENT = 6
EXAMPLES = (noop("Call the school, my daughter is sick today."), noop("When's my next dentist appointment?"), noop("Order some flowers for my wife."))


def page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page for signed-in people; what is not theirs does not exist, except that staff are asked why they want to see it."""

    @wraps(view)
    def found(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        try:
            return view(request, *arguments, **named)
        except NeedsReason as error:
            if _by_htmx(request):
                raise Http404(noop("Not open now.")) from None
            return redirect("look", str(error))
        except NotFound as error:
            raise Http404(str(error)) from None

    return signed_in(found)


def _listing(request: HttpRequest) -> dict[str, Any]:
    shown = request_list(request.user)  # type: ignore[arg-type]
    return {"now": shown.now, "lately": shown.lately, "page": "requests"}


def _home(request: HttpRequest, form: AskForm, status: int = 200) -> HttpResponse:
    topics = live_topics(f"user.{request.user.pk}")
    listing = _listing(request)
    context = {
        **listing,
        "form": form,
        "sent": json.dumps([wish.ask for wish in (*listing["now"], *listing["lately"])[:MOST_SENT]]),
        "open_questions": open_questions(request.user),  # type: ignore[arg-type]
        "thread": last_messages(request.user, most=8),  # type: ignore[arg-type]
        "live_topics": topics,
        "examples": EXAMPLES,
    }
    return render(request, "requests_app/home.html", context, status=status)


@require_GET
@page
def home(request: HttpRequest) -> HttpResponse:
    """What needs you, the box to say what you want, and your requests."""
    # What was taken back a moment ago is there to be changed; so is what another app shared with Floyd, or an example.
    # And what could not be taken, as nobody was signed in any more.
    kept = unsent.take(request, to=resolve_url("requests"))
    ask_again = request.session.pop(TAKEN_BACK, "") or (kept and kept.value("ask")) or shared_words(request.GET)
    return _home(request, AskForm.blank(ask_again))


def shared_words(given: Mapping[str, str]) -> str:
    """What is brought for the box: an example by its address, or title, text and link of something that was shared, each once."""
    parts = (given.get(name, "").strip() for name in ("title", "ask", "url"))
    return "\n".join(dict.fromkeys(part for part in parts if part))


@csrf_exempt
@require_http_methods(["GET", "POST"])
def shared(request: HttpRequest) -> HttpResponse:
    """Text that another app shares (`share_target`): into the box, by way of the session, so that it stands in no address, history or log.

    The browser itself sends it, which knows no token of ours. Another site that sends something gets nowhere near the session.
    Whoever comes here by an address, say by going back, is at home.
    """
    if request.method == "GET":
        return see_other("home")
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        raise PermissionDenied
    request.session[TAKEN_BACK] = shared_words(request.POST)[:MAX_ASK_LENGTH]
    return see_other("home")


def asked_signed_out(request: HttpRequest) -> HttpResponse:
    """Their session ended while they wrote: behind the sign-in, the words are in the box again."""
    unsent.keep(request)
    return redirect_to_login(resolve_url("home"))


@page
def ask(request: HttpRequest) -> HttpResponse:
    """Takes a request, and shows it. What is wrong with it is said beside the text, which stays."""
    form = AskForm(request.POST)
    text = request.POST.get("ask", "")
    if not form.is_valid():
        return _home(request, AskForm.refused(text, noop("That did not arrive whole. Please send it again.")), status=422)
    try:
        wish = services.create_request(
            user=request.user,  # type: ignore[arg-type]
            ask=text,
            channel=Channel(form.cleaned_data["channel"]),
            client_key=form.cleaned_data["client_key"],
        )
    except InvalidAsk as error:
        return _home(request, AskForm.refused(text, str(error)), status=422)
    except Conflict:
        why = noop("You sent this form before, with other words. Send it again to make this a request of its own.")
        return _home(request, AskForm.refused(text, why), status=409)
    return see_other("request", wish.pk)


def see_other(name: str, *arguments: Any) -> HttpResponse:
    """Redirects after a POST, so that loading the page again sends nothing again."""
    response = redirect(name, *arguments)
    response.status_code = 303
    return response


@require_GET
@page
def request_page(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request: what was asked, where it stands, the plan, the calls, what came of it."""
    topics = live_topics(f"request.{request_id}", f"user.{request.user.pk}")
    wish = access.get_request(request.user, request_id)
    own = wish.user_id == request.user.pk
    context = {
        **_listing(request),
        **detail(wish),
        **buttons(wish, request.user),  # type: ignore[arg-type]
        "live_topics": topics,
        "look": access.look_of(request.user, wish),
        "look_minutes": int(access.STAFF_LOOK.total_seconds() // 60),
        "questions": wish.questions.select_related("request__user") if own else [],
        "linked": linked_to(wish) if own else [],
        "events": wish.events.all(),
        "thread": wish.messages.filter(user=wish.user, copy_of=None).order_by("created_at", "pk") if own else [],
        "thread_id": f"thread-{wish.pk}",
        "parts": page_parts.render(wish),
    }
    return render(request, "requests_app/request.html", context)


@require_GET
@page
def actions(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The buttons of a request, for a page that was pushed a new status."""
    wish = access.get_request(request.user, request_id)
    return render(request, "requests_app/parts/buttons.html", buttons(wish, request.user))  # type: ignore[arg-type]


@require_POST
@page
def stop(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Stops a request."""
    return _act(request, request_id, services.stop_request)


@require_POST
@page
def retry(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Starts an ended request again."""
    return _act(request, request_id, services.retry_request)


@require_POST
@page
def undo(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Takes back what was just sent; its words are in the box again."""
    wish = access.own_request(request.user, request_id)
    try:
        request.session[TAKEN_BACK] = services.undo_request(request_id=wish.pk, user=request.user)  # type: ignore[arg-type]
    except NotPossibleNow as error:
        messages.warning(request, str(error))
        return see_other("request", wish.pk)
    return see_other("home")


@require_POST
@page
def call_now(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Does at once what waits for its time; `though_closed`, also when they are listed as closed."""
    return _act(request, request_id, services.call_now, though_closed=bool(request.POST.get("though_closed")))


@require_POST
@page
def not_today(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Puts off to tomorrow what waits for its time."""
    return _act(request, request_id, services.not_today)


@require_GET
@page
def keeping(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """How long a request is kept, for a page that was pushed a change of it: the button needs its viewer."""
    wish = access.get_request(request.user, request_id)
    context = {"wish": wish, "own": wish.user_id == request.user.pk, "goes_at": retention.goes_at(wish)}
    return render(request, "requests_app/parts/keep.html", context)


@require_POST
@page
def keep(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Keeps a request for good; with `let_go`, until its time comes."""
    return _act(request, request_id, services.keep, kept="let_go" not in request.POST)


def _act(request: HttpRequest, request_id: UUID, service: Callable[..., Any], **options: bool) -> HttpResponse:
    wish = access.own_request(request.user, request_id)
    try:
        service(request_id=wish.pk, user=request.user, **options)
    except NotPossibleNow as error:
        messages.warning(request, str(error))
        return HttpResponse(status=204, headers={"HX-Refresh": "true"}) if _by_htmx(request) else see_other("request", wish.pk)
    # A page with scripts is pushed the change; one without is loaded again.
    return HttpResponse(status=204) if _by_htmx(request) else see_other("request", wish.pk)


def _by_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


@require_http_methods(["GET", "POST"])
@page
def answer(request: HttpRequest, question_id: UUID) -> HttpResponse:
    """GET: the form, for a page that was pushed the question. POST: takes the answer."""
    question = access.own_question(request.user, question_id)
    if request.method == "GET":
        return _question_form(request, question) if _by_htmx(request) else redirect("request", question.request_id)
    text = request.POST.get("choice") or request.POST.get("text", "")
    return _answered(request, question, services.answer_question(question_id=question.pk, text=text, by="page"), text)


@require_POST
@page
def confirm(request: HttpRequest, question_id: UUID) -> HttpResponse:
    """The tap that grants more than a text message may: the amount that the button names, and no other."""
    question = access.own_question(request.user, question_id)
    named = request.POST.get("amount_minor", "")
    amount_minor = int(named) if named.isascii() and named.isdigit() and len(named) < 19 else -1
    result = services.confirm_answer(question_id=question.pk, user=request.user, amount_minor=amount_minor)  # type: ignore[arg-type]
    return _answered(request, question, result, "")


def _answered(request: HttpRequest, question: Question, result: services.AnswerResult, typed: str) -> HttpResponse:
    understood = result.taken in (Taken.ANSWERED, Taken.NEEDS_TAP)
    if _by_htmx(request):
        return HttpResponse(status=204) if understood else _question_form(request, result.question, trouble=result.text, typed=typed)
    if not understood:
        messages.warning(request, result.text)
    return see_other("request", question.request_id)


def _question_form(request: HttpRequest, question: Question, trouble: str = "", typed: str = "") -> HttpResponse:
    open_now = question.status in (QuestionStatus.OPEN, QuestionStatus.CONFIRMING)
    if not open_now:
        return render(request, "components/question_closed.html", {"trouble": trouble})
    context = {"question": question, "trouble": trouble, "typed": typed}
    return render(request, "components/question_form.html", context, status=422 if trouble else 200)


@require_GET
@page
def texts(request: HttpRequest) -> HttpResponse:
    """The user's text messages with Floyd, and what waits for an answer."""
    topics = live_topics(f"user.{request.user.pk}")
    context = {
        **_listing(request),
        "page": "texts",
        "open_questions": open_questions(request.user),  # type: ignore[arg-type]
        "thread": last_messages(request.user),  # type: ignore[arg-type]
        "thread_id": "thread",
        "live_topics": topics,
    }
    return render(request, "requests_app/texts.html", context)
