"""The settings page: what a user decides about how Floyd works for them."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_http_methods

from context.bounced import is_bounced
from context.choices import Voice
from context.mail_address import is_email_verified
from context.models import User
from context.preferences import fields_of, shown_groups
from context.preferences_form import USUAL_VOICE, PreferencesForm
from context.push import public_key
from context.signed_in import signed_in

SAVED = noop("Saved.")


@require_http_methods(["GET", "POST"])
@signed_in
def settings_page(request: HttpRequest) -> HttpResponse:
    """GET: all groups. POST: saves the group that is named, or all; the boxes of a refused one keep what was typed."""
    user: Any = request.user
    if request.method == "GET":
        return _page(request, user)
    key = request.POST.get("group", "")
    if not fields_of(key):
        return _page(request, user, status=422)
    # A row of its own: a refused form must not leave its values on the user whom the page shows.
    form = PreferencesForm(request.POST, instance=User.objects.get(pk=user.pk), group=key)
    if not form.is_valid():
        return _page(request, user, {key: form}, status=422)
    form.save()
    messages.success(request, SAVED)
    response = redirect("settings")
    response.status_code = 303
    response["Location"] += f"#{key}" if key else ""
    return response


def _page(request: HttpRequest, user: User, refused: dict[str, PreferencesForm] | None = None, status: int = 200) -> HttpResponse:
    refused = refused or {}
    groups = []
    for group in shown_groups():
        form = refused.get(group.key) or refused.get("") or PreferencesForm(instance=User.objects.get(pk=user.pk), group=group.key)
        groups.append((group, [form[name] for name in group.fields]))
    context = {
        "page": "settings",
        "groups": groups,
        "time_zones": sorted(available_timezones()),
        "refused": bool(refused),
        "push_key": public_key(),
        "devices": user.push_subscriptions.all(),
        "email_verified": is_email_verified(user),
        "email_bounced": is_bounced(user.email),
        "mail_from": settings.MAIL_FROM,
        "voices": [("usual", USUAL_VOICE), *Voice.choices],
    }
    return render(request, "context/settings.html", context, status=status)
