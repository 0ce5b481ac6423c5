"""Every page, on a phone in German, whose words are longer, and on a desk: accessible by day and by night, steady, fit for a finger, light."""

from __future__ import annotations

import pytest

from context.models import User
from tests.browser.every_page import ADMIN, COMPONENTS, OUTSIDE, as_staff, pages_of, staff_pages
from tests.browser.examining import HEAVIEST, Scales, accessible, examine, wide
from tests.browser.furnished import furnish
from tests.browser.sandbox_pages import SANDBOX, running_sandbox
from tests.cast import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
WINDOWS = [pytest.param(390, "de-DE", id="phone"), pytest.param(1280, "en-CA", id="desk")]


def window(width: int, language: str) -> dict[str, object]:
    return {"viewport": {"width": width, "height": 844}, "locale": language}


def look(page, pages: dict[str, str], *, heaviest: int = HEAVIEST) -> list[str]:
    """What is wrong with any of them."""
    scales, found = Scales(page), list[str]()
    for name, path in pages.items():
        found += examine(page, name, path)
        found += [f"{name}: weighs {size}" for size in (scales.weigh(),) if not 20_000 < size < heaviest]
        found += accessible(page, name)
        scales.weigh()
    return found


@pytest.mark.parametrize(("width", "language"), WINDOWS)
def test_pages_of_a_person(open_browser, tom, width, language):
    User.objects.filter(pk=tom.pk).update(page_language=language[:2])
    page = open_browser(tom, **window(width, language))
    found = look(page, pages_of(furnish(tom)))
    assert found == [], chr(10).join(found)


@pytest.mark.parametrize(("width", "language"), WINDOWS)
def test_pages_for_who_is_not_signed_in(on_the_sandbox, open_browser, width, language):
    found = look(open_browser(**window(width, language)), OUTSIDE | COMPONENTS)
    assert found == [], chr(10).join(found)


@pytest.mark.parametrize(("width", "language"), WINDOWS)
def test_pages_of_staff(open_browser, tom, sam, width, language):
    User.objects.filter(pk=sam.pk).update(page_language=language[:2])
    pages = staff_pages(furnish(tom), sam)
    found = look(as_staff(open_browser, sam, **window(width, language)), pages)
    assert found == [], chr(10).join(found)


@pytest.mark.parametrize(("width", "language"), WINDOWS)
def test_pages_of_the_admin(open_browser, tom, width, language):
    furnish(tom)
    page = as_staff(open_browser, User.objects.create_superuser("root@floyd.example", PASSWORD, name="Root"), **window(width, language))
    # How much it loads, and how small its links are, is Django's.
    found = [one for name, path in ADMIN.items() for one in (*wide(page, name, path), *accessible(page, name))]
    assert found == [], chr(10).join(found)


@pytest.mark.parametrize(("width", "language"), WINDOWS)
def test_pages_of_the_sandbox(open_browser, width, language):
    with running_sandbox() as sandbox:
        page = open_browser(**window(width, language))
        found = look(page, {name: f"{sandbox}{path}" for name, path in SANDBOX.items()}, heaviest=2 * HEAVIEST)
        page.close()  # before what it asks all the time is gone
    assert found == [], chr(10).join(found)
