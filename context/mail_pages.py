"""The pages about mail: connecting a mailbox, the own address at Floyd, and what a mail said."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from context import mailboxes
from context.bounced import try_again
from context.mail_address import forwarding_address, renew_forwarding_address
from context.mail_models import Mail, Mailbox
from context.mailbox_form import MailboxForm
from context.models import CalendarEntry, Contact, Fact, User
from context.signed_in import signed_in

MOST_SHOWN = 30


@require_http_methods(["GET", "POST"])
@signed_in
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
def mailbox(request: HttpRequest) -> HttpResponse:
    """GET: what is connected, and what was read. POST: connects, after trying it; it takes the password of the account again."""
    user: Any = request.user
    known = mailboxes.mailbox_of(user)
    if request.method == "GET":
        return _page(request, user, _form_of(known))
    form = MailboxForm(request.POST, known=known)
    if not form.is_valid():
        return _page(request, user, form, status=422)
    mailboxes.connect(user=user, given=form.cleaned_data)
    messages.success(request, noop("Connected. Floyd reads what is there, and changes nothing."))
    return _see_other("mailbox")


@require_POST
@signed_in
def disconnect(request: HttpRequest) -> HttpResponse:
    """Forgets the mailbox and its password, and with `mails` what was read as well."""
    user: Any = request.user
    mailboxes.disconnect(user=user, mails=bool(request.POST.get("mails")))
    messages.success(request, noop("Floyd reads your mailbox no more."))
    return _see_other("mailbox")


@require_POST
@signed_in
def renew_address(request: HttpRequest) -> HttpResponse:
    """Another address in place of the one that strangers found out."""
    user: Any = request.user
    renew_forwarding_address(user)
    return _see_other("mailbox")


@require_GET
@signed_in
def mail(request: HttpRequest, mail_id: int) -> HttpResponse:
    """What a mail said: its words only, and what Floyd made of them."""
    user: Any = request.user
    row = Mail.objects.filter(user=user, pk=mail_id).first()
    if row is None:
        raise Http404
    mine = {"user": user, "source_ref": f"mail:{row.pk}"}
    learned = [*Fact.objects.filter(**mine), *Contact.objects.filter(**mine), *CalendarEntry.objects.filter(**mine)]
    return render(request, "context/mail.html", {"page": "knows", "mail": row, "learned": learned})


@require_POST
@signed_in
def write_again(request: HttpRequest) -> HttpResponse:
    """Mail goes to the user's address again: they say that it arrives there."""
    user: Any = request.user
    try_again(user.email)
    response = _see_other("settings")
    response["Location"] += "#telling"
    return response


def _form_of(known: Mailbox | None) -> MailboxForm:
    if known is None:
        return MailboxForm()
    shown = {name: getattr(known, name) for name in ("host", "port", "username")}
    return MailboxForm(initial={**shown, "folders": ", ".join(known.folders)}, known=known)


def _page(request: HttpRequest, user: User, form: MailboxForm, status: int = 200) -> HttpResponse:
    context = {
        "page": "settings",
        "form": form,
        "mailbox": form.known,
        "address": forwarding_address(user),
        "mails": Mail.objects.filter(user=user).defer("text")[:MOST_SHOWN],
    }
    return render(request, "context/mailbox.html", context, status=status)


def _see_other(name: str) -> HttpResponse:
    response = redirect(name)
    response.status_code = 303
    return response
