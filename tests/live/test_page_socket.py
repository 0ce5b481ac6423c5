"""Open pages get what changes, each change once, whatever is lost on the way, and only what they may see."""

from __future__ import annotations

import asyncio

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.contrib.sessions.models import Session

from live import admission, consumer, hub
from live.fragments import RELOAD
from live.models import Change
from live.publish import PUBLISH_SQL, publish
from tests.live.conftest import Page, session_of

pytestmark = pytest.mark.django_db(transaction=True)


@sync_to_async
def change(topic: str, ref: str) -> None:
    """A row changed, and the broadcast went out."""
    publish(topics=[topic], kind="thing", ref=ref)


@sync_to_async
def change_unheard(topic: str, *refs: str) -> None:
    """Rows changed, and the broadcasts were lost."""
    from django.db import connection

    with connection.cursor() as cursor:
        for ref in refs:
            cursor.execute(PUBLISH_SQL, [topic, "thing", ref])


def topic_of(user) -> str:
    return f"user.{user.pk}"


async def test_a_change_reaches_an_open_page(open_page, alice, drawn):
    page = await open_page(alice)
    await page.watch(**{topic_of(alice): 0})
    await change(topic_of(alice), "a")
    assert await page.changes() == {"heads": {topic_of(alice): 1}, "content": "<i>a</i>"}


async def test_many_pages_cost_one_drawing(open_page, alice, drawn):
    pages = [await open_page(alice) for _ in range(5)]
    for page in pages:
        await page.watch(**{topic_of(alice): 0})
    await change(topic_of(alice), "a")
    assert [(await page.changes())["content"] for page in pages] == ["<i>a</i>"] * 5
    assert drawn == ["a"]


async def test_a_page_that_comes_back_gets_what_it_missed_and_nothing_twice(open_page, alice, drawn):
    topic = topic_of(alice)
    await change_unheard(topic, "a", "b", "a", "c")
    page = await open_page(alice)
    first = await page.watch(**{topic: 1})
    assert first["heads"] == {topic: 4}
    assert first["content"] == "<i>b</i><i>a</i><i>c</i>"


async def test_a_change_between_drawing_the_page_and_watching_is_not_lost(open_page, alice, drawn):
    topic = topic_of(alice)
    page = await open_page(alice)
    await page.send_json_to({"watch": {topic: 0}})
    await change(topic, "a")
    seen = ""
    while "<i>a</i>" not in seen:
        seen += (await page.changes()).get("content", "")


async def test_a_lost_broadcast_is_made_up_for_by_the_next(open_page, alice, drawn):
    topic = topic_of(alice)
    page = await open_page(alice)
    await page.watch(**{topic: 0})
    await change_unheard(topic, "a", "b")
    await change(topic, "c")
    assert await page.changes() == {"heads": {topic: 3}, "content": "<i>a</i><i>b</i><i>c</i>"}


async def test_a_lost_broadcast_is_found_by_the_beat(open_page, alice, drawn, monkeypatch):
    monkeypatch.setattr(hub, "BEAT_S", 0.2)
    topic = topic_of(alice)
    page = await open_page(alice)
    await page.watch(**{topic: 0})
    await change_unheard(topic, "a")
    assert (await page.changes())["content"] == "<i>a</i>"


async def test_a_layer_that_lost_its_groups_is_joined_again(open_page, alice, drawn, monkeypatch):
    monkeypatch.setattr(hub, "BEAT_S", 0.2)
    topic = topic_of(alice)
    page = await open_page(alice)
    await page.watch(**{topic: 0})
    await get_channel_layer().flush()
    await asyncio.sleep(0.5)
    await change(topic, "a")
    monkeypatch.setattr(hub, "BEAT_S", 60)
    assert (await page.changes())["content"] == "<i>a</i>"


async def test_a_page_that_was_away_for_too_long_is_loaded_again(open_page, alice, drawn):
    topic = topic_of(alice)
    await change_unheard(topic, "a", "b", "c")
    await sync_to_async(Change.objects.filter(seq__lte=2).delete)()
    page = await open_page(alice)
    assert await page.watch(**{topic: 1}) == {"reload": True}


async def test_a_page_from_another_database_is_loaded_again(open_page, alice, drawn):
    page = await open_page(alice)
    assert await page.watch(**{topic_of(alice): 99}) == {"reload": True}


async def test_pages_on_which_too_much_changed_at_once_are_loaded_again(open_page, alice, drawn):
    topic = topic_of(alice)
    page = await open_page(alice)
    await page.watch(**{topic: 0})
    kind, ref = RELOAD
    await sync_to_async(publish)(topics=[topic], kind=kind, ref=ref)
    assert await page.changes() == {"reload": True}
    assert await (await open_page(alice)).watch(**{topic: 0}) == {"reload": True}
    assert (await (await open_page(alice)).watch(**{topic: 1}))["heads"] == {topic: 1}


async def test_a_broken_fragment_does_not_keep_the_others(open_page, alice, drawn, monkeypatch):
    from live import fragments

    def renderer(ref: str) -> str:
        if ref == "broken":
            raise RuntimeError("a defect")
        return ref

    monkeypatch.setattr(fragments, "_renderers", {"thing": renderer})
    topic = topic_of(alice)
    page = await open_page(alice)
    await page.watch(**{topic: 0})
    await change_unheard(topic, "broken")
    await change(topic, "whole")
    assert await page.changes() == {"heads": {topic: 2}, "content": "whole"}


async def test_a_page_says_nothing_for_long_only_when_it_is_dead(open_page, alice, drawn, monkeypatch):
    monkeypatch.setattr(consumer, "BEAT_S", 0.1)
    page = await open_page(alice)
    first = await page.watch(**{topic_of(alice): 0})
    assert await page.changes() == first == {"heads": {topic_of(alice): 0}, "content": ""}


# --- pages that come and go ---


async def test_a_page_that_opens_while_the_last_one_leaves_hears_of_changes(open_page, alice, drawn, monkeypatch):
    topic, layer = topic_of(alice), get_channel_layer()
    leaving, on = asyncio.Event(), asyncio.Event()

    async def discard_slowly(group, channel, discard=layer.group_discard):
        leaving.set()
        await on.wait()
        await discard(group, channel)

    monkeypatch.setattr(layer, "group_discard", discard_slowly)
    old, new = await open_page(alice), await open_page(alice)
    await old.watch(**{topic: 0})
    closing = asyncio.create_task(old.disconnect())
    await leaving.wait()
    watching = asyncio.create_task(new.watch(**{topic: 0}))
    await asyncio.sleep(0.2)  # as far as it comes
    on.set()
    await closing
    await watching
    await change(topic, "a")
    assert await new.changes() == {"heads": {topic: 1}, "content": "<i>a</i>"}


async def test_pages_that_open_at_once_all_hear_of_changes(open_page, alice, tom, drawn, monkeypatch, caplog):
    layer = get_channel_layer()

    async def name_slowly(prefix, name=layer.new_channel):
        await asyncio.sleep(0.1)
        return await name(prefix)

    monkeypatch.setattr(layer, "new_channel", name_slowly)
    pages = {topic_of(user): await open_page(user) for user in (alice, tom)}
    await asyncio.gather(*(page.watch(**{topic: 0}) for topic, page in pages.items()))
    for topic, page in pages.items():
        await change(topic, "a")
        assert (await page.changes())["content"] == "<i>a</i>"
    assert "away" not in caplog.text  # or it was heard only because the hub began anew


# --- who may watch what ---


async def test_strangers_are_sent_to_sign_in(open_page):
    page = await open_page(None)
    assert await page.close_code() == 4401


async def test_other_peoples_topics_are_closed(open_page, alice, tom):
    page = await open_page(alice)
    await page.send_json_to({"watch": {topic_of(tom): 0}})
    assert await page.close_code() == 4403


async def test_one_refused_topic_closes_the_whole_page(open_page, alice, tom):
    page = await open_page(alice)
    await page.send_json_to({"watch": {topic_of(alice): 0, topic_of(tom): 0}})
    assert await page.close_code() == 4403


async def test_signing_out_cuts_open_pages(open_page, alice, drawn, monkeypatch):
    monkeypatch.setattr(admission, "ROUND_S", 0.1)
    page = await open_page(alice)
    await page.watch(**{topic_of(alice): 0})
    await sync_to_async(Session.objects.all().delete)()
    assert await page.close_code() == 4401


async def test_a_locked_account_cuts_open_pages(open_page, alice, drawn, monkeypatch):
    monkeypatch.setattr(admission, "ROUND_S", 0.1)
    page = await open_page(alice)
    await page.watch(**{topic_of(alice): 0})
    alice.is_active = False
    await alice.asave()
    assert await page.close_code() == 4401


async def test_another_site_cannot_open_a_socket_with_our_cookie(alice):
    page = Page("/live/", await sync_to_async(session_of)(alice), origin="http://localhost:9000")
    assert (await page.connect())[0] is False


async def test_a_socket_without_origin_is_refused(alice):
    page = Page("/live/", await sync_to_async(session_of)(alice), origin=None)
    assert (await page.connect())[0] is False


# --- what pages may send ---

NONSENSE = ["x", "[]", "null", "1", '{"watch": []}', '{"watch": {}}', '{"watch": {"user.1": "x"}}', '{"watch": {"user.1": -1}}', "{" * 3000]


@pytest.mark.parametrize("text", [*NONSENSE, '{"watch": {"a.1":0,"a.2":0,"a.3":0,"a.4":0,"a.5":0,"a.6":0,"a.7":0,"a.8":0,"a.9":0}}', "x" * 5000])
async def test_nonsense_closes_the_socket(open_page, alice, text):
    page = await open_page(alice)
    await page.send_to(text_data=text)
    assert await page.close_code() == 4400


async def test_a_page_that_never_says_what_it_shows_is_closed(open_page, alice, monkeypatch):
    monkeypatch.setattr(consumer, "HELLO_TIMEOUT_S", 0.1)
    page = await open_page(alice)
    assert await page.close_code() == 1013


async def test_one_user_has_a_limited_number_of_pages(open_page, alice, monkeypatch):
    monkeypatch.setattr(consumer.PageSocket, "most_per_user", 2)
    for _ in range(2):
        await open_page(alice)
    assert await (await open_page(alice)).close_code() == 4429


async def test_a_closed_page_frees_its_place(open_page, alice, monkeypatch):
    monkeypatch.setattr(consumer.PageSocket, "most_per_user", 1)
    page = await open_page(alice)
    await page.disconnect()
    page = await open_page(alice)
    assert (await page.watch(**{topic_of(alice): 0}))["heads"] == {topic_of(alice): 0}
