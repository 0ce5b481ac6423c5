"""What the pages of a user's own can, programs can: import, take along, answer, connect a mailbox, leave."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from context import mailboxes
from context.import_models import ImportBatch
from context.imports.found import MOST_BYTES
from context.interview import ask_for_contact
from context.mail.imap import MailboxError
from context.mail_models import Mail, Mailbox
from context.models import CalendarEntry, Contact, Fact, User
from tests.api_client import Program, problem
from tests.cast import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]

VCARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Jörg Müller\r\nTEL:519 555 0190\r\nEND:VCARD\r\nBEGIN:VCARD\r\nVERSION:3.0\r\nTEL:1\r\nEND:VCARD\r\n"
LOGIN = {"host": "imap.example.com", "username": "alice", "folders": ["INBOX"]}


@pytest.fixture
def program(alice) -> Program:
    return Program(alice)


@pytest.fixture(autouse=True)
def wrong_passwords_count_for_one_test_only(settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = False


class TestImport:
    def read(self, program: Program, content: str | bytes, name: str = "") -> Any:
        return program.call("POST", f"imports?name={name}" if name else "imports", content, Content_Type="application/octet-stream")

    def test_a_file_is_looked_at_then_saved_then_undone(self, program, alice):
        response = self.read(program, VCARD, "people.vcf")
        assert response.status_code == 201
        found = response.json()
        assert [item["name"] for item in found["items"]] == ["Jörg Müller"] and len(found["troubles"]) == 1
        assert (found["status"], Contact.objects.count()) == ("read", 0)
        place = f"imports/{found['id']}"
        assert program.read(place) == found and program.read("imports")["results"] == [found]
        for _ in range(2):
            saved = program.call("POST", f"{place}/save").json()
            assert (saved["status"], saved["saved"], saved["items"]) == ("saved", 1, [])
        (contact,) = program.read("contacts")["results"]
        assert (contact["source_ref"], contact["phone"]) == (f"import:{found['id']}", "+15195550190")
        assert "Undo it instead" in problem(program.call("DELETE", place), 409)["detail"]
        for _ in range(2):
            assert program.call("POST", f"{place}/undo").json()["status"] == "undone"
        assert program.read("contacts")["results"] == []
        problem(program.call("POST", f"{place}/save"), 409)

    def test_what_is_not_wanted_is_forgotten(self, program):
        place = f"imports/{self.read(program, VCARD).json()['id']}"
        assert "not saved" in problem(program.call("POST", f"{place}/undo"), 409)["detail"]
        assert program.call("DELETE", place).status_code == 204
        assert not ImportBatch.objects.exists() and not Contact.objects.exists()

    def test_a_file_as_large_as_on_the_page_is_taken(self, program):
        head, tail = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Jo\r\nPHOTO;ENCODING=b:", "\r\nEND:VCARD\r\n"
        content = f"{head}{'A' * (MOST_BYTES - len(head) - len(tail))}{tail}"
        assert len(self.read(program, content).json()["items"]) == 1
        assert "larger than 2 MB" in problem(self.read(program, content + "\n"), 422)["detail"]

    def test_it_is_the_file_itself_that_is_sent(self, program):
        assert "application/octet-stream" in problem(program.call("POST", "imports", {"content": VCARD}), 415)["detail"]

    @pytest.mark.parametrize("content", ["", "BEGIN:VCALENDAR", b"\x00\xff\x01", "hello"])
    def test_what_cannot_be_read_is_said_and_leaves_nothing(self, program, content):
        problem(self.read(program, content), 422)
        assert not ImportBatch.objects.exists()


class TestInterview:
    def test_one_question_at_a_time_answered_or_skipped(self, program, alice):
        (first,) = program.read("interview")["results"]
        assert first["status"] == "open" and not first["asks_for_contact"]
        assert program.call("POST", f"interview/{first['id']}/answer", {"words": "  Just\n me "}).json()["status"] == "answered"
        assert Fact.objects.get(user=alice).statement == "Just me"
        second = program.read("interview")["results"][1]
        assert program.call("POST", f"interview/{second['id']}/skip").json()["status"] == "skipped"
        assert program.call("POST", f"interview/{second['id']}/answer", {"words": "Late"}).json()["status"] == "skipped"
        assert Fact.objects.count() == 1

    def test_somebody_to_call_is_asked_for_with_a_number(self, program, alice):
        question = ask_for_contact(user=alice, kind="dentist")
        assert question is not None
        problem(program.call("POST", f"interview/{question.pk}/answer", {"words": "Dr. Who", "phone": "none"}), 422)
        answered = program.call("POST", f"interview/{question.pk}/answer", {"words": "Dr. Who", "phone": "+1 519 555 0131"})
        assert answered.json()["asks_for_contact"]
        contact = Contact.objects.get(user=alice)
        assert (contact.name, contact.kind, contact.phone) == ("Dr. Who", "dentist", "+15195550131")


class TestAccount:
    def test_everything_is_taken_along(self, program, alice):
        Fact.objects.create(user=alice, statement="The car is blue")
        response = program.call("GET", "export")

        async def read() -> bytes:
            return b"".join([piece async for piece in response.streaming_content])

        found = json.loads(async_to_sync(read)())
        assert found["format"] == "floyd-export-1" and [fact["statement"] for fact in found["facts"]] == ["The car is blue"]
        assert found["account"][0]["email"] == alice.email

    def test_leaving_takes_address_and_password_and_ends_the_token(self, program, alice):
        problem(program.call("POST", "me/delete", {"email": "tom@redmond.example", "password": PASSWORD}), 422)
        problem(program.call("POST", "me/delete", {"email": alice.email, "password": "wrong"}), 403)
        assert User.objects.filter(pk=alice.pk, leaving_at=None).exists()
        assert program.call("POST", "me/delete", {"email": alice.email.upper(), "password": PASSWORD}).status_code == 204
        alice.refresh_from_db()
        assert alice.leaving_at is not None and not alice.is_active
        problem(program.call("GET", "me"), 401)

    def test_passwords_are_not_guessed_with_a_stolen_token(self, settings):
        settings.ACCOUNT_RATE_LIMITS = {"login_failed": "100/m/ip,3/5m/key"}
        eve = User.objects.create_user("guessed@stone.example", PASSWORD)
        program = Program(eve)
        answers = [program.call("POST", "me/delete", {"email": eve.email, "password": guess}).status_code for guess in ("1", "2", "3", "4", PASSWORD)]
        assert answers == [403, 403, 403, 429, 429]


class TestMailbox:
    @pytest.fixture(autouse=True)
    def a_server(self, monkeypatch) -> None:
        def names(login: Any) -> list[str]:
            if login.password != "app":
                raise MailboxError("The mail server refused the name or the password.", permanent=True)
            return ["INBOX", "Home, sweet"]

        monkeypatch.setattr("context.mailbox_form.folder_names", names)

    def connect(self, program: Program, **fields: Any) -> Any:
        return program.call("POST", "mailbox", LOGIN | {"app_password": "app", "password": PASSWORD} | fields)

    def test_it_is_tried_kept_and_read_and_its_password_never_shown(self, program, alice):
        assert program.read("mailbox")["mailbox"] is None
        response = self.connect(program)
        assert response.status_code == 200
        shown = response.json()["mailbox"]
        assert (shown["host"], shown["port"], shown["folders"], shown["status"]) == ("imap.example.com", 993, ["INBOX"], "active")
        assert "app" not in response.content.decode()
        assert Mailbox.objects.get(user=alice).password == "app"

    def test_a_token_alone_connects_nothing(self, program):
        problem(self.connect(program, password="wrong"), 403)
        assert not Mailbox.objects.exists()

    @pytest.mark.parametrize(
        ("fields", "named"), [({"app_password": "no"}, ""), ({"app_password": ""}, "app_password"), ({"folders": ["Nowhere"]}, "folders")]
    )
    def test_one_that_cannot_be_read_is_refused_with_the_reason(self, program, fields, named):
        found = problem(self.connect(program, **fields), 422)
        assert [error["field"] for error in found["errors"]] == [named]
        assert not Mailbox.objects.exists()

    def test_where_it_was_read_up_to_is_kept_for_the_same_mailbox_only(self, alice):
        given = {"host": "a.example", "port": 993, "username": "alice", "password": "x", "folders": ["INBOX", "Old"]}
        mailboxes.connect(user=alice, given=given)
        Mailbox.objects.update(places={"INBOX": {"uid": 7}, "Old": {"uid": 8}})
        assert mailboxes.connect(user=alice, given=given | {"folders": ["INBOX"]}).places == {"INBOX": {"uid": 7}}
        assert mailboxes.connect(user=alice, given=given | {"host": "b.example"}).places == {}

    @pytest.mark.parametrize(("asked", "left"), [("", 1), ("?mails=true", 0), ("?mails=false", 1)])
    def test_it_is_forgotten_and_the_mails_if_that_is_wanted(self, program, alice, asked, left):
        self.connect(program)
        Mail.objects.create(user=alice, subject="Hello", digest="x")
        assert program.call("DELETE", f"mailbox{asked}").status_code == 204
        assert (Mailbox.objects.count(), Mail.objects.count()) == (0, left)

    def test_the_own_address_is_renewed(self, program, settings):
        settings.MAIL_DOMAIN = "floyd.example"
        before = program.read("mailbox")["address"]
        assert before.endswith("@floyd.example") and program.call("POST", "mailbox/address").json()["address"] not in ("", before)

    def test_mails_are_listed_without_and_read_with_their_words(self, program, alice):
        mail = Mail.objects.create(user=alice, subject="Hello", text="The car is ready.", digest="x")
        (short,) = program.read("mails")["results"]
        assert (short["subject"], "text" in short) == ("Hello", False)
        assert program.read(f"mails/{mail.pk}")["text"] == "The car is ready."
        assert not CalendarEntry.objects.exists()
