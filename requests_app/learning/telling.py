"""The box in which people tell Floyd something to remember, and what is shown before it is saved."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_http_methods, require_POST

from context.item_pages import see_other
from context.models import Sensitivity
from context.signed_in import signed_in
from requests_app.errors import InvalidAsk
from requests_app.learning.form import Relation
from requests_app.learning.grounded import LENGTHS, MOST, Learned
from requests_app.learning.quick_add import save as save_told
from requests_app.learning.quick_add import tell as take_words

KNOWN = noop("Floyd knew that already.")


@require_http_methods(["GET", "POST"])
@signed_in
def tell(request: HttpRequest) -> HttpResponse:
    """Takes plain words: saves what is clear, and shows what is not."""
    if request.method == "GET":
        return redirect("knows")
    user: Any = request.user
    try:
        told = take_words(user=user, words=request.POST.get("words", ""))
    except InvalidAsk as error:
        messages.warning(request, str(error))
        return see_other("knows")
    if told.unsure:
        return _look(request, told.unsure)
    statements = "; ".join(fact.statement for fact in told.saved)
    messages.success(request, noop("Floyd remembers: %(statements)s.") % {"statements": statements} if told.saved else KNOWN)
    return see_other("knows")


def _look(request: HttpRequest, facts: list[Learned]) -> HttpResponse:
    context = {"page": "knows", "facts": facts, "sensitivities": Sensitivity.choices}
    return render(request, "requests_app/told.html", context)


@require_POST
@signed_in
def save(request: HttpRequest) -> HttpResponse:
    """Saves what the user has looked at, as they left it."""
    user: Any = request.user
    saved = save_told(user=user, facts=[fact for place in range(MOST) if (fact := _sent(request, place)) is not None])
    messages.success(request, _saved_in_words(len(saved)))
    return see_other("knows")


def _sent(request: HttpRequest, place: int) -> Learned | None:
    """One row of the form; None when its box is empty or was not ticked."""
    sent = {
        name: " ".join(request.POST.get(f"{name}-{place}", "").replace("\x00", "").split()) for name in (*LENGTHS, "sensitivity", "keep", "known")
    }
    if not sent["keep"] or not sent["statement"]:
        return None
    sensitivity = Sensitivity(sent["sensitivity"]) if sent["sensitivity"] in Sensitivity.values else Sensitivity.ASK_FIRST
    known = int(sent["known"]) if sent["known"].isascii() and sent["known"].isdigit() and len(sent["known"]) < 18 else None
    texts = {name: sent[name][:length] for name, length in LENGTHS.items()}
    return Learned(**texts, sensitivity=sensitivity, relation=Relation.CORRECTS if known else Relation.NEW, known=known)


def _saved_in_words(count: int) -> str:
    if not count:
        return noop("Nothing was saved.")
    return noop("Floyd remembers 1 thing.") if count == 1 else noop("Floyd remembers %(count)s things.") % {"count": count}
