"""Everything of a user's is taken along by the export, and goes with the account; a model that nobody thought of fails here."""

import json
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Model
from django.utils import timezone

from calls import holdings
from calls.models import Call, CarrierEvent, Suppression
from context import export, leaving, services
from context.models import Fact, User
from context.ownership import paths, rows_of
from live.models import Change, Topic
from requests_app.models import Message, Request
from requests_app.status import Status
from tests.cast import PASSWORD, make_request
from use_cases.models import Caller

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]

SECRET = "sentinel-of-a-secret"


def value_for(field: Any, user: User, made: dict[type[Model], Model], place: int) -> Any:
    """Something that fits a column."""
    if isinstance(field, models.ForeignKey):
        target = field.related_model
        if target is User:
            return user
        return made.get(target) or target._default_manager.first() or target._default_manager.create(**filled(target, user, made, place))
    if isinstance(field, models.GenericIPAddressField):
        return f"192.0.2.{place % 250}"
    if isinstance(field, models.EmailField):
        return f"{field.name}{place}@redmond.example"
    if isinstance(field, models.CharField | models.TextField):
        if field.choices:
            return field.choices[0][0]
        text = SECRET if any(part in field.name for part in ("password", "secret", "token", "p256dh", "auth", "endpoint")) else f"v{place}"
        return text[: field.max_length or None]
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.DateField):
        return timezone.now().date()
    if isinstance(field, models.JSONField):
        return {}
    if isinstance(field, models.BooleanField):
        return False
    return place if isinstance(field, models.IntegerField | models.DecimalField | models.FloatField) else None


def filled(model: type[Model], user: User, made: dict[type[Model], Model], place: int, also: str = "") -> dict[str, Any]:
    """What a row must have, and the key named `also`."""
    # A row's own number is the database's to give, unless it is another row's.
    fields = [
        field for field in model._meta.concrete_fields if not field.generated and (not field.primary_key or isinstance(field, models.ForeignKey))
    ]
    values = {field.name: value_for(field, user, made, place) for field in fields if not field.null or field.name == also}
    return {name: value for name, value in values.items() if value is not None}


def one_of_everything(user: User) -> dict[type[Model], Model]:
    """A row of every model from which keys lead to the user, made by looking at its columns."""
    made: dict[type[Model], Model] = {User: user}
    waiting = list(paths())
    for place in range(5 * len(waiting)):
        if not waiting:
            break
        model = waiting.pop(0)
        needed = {key.related_model for key in model._meta.get_fields() if isinstance(key, models.ForeignKey) and not key.null}
        if (needed & set(waiting)) - {model}:
            waiting.append(model)
            continue
        rows = rows_of(model, user)
        if not rows.exists():
            model._default_manager.bulk_create([model(**filled(model, user, made, place, also=paths()[model].split("__")[0]))])
        made[model] = rows.get() if rows.count() == 1 else rows[0]
    assert waiting == []
    return made


@pytest.fixture
def ended(tom) -> Request:
    wish = make_request(tom, status=Status.DONE, ask="Something of Tom's")
    Call.objects.create(request=wish, user=tom, attempt=1, number="+15195550110", brief={}, status="completed", carrier_sid="CA1")
    return wish


def test_every_model_of_a_users_is_exported_or_left_out_for_a_reason():
    owned = {User, *paths()}
    assert owned - set(export.parts) - set(export.left_out) == set()
    assert set(export.parts) & set(export.left_out) == set()
    assert all(export.left_out.values())


def exported(user) -> dict[str, Any]:
    return json.loads("".join(export.text_of(user)))


def test_the_export_holds_everything_but_secrets(tom, ended):
    made = one_of_everything(tom)
    User.objects.filter(pk=tom.pk).update(password=SECRET)
    found = exported(tom)
    assert found["format"] == "floyd-export-1"
    assert {part.name for part in export.parts.values() if part.model in made} <= {name for name, rows in found.items() if rows}
    assert "Tom's car is a 2019 Honda Civic" in str(found["facts"]) and found["account"][0]["email"] == tom.email
    assert SECRET not in json.dumps(found)


def test_the_export_holds_nobody_elses(tom, alice):
    found = exported(alice)
    assert found["facts"] == [] and "Tom" not in json.dumps(found)


def test_a_long_list_is_exported_whole_and_in_order(tom, monkeypatch):
    monkeypatch.setattr(export, "ROWS_AT_ONCE", 7)
    Fact.objects.bulk_create(Fact(user=tom, statement=f"Note {number}") for number in range(40))
    ids = [row["id"] for row in exported(tom)["facts"]]
    assert len(ids) == 48 and ids == sorted(ids)


def test_the_file_is_sent_while_it_is_written(client, tom):
    client.force_login(tom)
    response = client.get("/knows/export/")
    assert response.streaming and "attachment" in response["Content-Disposition"]

    async def read() -> bytes:
        return b"".join([piece async for piece in response.streaming_content])

    assert json.loads(async_to_sync(read)())["account"][0]["email"] == tom.email


def test_of_a_deleted_account_no_row_is_left(tom, ended, alice):
    made = one_of_everything(tom)
    services.add_fact(user=alice, statement="Alice's own")
    LogEntry.objects.create(
        user=alice, action_flag=1, object_repr="Tom's fact", object_id=str(made[Fact].pk), content_type=ContentType.objects.get_for_model(Fact)
    )
    CarrierEvent.objects.create(sid="CA1", kind="status", key="0", payload={"From": "+15195550110"})
    Suppression.objects.create(number="+15195550110", reason="asked")
    services.publish_knowledge(made[Fact])
    keys = {model: row.pk for model, row in made.items()}
    leaving.begin(user=tom)
    Call.objects.filter(user=tom).update(status="completed")
    leaving.finish_all()
    assert {model._meta.label for model, key in keys.items() if model._default_manager.filter(pk=key).exists()} == set()
    assert {model._meta.label for model in paths() if rows_of(model, tom).exists()} == set()
    assert not LogEntry.objects.filter(object_repr="Tom's fact").exists() and not CarrierEvent.objects.exists()
    assert not Change.objects.filter(topic=f"user.{keys[User]}").exists() and not Topic.objects.filter(name=f"request.{ended.pk}").exists()
    assert Suppression.objects.exists(), "who asked not to be called is not called, whoever left"
    assert Fact.objects.filter(user=alice).count() == 1 and User.objects.filter(pk=alice.pk).exists()


def test_a_closed_account_signs_nobody_in_and_starts_nothing(client, tom, hints):
    client.login(email=tom.email, password=PASSWORD)
    wish = make_request(tom, status=Status.SCHEDULED)
    leaving.begin(user=tom)
    assert not Session.objects.exists()
    assert client.get("/knows/").status_code == 302
    assert not client.login(email=tom.email, password=PASSWORD)
    hints.clear()
    leaving.finish_all()
    assert not Request.objects.filter(pk=wish.pk).exists() and hints.ids("calls.stop") == [str(wish.pk)]


def test_a_call_that_is_on_is_waited_for(tom, monkeypatch):
    wish = make_request(tom, status=Status.CALLING)
    call = Call.objects.create(request=wish, user=tom, attempt=1, number="+15195550110", brief={}, status="in_progress")
    leaving.begin(user=tom)
    assert leaving.finish_all() == 0 and User.objects.filter(pk=tom.pk).exists()
    wish.refresh_from_db()
    assert wish.status == "cancelled"
    Call.objects.filter(pk=call.pk).update(status="completed")
    assert leaving.finish_all() == 1 and not User.objects.filter(pk=tom.pk).exists()


def test_a_call_that_is_never_heard_of_again_keeps_nobody(tom):
    wish = make_request(tom, status=Status.CALLING)
    Call.objects.create(request=wish, user=tom, attempt=1, number="+15195550110", brief={}, status="unknown")
    leaving.begin(user=tom)
    assert leaving.finish_all() == 0
    User.objects.filter(pk=tom.pk).update(leaving_at=timezone.now() - holdings.LONGEST_GOODBYE * 2)
    assert leaving.finish_all() == 1


def test_killed_at_any_step_it_is_finished_by_the_next(tom, ended, monkeypatch):
    leaving.begin(user=tom)
    for place in range(len(leaving._steps)):

        def killed(_user: User) -> bool:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(leaving, "_steps", [*leaving._steps[:place], killed])
            with pytest.raises(KeyboardInterrupt):
                leaving.finish_all()
        assert User.objects.filter(pk=tom.pk).exists()
    assert leaving.finish_all() == 1
    assert leaving.finish_all() == 0


@pytest.mark.parametrize("verified", [True, False])
def test_what_was_written_before_the_number_was_known_as_theirs_is_taken_along_and_goes_if_it_is(tom, verified):
    User.objects.filter(pk=tom.pk).update(phone_verified_at=timezone.now() if verified else None)
    early = Message.objects.create(user=None, outbound=False, peer=tom.phone, body="Call the school", status="received")
    other = Message.objects.create(user=None, outbound=True, peer="+15195550100", body="Your order is on its way")
    assert [row["body"] for row in exported(User.objects.get(pk=tom.pk))["messages"]] == (["Call the school"] if verified else [])
    leaving.begin(user=tom)
    assert leaving.finish_all() == 1
    assert Message.objects.filter(pk=early.pk).exists() is not verified, "a number that nobody proved may be somebody else's"
    assert Message.objects.filter(pk=other.pk).exists()


@pytest.mark.parametrize("verified", [True, False])
def test_who_rang_before_the_number_was_known_as_theirs_is_taken_along_and_forgotten_if_it_is(tom, verified):
    User.objects.filter(pk=tom.pk).update(phone_verified_at=timezone.now() if verified else None)
    Caller.objects.create(number=tom.phone, first_name="Tom", email="tom@elsewhere.example")
    Caller.objects.create(number="+15195550100", first_name="Somebody else")
    assert [row["first_name"] for row in exported(User.objects.get(pk=tom.pk))["caller"]] == (["Tom"] if verified else [])
    leaving.begin(user=tom)
    assert leaving.finish_all() == 1
    assert Caller.objects.filter(first_name="Tom").exists() is not verified
    assert Caller.objects.filter(first_name="Somebody else").exists()


def test_spoken_phrases_go_too(tom, tmp_path, settings):
    settings.PHRASE_CACHE = tmp_path
    (tmp_path / f"user-{tom.pk}").mkdir()
    (tmp_path / f"user-{tom.pk}" / "x.ulaw").write_bytes(b"x")
    leaving.begin(user=tom)
    leaving.finish_all()
    assert list(tmp_path.iterdir()) == []


def test_nobody_who_stays_is_deleted(tom):
    assert leaving.finish_all() == 0 and not leaving.finish(tom) and User.objects.filter(pk=tom.pk).exists()


def test_the_page_takes_the_password_and_the_address(client, tom):
    client.force_login(tom)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert "Delete everything" in client.get("/account/delete/").content.decode()
    wrong = client.post("/account/delete/", {"email_again": "alice@stone.example"})
    assert wrong.status_code == 422 and "Nothing was deleted" in wrong.content.decode()
    done = client.post("/account/delete/", {"email_again": tom.email.upper()})
    assert "is being deleted now" in done.content.decode()
    tom.refresh_from_db()
    assert tom.leaving_at is not None and not tom.is_active


def test_without_a_fresh_password_nothing_is_deleted(client, tom):
    client.force_login(tom)
    assert client.post("/account/delete/", {"email_again": tom.email}).status_code == 302
    tom.refresh_from_db()
    assert tom.leaving_at is None
