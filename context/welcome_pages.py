"""The first page of a newcomer: their phone, a few questions, something to try. All of it can be skipped, and found again later."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from context import interview
from context.item_pages import see_other
from context.signed_in import signed_in

IS_NEW = "is_new"


def is_new(request: HttpRequest) -> bool:
    """Whether the user has begun with this page and not left it yet."""
    return bool(request.session.get(IS_NEW))


@require_http_methods(["GET", "POST"])
@signed_in
def welcome(request: HttpRequest) -> HttpResponse:
    """GET: the page. POST: answers to the questions; those that are empty are asked again another time."""
    user: Any = request.user
    request.session[IS_NEW] = True
    questions = interview.first_questions(user)
    if request.method == "GET":
        context = {"page": "welcome", "questions": questions, "first_request": _(settings.FIRST_REQUEST), "texts": bool(settings.TWILIO_NUMBER)}
        return render(request, "context/welcome.html", context)
    given = {question: " ".join(request.POST.get(question.key, "").replace("\x00", "").split())[:500] for question in questions}
    answered = [interview.answer_words(question=question, words=words) for question, words in given.items() if words]
    if any(answered):
        messages.success(request, _("Thank you. You find it under “What Floyd knows”."))
    return see_other("welcome")


@require_http_methods(["POST"])
@signed_in
def done(request: HttpRequest) -> HttpResponse:
    """Leaves the page for good, with the first request in the box if they want to try it."""
    request.session.pop(IS_NEW, None)
    response = see_other("home")
    if "try" in request.POST:
        response["Location"] += "?" + urlencode({"ask": _(settings.FIRST_REQUEST)})
    return response
