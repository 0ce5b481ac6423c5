"""Pages of single things that Floyd knows: one form each, the taps on them, and what was taken away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from context import selectors, services
from context.access import Row, own_one
from context.contact_details import details_shown, drop_detail
from context.errors import KnowledgeError, NotKnown
from context.kept_words import said
from context.known_kinds import ACTS, KINDS, Kind, Known, kind_of
from context.meanwhile import counting_now, shown_on, with_what_changed
from context.models import Contact, Fact, FactStatus
from context.provenance import came_from
from context.signed_in import signed_in
from context.user_lock import lock_user

#: A slip → what undoes it: a proposal that was refused waits for its answer again, it does not become true.
UNDONE_BY = {"retire": "restore", "reject": "reopen", "confirm": "reopen"}
#: What undoes a yes that retired another fact.
REINSTATE = "reinstate"
UNDOING = frozenset({*UNDONE_BY.values(), REINSTATE})
#: What is sent again so soon was not meant to be there twice.
SECOND_CLICK = timedelta(seconds=5)


def kind_named(name: str) -> Kind:
    """The kind that an address names.

    Raises:
        Http404: none.
    """
    if name not in KINDS:
        raise Http404("No such kind.")
    return KINDS[name]


def own_or_404(model: type[Row], request: HttpRequest, key: int) -> Row:
    """One of the user's own.

    Raises:
        Http404: there is none, or it is somebody else's.
    """
    try:
        return own_one(model, request.user, key)
    except NotKnown as error:
        raise Http404(str(error)) from None


def one(request: HttpRequest, kind: Kind, key: int) -> Any:
    """One of the user's own, of a kind. Raises Http404, see `own_or_404`."""
    return own_or_404(kind.model, request, key)


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """A form for a new thing, and the thing itself."""
    known, user = kind_named(kind), request.user
    if request.method == "GET":
        return _page(request, known, known.form(user=user))
    form = known.form(request.POST, user=user)
    if (row := _saved(form, lambda fields: _added_once(known, user, fields))) is None:
        return _page(request, known, form, status=422)
    return see_other(f"{reverse('knows')}#{anchor(row)}")


@transaction.atomic
def _added_once(kind: Kind, user: Any, fields: dict[str, Any]) -> Known:
    """A new thing; a second click on the same button gives the first one."""
    lock_user(user.pk)
    same = {name: fields[name] for name in kind.told_by}
    just_now = timezone.now() - SECOND_CLICK
    twin: Known | None = kind.model.objects.filter(user=user, status=FactStatus.CONFIRMED, created_at__gt=just_now, **same).first()
    return twin or kind.add(user=user, **fields)


@require_http_methods(["GET", "POST"])
@signed_in
def item(request: HttpRequest, kind: str, key: int) -> HttpResponse:
    """One thing, with where it comes from and what it replaced; and its changes."""
    known = kind_named(kind)
    user: Any = request.user
    try:
        row = one(request, known, key)
    except Http404:
        if request.method == "GET":
            raise
        return _gone(request, known)
    if request.method == "GET":
        return _page(request, known, known.form(initial=known.shown(row), user=user), row)
    with transaction.atomic():
        lock_user(user.pk)
        row = counting_now(one(request, known, key))
        form = with_what_changed(known, row, user, request.POST)
        was_yes = row.status == FactStatus.PROPOSED
        back = undone_by(row, "confirm" if was_yes else "retire")
        changed = _saved(form, lambda fields: known.change(_counting(row), **fields))
    if changed is None:
        return _page(request, known, form, row, status=422)
    undo = f"?undo={known.name}-{row.pk}&by={back}" if was_yes or changed.pk != row.pk else ""
    return see_other(f"{reverse('knows')}{undo}#{anchor(changed)}")


def _gone(request: HttpRequest, kind: Kind) -> HttpResponse:
    """What was typed about a thing that is there no more: the form of a new one, which may be saved."""
    form = kind.form(request.POST, user=request.user)
    form.is_valid()
    form.add_error(None, _("This was deleted for good in another window, so nothing was saved. Save again to keep it as a new one."))
    return _page(request, kind, form, status=404)


def _counting(row: Known) -> Known:
    """The row; what was taken away, and is saved by somebody who knows that, counts again."""
    if row.status == FactStatus.RETIRED:
        services.restore(row=row)
        row.refresh_from_db()
    return row


def undone_by(row: Known, verb: str) -> str:
    """What undoes an act that is about to be done; empty: nothing."""
    replaces = isinstance(row, Fact) and row.supersedes is not None and row.supersedes.status == FactStatus.CONFIRMED
    return REINSTATE if verb == "confirm" and replaces else UNDONE_BY.get(verb, "")


def _saved(form: forms.Form, save: Any) -> Known | None:
    """What was saved; None when the form or the service refuses, with the reason at the field."""
    if not form.is_valid():
        return None
    try:
        saved: Known = save(form.cleaned_data)
    except KnowledgeError as error:
        form.add_error(error.field if error.field in form.fields else None, said(str(error)))
        return None
    return saved


def _page(request: HttpRequest, kind: Kind, form: forms.Form, row: Known | None = None, status: int = 200) -> HttpResponse:
    context = {
        "page": "knows",
        "kind": kind,
        "form": form,
        "row": row,
        "shown": shown_on(kind.form(initial=kind.shown(row), user=request.user), row) if row else "",
        "source": came_from(row) if row else None,
        "details": details_shown(row) if isinstance(row, Contact) else (),
        "history": selectors.history(row) if isinstance(row, Fact) else (),
    }
    return render(request, "context/item.html", context, status=status)


@require_POST
@signed_in
def act(request: HttpRequest, kind: str, key: int, verb: str) -> HttpResponse:
    """One tap: yes, no, take away, bring back, delete for good."""
    if verb not in ACTS:
        raise Http404("No such act.")
    known = kind_named(kind)
    row = one(request, known, key)
    back = undone_by(row, verb)
    try:
        done = ACTS[verb](row=row)
    except KnowledgeError as error:
        messages.warning(request, str(error))
        return see_other("knows")
    undoable = bool(done) and back
    if request.headers.get("HX-Request") == "true":
        # The page is pushed the change; what is shown here is the way back.
        if undoable:
            return render(request, "components/toast.html", {"undo": {"kind": known, "row": row, "verb": back}})
        # An empty answer takes the way back from the page, no answer leaves everything as it is.
        return HttpResponse("") if verb in UNDOING else HttpResponse(status=204)
    if verb == "delete":
        return see_other("knows-gone")
    return see_other(reverse("knows") + (f"?undo={known.name}-{row.pk}&by={back}" if undoable else ""))


@require_POST
@signed_in
def forget_detail(request: HttpRequest, key: int, place: int) -> HttpResponse:
    """Takes back a detail that a call brought; the one that was shown, or none."""
    contact = one(request, KINDS["contacts"], key)
    drop_detail(contact=contact, place=place, at=request.POST.get("at", ""))
    return see_other(reverse("known", args=["contacts", key]))


@require_GET
@signed_in
def taps(request: HttpRequest, kind: str, key: int) -> HttpResponse:
    """The buttons of a proposal, for a page that was pushed it."""
    known = kind_named(kind)
    row = one(request, known, key)
    if row.status != FactStatus.PROPOSED:
        return HttpResponse("")
    return render(request, "context/parts/taps.html", {"row": row, "kind": known})


@require_http_methods(["GET", "POST"])
@signed_in
def sharing(request: HttpRequest, key: int) -> HttpResponse:
    """Whether a callee may hear a fact: the switch in the list, by itself for a page that was pushed the fact; and a tap on it."""
    fact = one(request, KINDS["facts"], key)
    if request.method == "GET":
        return render(request, "context/parts/sharing.html", {"fact": fact})
    try:
        changed = services.set_sensitivity(fact=fact, sensitivity=request.POST.get("sensitivity", ""))
    except KnowledgeError as error:
        messages.warning(request, str(error))
        return see_other("knows")
    if request.headers.get("HX-Request") == "true":
        return render(request, "context/parts/tapped.html", {"was": fact, "fact": changed, "tapped": True})
    return see_other(f"{reverse('knows')}#{anchor(changed)}")


@require_GET
@signed_in
def gone(request: HttpRequest) -> HttpResponse:
    """What was taken away: to bring back, or to delete for good."""
    user: Any = request.user
    groups = [{"kind": kind, "rows": selectors.taken_away(kind.model, user)[: selectors.MOST_SHOWN]} for kind in KINDS.values()]
    return render(request, "context/gone.html", {"page": "knows", "groups": groups, "any_gone": any(group["rows"] for group in groups)})


def undo_of(request: HttpRequest) -> dict[str, Any] | None:
    """What the address offers to undo: something of the user's that was just taken away, or said yes to."""
    name, _, key = request.GET.get("undo", "").partition("-")
    if name not in KINDS or not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    try:
        row = own_one(KINDS[name].model, request.user, key)
    except NotKnown:
        return None
    replaced = isinstance(row, Fact) and row.superseded_by.filter(status=FactStatus.CONFIRMED).exists()
    verb = by if (by := request.GET.get("by")) in UNDOING else "restore"
    # Only what was retired can be restored; a yes is taken back from what counts, or from what its user's own words took the place of.
    undoable = row.status == FactStatus.RETIRED or (row.status == FactStatus.CONFIRMED and verb != "restore")
    return {"row": row, "kind": KINDS[name], "replaced": replaced, "verb": verb} if undoable else None


def anchor(row: Known) -> str:
    """Its place on the page of what Floyd knows."""
    return f"{ {'facts': 'fact', 'contacts': 'contact', 'calendar': 'entry'}[kind_of(row).name] }-{row.pk}"


def see_other(to: str) -> HttpResponse:
    """Redirects after a POST, so that loading the page again sends nothing again."""
    response = redirect(to)
    response.status_code = 303
    return response
