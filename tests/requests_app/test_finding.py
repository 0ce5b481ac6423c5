"""The page of all requests: what it finds, how it goes on, and that it is live."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.test import Client
from django.utils.dateparse import parse_datetime

from live.fragments import render
from requests_app.finding import FindForm
from requests_app.listing import PER_PAGE, called_contacts
from requests_app.models import WORDS, Request
from requests_app.status import Status
from requests_app.views import shared_words
from tests.cast import PASSWORD, make_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, tom):
    client.force_login(tom)
    return client


def asks(html: str) -> list[str]:
    return re.findall(r'<span class="title">([^<]*)</span>', html.rsplit('id="found"', maxsplit=1)[-1])


def test_all_requests_are_listed_whatever_became_of_them(page, tom):
    for status in Status:
        make_request(tom, status=status, ask=f"{status.value}.")
    assert len(asks(page.get("/requests/").content.decode())) == len(Status)


def test_older_ones_come_a_page_at_a_time_and_each_once(page, tom):
    for number in range(2 * PER_PAGE + 3):
        make_request(tom, status=Status.DONE if number % 2 else Status.PLANNING, ask=f"Number {number}.")
    seen, address = [], "/requests/?status="
    while address:
        html = page.get(address).content.decode()
        seen += asks(html)
        link = re.search(r'href="(\?before=[^"]*)"', html)
        address = f"/requests/{link[1]}" if link else ""
    assert seen == [f"Number {number}." for number in reversed(range(2 * PER_PAGE + 3))]


def test_a_page_with_scripts_gets_the_next_rows_alone(page, tom):
    for number in range(PER_PAGE + 1):
        make_request(tom, ask=f"Number {number}.")
    link = re.search(r'hx-get="([^"]*)"', page.get("/requests/?q=number").content.decode())
    assert link
    html = page.get(f"/requests/{link[1].replace('&amp;', '&')}", headers={"HX-Request": "true"}).content.decode()
    assert asks(html) == ["Number 0."]
    assert "<html" not in html and "hx-get" not in html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=krista", ["Order Krista flowers."]),
        ("q=SCHO", ["Call the school."]),
        # What lists show of a request finds it, too: the plan's title, the callee, and what came of it.
        ("q=bouquet", ["Order Krista flowers."]),
        ("q=violet", ["Order Krista flowers."]),
        ("q=thursday", ["Order Krista flowers."]),
        ("status=in_flight", ["Call the school."]),
        ("status=done", ["Order Krista flowers."]),
        ("status=failed", []),
        ("since=2026-11-21", ["Order Krista flowers."]),
        ("until=2026-11-20", ["Call the school."]),
        ("since=2026-11-20&until=2026-11-21", ["Order Krista flowers.", "Call the school."]),
        # What makes no sense narrows nothing.
        ("since=yesterday&status=happy&contact=x&before=x", ["Order Krista flowers.", "Call the school."]),
        ("since=0001-01-01&until=9999-12-31", ["Order Krista flowers.", "Call the school."]),
        ("q=%00", ["Order Krista flowers.", "Call the school."]),
        ("contact=999999999999999999999999", ["Order Krista flowers.", "Call the school."]),
    ],
)
def test_filters(page, tom, query, found):
    school = make_request(tom, ask="Call the school.")
    flowers = make_request(
        tom, ask="Order Krista flowers.", status=Status.DONE, outcome={"summary": "They come on Thursday."},
        plan={"title": "A bouquet", "callee": {"name": "Sweet Violet's"}},
    )  # fmt: skip
    # The days are Tom's: at eleven in the evening of the twentieth, London has the twenty-first.
    Request.objects.filter(pk=school.pk).update(created_at=parse_datetime("2026-11-21T04:00:00Z"))
    Request.objects.filter(pk=flowers.pk).update(created_at=parse_datetime("2026-11-21T06:00:00Z"))
    shown = asks(page.get(f"/requests/?{query}").content.decode())
    titles = {"Order Krista flowers.": "A bouquet"}
    assert shown == [titles.get(ask, ask) for ask in found]


def test_requests_are_found_by_whom_they_are_about(page, tom, alice):
    school = tom.contacts.get(kind="school")
    make_request(tom, ask="Call the school.", contact=school)
    make_request(tom, ask="Call the dentist.")
    assert list(called_contacts(tom)) == [school]
    assert list(called_contacts(alice)) == []
    assert asks(page.get(f"/requests/?contact={school.pk}").content.decode()) == ["Call the school."]


def test_somebody_elses_contact_narrows_nothing(client, tom, alice):
    school = tom.contacts.get(kind="school")
    make_request(tom, ask="Call the school.", contact=school)
    make_request(alice, ask="Alice's own.")
    client.force_login(alice)
    html = client.get(f"/requests/?contact={school.pk}").content.decode()
    assert asks(html) == ["Alice&#x27;s own."]
    assert "Brock Road" not in html


def test_a_status_is_chosen_by_a_link_that_keeps_the_words(tom):
    form = FindForm({"q": "a & b", "status": "done", "before": "x"}, user=tom)
    links = {group["name"]: group for group in form.groups()}
    assert links["Done"]["chosen"] and not links["All"]["chosen"]
    assert (links["All"]["address"], links["Going on"]["address"]) == ("?q=a+%26+b", "?q=a+%26+b&status=in_flight")


def test_the_words_are_found_by_an_index(db):
    """The expression of the index is that of the search, to the letter: else PostgreSQL reads every row."""
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
    found = Request.objects.alias(words=WORDS).filter(words=SearchQuery("'school':*", config="simple", search_type="raw"))
    assert "request_words_shown" in found.order_by().explain()


def test_the_list_costs_the_same_for_many_requests(page, tom, django_assert_max_num_queries):
    for number in range(PER_PAGE):
        make_request(tom, status=Status.DONE, ask=f"Number {number}.", plan={"title": "x"}, contact=tom.contacts.first())
    with django_assert_max_num_queries(12):
        page.get("/requests/")


def test_a_change_is_drawn_where_the_request_stands(tom):
    wish = make_request(tom)
    html = render(("request", str(wish.pk)))
    assert f'<li id="found-{wish.pk}" hx-swap-oob="outerMorph">' in html
    Request.objects.filter(pk=wish.pk).update(created_at=wish.created_at - timedelta(days=400))
    assert f'id="found-{wish.pk}"' in render(("request", str(wish.pk)))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"ask": "Call the school."}, "Call the school."),
        ({"title": "Plumbers", "ask": "Royal City", "url": "https://plumber.example/"}, "Plumbers\nRoyal City\nhttps://plumber.example/"),
        ({"title": "Same", "ask": " Same ", "url": ""}, "Same"),
        ({}, ""),
    ],
)
def test_what_another_app_shares_stands_in_the_box(given, words):
    assert shared_words(given) == words


def test_what_is_shared_stands_in_no_address_and_is_not_sent_by_itself(page):
    answer = page.post("/share/", {"title": "Plumbers", "url": "https://plumber.example/"}, headers={"Sec-Fetch-Site": "none"})
    assert (answer.status_code, answer.url) == (303, "/")
    assert "Plumbers\nhttps://plumber.example/</textarea>" in page.get("/").content.decode()
    assert "Plumbers" not in page.get("/").content.decode()
    assert Request.objects.count() == 0


def test_what_is_shared_signed_out_waits_behind_the_sign_in(client, tom):
    assert client.post("/share/", {"ask": "Ask when they could come."}).url == "/"
    client.post("/accounts/login/", {"login": tom.email, "password": PASSWORD})
    assert "Ask when they could come.</textarea>" in client.get("/").content.decode()


def test_who_goes_back_to_where_something_was_shared_is_at_home(page):
    answer = page.get("/share/", {"ask": "Call the bank."})
    assert (answer.status_code, answer.url) == (303, "/")
    assert "the bank" not in page.get("/").content.decode(), "an address shares nothing"


def test_another_site_shares_nothing(page):
    csrf = Client(enforce_csrf_checks=True)
    csrf.cookies = page.cookies
    assert csrf.post("/share/", {"ask": "Call the bank."}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert csrf.post("/share/", {"ask": "Call Krista."}, headers={"Sec-Fetch-Site": "none"}).status_code == 303
    html = page.get("/").content.decode()
    assert "Call Krista." in html and "the bank" not in html
