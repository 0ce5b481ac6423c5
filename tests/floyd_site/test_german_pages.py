"""Every page in German: nothing but somebody's words reads as it does in English."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils import translation

from context.kept_words import _catalogue
from context.models import User
from live.fragments import render
from tests.calls.review.scene import REASON
from tests.calls.review.test_escape import PAGES, furnished
from tests.fakes import plan
from tests.requests_app.test_page_escape import household, own_pages

pytestmark = pytest.mark.django_db
#: Somebody's words, which stay as they are.
WORDS = "Ωμέγα"
PLACE = re.compile(r"%\(\w+\)s")
READ_OUT = ("aria-label", "placeholder", "title", "alt")
SILENT = ("script", "style", "code", "option", "kbd")
#: What else stands in the rows: the planner's and the callee's words, a name.
OTHERS_WORDS = {"and more", plan()["opening_line"].strip("."), "Brock Road School, good morning", "Brock Road School"}
#: Names, and examples of what a field holds.
NAMES = OTHERS_WORDS | {"Floyd", "API", "health", "imap.example.com", "INBOX", "English", "Deutsch", "Français", "Italiano", "Español", "Português"}


@pytest.fixture(autouse=True)
def _own_language():
    """Requests leave their language behind in the thread."""
    with translation.override("en"):
        yield


class Said(HTMLParser):
    """What a page says: its texts, and the attributes that are read out."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.said: set[str] = set()
        self._within: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within.append(tag)
        self.said |= {value.strip() for name, value in attrs if name in READ_OUT and value}

    def handle_endtag(self, tag: str) -> None:
        while tag in self._within and self._within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not set(SILENT) & set(self._within):
            self.said.add(" ".join(data.split()).removesuffix("· Floyd").strip(" ·:,.;“”„()"))


def alike_in_both() -> str:
    """A pattern of the messages that are the same in German, such as “Plan” and “Version %(version)s”."""
    alike = [message for message, german in _catalogue("de").items() if message == german and re.search(r"[^\W\d_]{3,}", PLACE.sub("", message))]
    return "|".join(".*".join(map(re.escape, PLACE.split(message))) for message in alike)


def left_in_english(pages: tuple[str, str], names: set[str]) -> list[str]:
    """What both pages say, and is no name, no figure and no message that reads alike."""
    english, german = pages
    alike = re.compile(alike_in_both())
    both = {text for text in Said(english).said & Said(german).said if WORDS not in text and text not in names and not alike.fullmatch(text)}
    return sorted(text for text in both if re.search(r"[^\W\d_]{3,}", re.sub(r"Floyd|\b[A-Z]{3}\b", "", text)))


def both_ways(client: Client, user: User, path: str) -> tuple[str, str]:
    pages = []
    for language in ("en", "de"):
        User.objects.filter(pk=user.pk).update(page_language=language)
        answer = client.get(path)
        assert answer.status_code == 200, path
        pages.append(answer.content.decode())
    return pages[0], pages[1]


def test_pages_of_a_household_are_german(client, alice):
    rows = household(alice, WORDS)
    client.force_login(alice)
    pages = ["/", "/texts/", "/knows/", "/knows/?q=nothing", "/knows/gone/", "/calendar/address/", "/requests/", "/requests/?q=nothing"]
    pages += [f"/requests/{rows[name].pk}/" for name in ("wish", "failed", "writing")]
    pages += [f"/knows/facts/{rows[name].pk}/" for name in ("fact", "proposed", "retired")]
    pages += [f"/knows/contacts/{rows['contact'].pk}/", f"/knows/calendar/{rows['entry'].pk}/", "/offline/", "/settings/phone-pin/", "/welcome/"]
    pages += [f"/knows/{kind}/new/" for kind in ("facts", "contacts", "calendar")]
    names = {*NAMES, alice.name, alice.email, alice.phone}
    found = [(path, left) for path in pages for left in left_in_english(both_ways(client, alice, path), names)]
    assert not found, found


def test_pages_of_ones_own_are_german(client, alice):
    client.force_login(alice)
    pages = own_pages(alice, WORDS)
    names = {*NAMES, alice.email, alice.phone}
    found = [(path, left) for path in pages for left in left_in_english(both_ways(client, alice, path), names)]
    assert not found, found


@pytest.mark.usefixtures("at_once")
def test_pages_for_staff_are_german(client, tom, sam):
    client.force_login(sam)
    client.post("/staff/reason/", {"reason": f"{REASON} {WORDS}"})
    review = furnished(tom, [WORDS] * 8)
    pages = [page.format(call=review.pk) for page in PAGES] + ["/staff/reason/", "/staff/hand-offs/"]
    names = {*NAMES, sam.name, sam.email, tom.name}
    found = [(path, left) for path in pages for left in left_in_english(both_ways(client, sam, path), names)]
    assert not found, found


def test_what_is_pushed_is_in_the_language_of_whose_it_is(alice):
    rows, before = household(alice, WORDS), translation.get_language()
    assert "Wrapping up" not in render(("request", str(rows["wish"].pk))) and ">Done<" in render(("request", str(rows["wish"].pk)))
    User.objects.filter(pk=alice.pk).update(page_language="de")
    drawn = render(("request", str(rows["wish"].pk)))
    assert ">Erledigt<" in drawn and ">Done<" not in drawn
    assert "Mitschrift" in render(("call", str(rows["call"].pk)))
    assert "Floyd nutzt es für nichts" in render(("fact", str(rows["proposed"].pk)))
    assert translation.get_language() == before, "the next fragment is somebody else's"
