"""What every test may use: the cast, hints that are recorded instead of sent, a channel layer of its own."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from asgiref.sync import SyncToAsync
from channels.layers import channel_layers
from django.db import connections
from hypothesis import HealthCheck, settings

from tests import cast

# No test is about absolute times: a busy machine must not fail one.
settings.register_profile("floyd", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("floyd")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup) -> Iterator[None]:
    """The thread in which asynchronous tests use the ORM has a connection of its own: it is closed before the database goes."""
    yield
    SyncToAsync.single_thread_executor.submit(connections.close_all).result()


@dataclass
class Hints:
    """Names and ids of the tasks that were asked for."""

    sent: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def ids(self, task: str) -> list[str]:
        """The first id of each hint for `task`, in order."""
        return [ids[0] for name, ids in self.sent if name == task]

    def clear(self) -> None:
        """Forgets what was sent so far."""
        self.sent.clear()


@pytest.fixture(autouse=True)
def hints(monkeypatch) -> Hints:
    """Records tasks instead of sending them: a test runs the service that a task would call."""
    recorded = Hints()
    monkeypatch.setattr("celery.Celery.send_task", lambda _app, name, args=(), **_: recorded.sent.append((name, tuple(args))))
    return recorded


@pytest.fixture(autouse=True)
def own_channel_layer(settings) -> Iterator[None]:
    """The real layer, under a prefix that no other test or worker uses."""
    layer = settings.CHANNEL_LAYERS["default"]
    settings.CHANNEL_LAYERS = {"default": {**layer, "CONFIG": {**layer["CONFIG"], "prefix": f"test-{uuid.uuid4().hex[:12]}"}}}
    channel_layers.backends = {}
    yield
    channel_layers.backends = {}


@pytest.fixture(autouse=True)
def own_cache(settings) -> None:
    """The real cache, under a prefix of its own: what one test counts limits no other."""
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": f"test-{uuid.uuid4().hex[:12]}"}}


@pytest.fixture(autouse=True)
def quick_passwords(settings) -> None:
    """Hashing a password well takes a third of a second."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def at_once(db, monkeypatch) -> None:
    """What is to happen on commit happens at once: a test in a transaction that is rolled back never commits."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda act, **_: act())


@pytest.fixture
def tom(db):
    """Tom Redmond, with his household."""
    return cast.tom()


@pytest.fixture
def alice(db):
    """Somebody else, with nothing."""
    return cast.alice()


@pytest.fixture
def sam(db):
    """Staff."""
    return cast.sam()
