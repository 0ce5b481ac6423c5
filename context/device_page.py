"""The page of devices: allauth's, with names and a button for each."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from context import devices
from context.errors import NotKnown
from context.signed_in import signed_in


class Devices(ListUserSessionsView):  # type: ignore[misc]
    """Where the user is signed in, this device first, then what was used last."""

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        """The sessions, each with the name of its device."""
        context: dict[str, Any] = super().get_context_data(**named)
        ordered = sorted(context["sessions"], key=lambda session: (session.is_current(), session.last_seen_at), reverse=True)
        return context | {"devices": [(session, devices.in_words(session.user_agent)) for session in ordered]}


@require_POST
@signed_in
def end_device(request: HttpRequest, pk: int) -> HttpResponse:
    """Signs one of the user's other browsers out."""
    user: Any = request.user
    try:
        devices.end(user=user, pk=pk, own_key=request.session.session_key or "")
    except NotKnown as error:
        raise Http404(str(error)) from None
    messages.success(request, _("Signed out there."))
    return redirect("usersessions_list")


list_devices = signed_in(Devices.as_view())
