"""Every page there is, by name: those of the access table, and those that one route shows in several states."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from context.models import User
from tests.browser.furnished import Furnished
from tests.browser.queue import in_the_queue
from tests.requests_app.test_page_access import PAGES, ROLES

OWNER = ROLES.index("owner")
#: Pages for whoever is not signed in.
OUTSIDE = {"sign-in": "/accounts/login/", "not-found": "/nothing/"}


def pages_of(account: Furnished) -> dict[str, str]:
    """name → address of every whole page that Tom sees. What answers with a file or a part of a page is none."""
    listed = [name for method, name in PAGES if method == "GET" and PAGES[method, name][OWNER] == 200]
    found = {name: account.path(name) for name in dict.fromkeys(listed)}
    found |= {
        "request": f"/requests/{account.done.pk}/",
        "request-on-the-phone": f"/requests/{account.calling.pk}/",
        "request-with-a-question": f"/requests/{account.asking.pk}/",
        "request-scheduled": f"/requests/{account.planned.pk}/",
        "request-listed-as-closed": f"/requests/{account.closed.pk}/",
        "plan": account.path("plan"),
        "password": "/accounts/password/change/",
        "second-factor": "/accounts/2fa/",
        "email": "/accounts/email/",
    }
    client = Client()
    client.force_login(account.user)
    return {name: path for name, path in sorted(found.items()) if path and _is_page(client, path)}


def staff_pages(account: Furnished, staff: User) -> dict[str, str]:
    """name → address of the pages for staff, with calls in their queue. Calls are read after a reason was given."""
    call = in_the_queue(account, staff)
    return {
        "staff-calls": reverse("staff-calls"),
        "staff-call": reverse("staff-call", args=[call.pk]),
        "staff-turn": reverse("staff-turn", args=[call.pk, 8]),
        "staff-quality": reverse("staff-quality"),
        "staff-look": reverse("look", args=[account.done.pk]),
    }


def _is_page(client: Client, path: str) -> bool:
    response = client.get(path)
    if response.status_code != 200 or response.streaming or not response.headers["Content-Type"].startswith("text/html"):
        return False
    return b"<html" in response.content[:400]
