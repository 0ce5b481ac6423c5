"""Every page there is, by name: those of the access table, and those that one route shows in several states."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from context.models import User
from tests.browser.furnished import Furnished
from tests.browser.queue import in_the_queue
from tests.calls.review.scene import REASON
from tests.requests_app.test_page_access import PAGES, ROLES

OWNER = ROLES.index("owner")
#: Pages for whoever is not signed in.
OUTSIDE = {
    "sign-in": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "sign-in-by-code": "/accounts/login/code/",
    "forgotten-password": "/accounts/password/reset/",
    "offline": "/offline/",
    "not-found": "/nothing/",
}
#: What pages are made of.
COMPONENTS = {"components": "/_components/"}
#: Pages of Django's admin, for whoever may do everything.
ADMIN = {
    "admin": "/admin/",
    "admin-people": "/admin/context/user/",
    "admin-requests": "/admin/requests_app/request/",
    "admin-reviews": "/admin/calls/review/",
    "admin-use-cases": "/admin/use_cases/usecase/",
}


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
        "devices": "/accounts/sessions/",
        "passkeys": "/accounts/2fa/webauthn/",
        "authenticator": "/accounts/2fa/totp/activate/",
        "controls": reverse("call-controls", args=[account.calling.calls.get().pk]),
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
        "staff-questions": reverse("staff-questions", args=[call.pk]),
        "staff-reason": reverse("staff-reason"),
        "staff-hand-offs": reverse("staff-hand-offs"),
        "staff-look": reverse("look", args=[account.done.pk]),
    }


def as_staff(open_browser: Callable[..., Page], staff: User, **options: Any) -> Page:
    """A browser of staff who said why they read."""
    page = open_browser(staff, **options)
    page.goto("/staff/reason/")
    page.locator("main form input[type=text], main form textarea").first.fill(REASON)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/")
    return page


def _is_page(client: Client, path: str) -> bool:
    response = client.get(path)
    if response.status_code != 200 or response.streaming or not response.headers["Content-Type"].startswith("text/html"):
        return False
    return b"<html" in response.content[:400]
