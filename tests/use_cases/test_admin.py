"""Staff edit what answers calls: checked field by field, every version kept, the folder's difference in sight."""

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from tests.staff_reason import having_said_why
from tests.use_cases import folder
from tests.use_cases.people import dana
from tests.use_cases.staff import opened
from use_cases.loading import load, load_all
from use_cases.models import Caller, UseCase, UseCaseVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(root, sam):
    load_all()
    sam.is_superuser = True
    sam.save()
    client = Client()
    client.force_login(sam)
    having_said_why(client)
    address = f"/admin/use_cases/usecase/{UseCase.objects.get(slug='greenhouse').pk}/change/"
    return client, address


def fields(**changes):
    version = UseCaseVersion.objects.filter(use_case__slug="greenhouse").first()
    assert version is not None
    values = {name: getattr(version, name) for name in ("title", "description", "greeting", "prompt")}
    values |= {name: json.dumps(getattr(version, name)) for name in ("relay", "keys", "tools")}
    inline = {"versions-TOTAL_FORMS": "0", "versions-INITIAL_FORMS": "0", "versions-MIN_NUM_FORMS": "0", "versions-MAX_NUM_FORMS": "0"}
    return values | inline | changes


def test_an_edit_makes_the_next_version_in_the_editors_name(page, sam):
    client, address = page
    assert b"Plants by phone." in client.get(address).content
    response = client.post(address, fields(description="Trees by phone."))
    assert response.status_code == 302
    version = UseCase.objects.get(slug="greenhouse").current
    assert version is not None
    assert (version.number, version.description, version.edited_by) == (2, "Trees by phone.", sam.email)


def test_lines_as_browsers_send_them_are_no_edit(page, root):
    """Saving what was only looked at would keep the folder's next state from being taken."""
    client, address = page
    folder.write(root, prompt="You answer the phone.\n\nBe kind.")
    load("greenhouse")
    client.post(address, fields(prompt="You answer the phone.\r\n\r\nBe kind."))
    version = UseCase.objects.get(slug="greenhouse").current
    assert version is not None
    assert (version.prompt, version.edited_by) == ("You answer the phone.\n\nBe kind.", "")
    client.post(address, fields(prompt="You answer the phone.\r\n\r\nBe brief."))
    assert UseCaseVersion.objects.filter(edited_by__gt="").get().prompt == "You answer the phone.\n\nBe brief."


def test_what_could_not_answer_calls_is_refused_beside_its_field(page):
    client, address = page
    response = client.post(address, fields(greeting="Hello!", keys='{"1": {"tool": "fly"}}'))
    assert response.status_code == 200
    content = response.content.decode()
    assert "must say that this is an AI assistant" in content
    assert "there is no tool fly" in content
    assert UseCaseVersion.objects.filter(use_case__slug="greenhouse").count() == 1


def test_the_difference_to_the_folder_is_shown_before_it_is_taken(page, root):
    client, address = page
    client.post(address, fields(title="<b>Trees</b>"))
    folder.write(root, prompt="The folder's new prompt.")
    load("greenhouse")
    content = client.get(address).content.decode()
    assert "-title: &lt;b&gt;Trees&lt;/b&gt;" in content
    assert "+prompt: The folder&#x27;s new prompt." in content


class TestTakingTheFoldersState:
    LIST = "/admin/use_cases/usecase/"

    @pytest.fixture
    def chosen(self, page, root):
        """The form that a person fills in to take the state of a folder that changed under an edit; all use cases are marked."""
        client, address = page
        client.post(address, fields(title="<b>Trees</b>"))
        folder.write(root, prompt="The folder's new prompt.")
        return {"action": "take_folder", "_selected_action": [one.pk for one in UseCase.objects.all()]}

    def asked(self, client, chosen):
        """What the page in between shows, and its form."""
        response = client.post(self.LIST, chosen)
        assert response.status_code == 200
        (shown,) = response.context["differences"]
        return response, chosen | {"_selected_action": [shown.pk], "confirmed": "Take", f"seen_{shown.pk}": shown.seen}

    def current(self):
        version = UseCase.objects.get(slug="greenhouse").current
        assert version is not None
        return version.number, version.title, version.prompt

    def test_the_difference_comes_first_and_changes_nothing(self, page, chosen):
        response, _ = self.asked(page[0], chosen)
        content = response.content.decode()
        assert "-title: &lt;b&gt;Trees&lt;/b&gt;" in content
        assert "+prompt: The folder&#x27;s new prompt." in content
        assert "garage: unchanged" in content.lower()
        assert self.current()[:2] == (2, "<b>Trees</b>")

    def test_a_yes_takes_it(self, page, chosen):
        _, form = self.asked(page[0], chosen)
        assert page[0].post(self.LIST, form).status_code == 302
        assert self.current() == (3, "Greenhouse", "The folder's new prompt.")
        assert LogEntry.objects.filter(change_message="Took the folder's state.").count() == 1

    def test_a_yes_without_having_seen_it_shows_it(self, page, chosen):
        response = page[0].post(self.LIST, chosen | {"confirmed": "Take"})
        assert [one.slug for one in response.context["differences"]] == ["greenhouse"]
        assert self.current()[0] == 2

    @pytest.mark.parametrize("who", ["a person", "the folder"])
    def test_what_changed_since_it_was_shown_is_shown_again(self, page, chosen, root, who):
        client, address = page
        _, form = self.asked(client, chosen)
        if who == "a person":
            client.post(address, fields(title="Bushes"))
        else:
            folder.write(root, prompt="Newer still.")
        again = client.post(self.LIST, form)
        assert again.status_code == 200
        assert "changed since you saw the difference" in again.content.decode()
        assert ("-title: Bushes" if who == "a person" else "+prompt: Newer still.") in again.content.decode()
        assert self.current()[0] == (3 if who == "a person" else 2)

    def test_a_folder_that_cannot_answer_calls_is_named_and_not_offered(self, page, chosen, root):
        folder.write(root, toml='title = "x"')
        response = page[0].post(self.LIST, chosen, follow=True)
        assert "greenhouse: description: it is empty." in response.content.decode().lower()
        assert "differences" not in response.context
        assert self.current()[0] == 2


def test_lists_and_pages_open(page):
    client, _ = page
    for name in ("usecase", "inboundnumber", "caller", "inboundcall", "toolrun", "handoff"):
        assert client.get(f"/admin/use_cases/{name}/").status_code == 200
    assert client.get("/admin/use_cases/inboundnumber/add/").status_code == 200


class TestACallersPage:
    """Somebody may be on the phone while their page is open."""

    def test_it_keeps_what_the_caller_said_meanwhile(self, page):
        client, _ = page
        caller = dana(data={"delivery_address": "12 Pine Street"})
        address = f"/admin/use_cases/caller/{caller.pk}/change/"
        values = opened(client, address)
        Caller.objects.update(last_name="Whitfield-Ross", use_case="restaurant", data={"delivery_address": "3 Elm Street"})
        assert client.post(address, values | {"email": "dana@home.example"}).status_code == 302
        caller.refresh_from_db()
        assert (caller.last_name, caller.use_case, caller.email) == ("Whitfield-Ross", "restaurant", "dana@home.example")
        assert caller.data == {"delivery_address": "3 Elm Street"}

    def test_what_both_changed_is_refused_with_what_stands_there(self, page):
        client, _ = page
        caller = dana()
        address = f"/admin/use_cases/caller/{caller.pk}/change/"
        values = opened(client, address) | {"first_name": "Diana", "email": "dana@home.example"}
        Caller.objects.update(first_name="Daniela")
        content = client.post(address, values).content.decode()
        assert "Somebody changed this since you opened the page. It is now: Daniela." in content
        caller.refresh_from_db()
        assert (caller.first_name, caller.email) == ("Daniela", "")
        assert client.post(address, opened(client, address) | {"first_name": "Diana"}).status_code == 302
        caller.refresh_from_db()
        assert caller.first_name == "Diana"

    def test_what_both_changed_alike_is_no_matter(self, page):
        client, _ = page
        caller = dana()
        address = f"/admin/use_cases/caller/{caller.pk}/change/"
        values = opened(client, address) | {"first_name": "Diana"}
        Caller.objects.update(first_name="Diana")
        assert client.post(address, values).status_code == 302
