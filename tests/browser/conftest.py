"""Chromium, and a web process on the test database."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from channels.layers import channel_layers
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client, TransactionTestCase
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from floyd_site.account_adapter import SIGNED_IN_AT
from live import publish

ROOT = Path(__file__).resolve().parent.parent.parent
PREFIX = f"browser-{os.getpid()}"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", *(["--no-sandbox"] if os.getuid() == 0 else [])]
START_TIMEOUT_S = 60
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
#: How many connections of web processes are in the middle of something.
BUSY = "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'floyd-web' and state <> 'idle'"
KEPT_TABLES = {"django_content_type", "auth_permission"}
#: What some tests are about: a server that is away, a form that comes back with what is wrong, an address that does not exist, an answer not taken.
EXPECTED = ("WebSocket connection", "htmx:ws:error: [object Event]", "status of 422", "Service Worker registration blocked", "/nothing/", "/answer/")
#: In what Chromium says of a style, a script or an address that it was told not to take.
REFUSED = "Content Security Policy"

# Playwright's own loop is running while a test is: queries of the test itself are made in its thread all the same.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture(autouse=True)
def own_channel_layer(settings) -> Iterator[None]:
    """The layer that the web process uses too."""
    layer = settings.CHANNEL_LAYERS["default"]
    settings.CHANNEL_LAYERS = {"default": {**layer, "CONFIG": {**layer["CONFIG"], "prefix": PREFIX}}}
    channel_layers.backends = {}
    yield
    channel_layers.backends = {}


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch) -> None:
    """The web process knows nothing of the quick hasher: the cast's password is hashed well, but only once."""
    monkeypatch.setattr("django.contrib.auth.base_user.make_password", cache(make_password))


@pytest.fixture(autouse=True)
def broadcasts_from_another_thread(monkeypatch) -> Iterator[None]:
    """Playwright's loop runs in the thread of the test, where nothing else asynchronous can be waited for."""
    with ThreadPoolExecutor(1) as thread:
        monkeypatch.setattr(publish, "broadcast", lambda sent, real=publish.broadcast: thread.submit(real, sent).result())
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium; its microphone speaks no word.

    For a module, not for the session: while it is open, Playwright's loop runs, and asynchronous tests cannot.
    """
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(autouse=True)
def nothing_refused(monkeypatch) -> Iterator[None]:
    """Whatever window a test opens, by `open_browser` or by itself: what a page's content security policy refuses fails the test."""
    refused: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and REFUSED in message.text and not any(part in message.text for part in EXPECTED):
            refused.append(message.text)

    def heard(really_open: Callable[..., Any]) -> Callable[..., Any]:
        def opened(browser: Browser, **options: Any) -> Any:
            window = really_open(browser, **options)
            window.on("console", hear)
            return window

        return opened

    for name in ("new_page", "new_context"):
        monkeypatch.setattr(Browser, name, heard(getattr(Browser, name)))
    yield
    assert refused == []


class Site:
    """A web process, which can be stopped and started again at the same address."""

    def __init__(self, environment: dict[str, str]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        own = {"SITE_URL": self.url, "MEDIA_NODE": "wss://media.example", "CHANNEL_PREFIX": PREFIX, "CELERY_PREFIX": PREFIX}
        self._environment = {**environment, **own, "FLOYD_PROCESS": "web"}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and waits until it answers."""
        command = [sys.executable, "-m", "uvicorn", "floyd_site.asgi:application", "--port", str(self.port), "--log-level", "warning"]
        self._process = subprocess.Popen(command, cwd=ROOT, env=self._environment)
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=1):
                    return
            except OSError:
                if self._process.poll() is not None:
                    break
                time.sleep(0.1)
        pytest.fail("the web process did not start")

    def stop(self) -> None:
        """Stops it, as a crash would."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    @property
    def is_running(self) -> bool:
        """Whether it was started, and not stopped."""
        return self._process is not None


def empty_tables(_case: Any) -> None:
    """After a test: all tables but those that say which models there are, which a web process that goes on knows by heart."""
    emptied = sorted(set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT_TABLES)
    with connection.cursor() as cursor:
        cursor.execute(f"truncate {', '.join(map(connection.ops.quote_name, emptied))}")


@pytest.fixture(scope="session")
def sites(django_db_setup) -> Iterator[Callable[..., Site]]:
    """Web processes on the test database, one for each set of settings: to start one takes longer than most tests."""
    started: dict[tuple[str, ...], Site] = {}
    name = settings.DATABASES["default"]
    address = f"postgresql:///{name['NAME']}?" + "&".join(f"{key.lower()}={name[key]}" for key in ("HOST", "PORT", "USER", "PASSWORD") if name[key])
    # What a page shows does not depend on the hour at which the tests run.
    usual = {**os.environ, "DATABASE_URL": address, "CALLING_HOURS_FROM": "0", "CALLING_HOURS_TO": "24"}

    def running(**own: str) -> Site:
        key = tuple(f"{name}={value}" for name, value in sorted(own.items()))
        site = started.setdefault(key, Site({**usual, **own}))
        if not site.is_running:
            site.start()
        return site

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_tables)
        yield running
    for site in started.values():
        site.stop()


@pytest.fixture
def own_settings() -> dict[str, str]:
    """Settings of the web process that are this test's own."""
    return {}


@pytest.fixture
def on_the_sandbox(own_settings) -> None:
    """The web process runs as under `make run`. Ask for it before a browser."""
    own_settings["SANDBOX_URL"] = "http://localhost:9000"


@pytest.fixture
def site(transactional_db, sites, own_settings, hints) -> Iterator[Site]:
    """A web process; the database is this test's own."""
    running = sites(**own_settings)
    yield running
    _until_idle()


def _until_idle() -> None:
    """Waits until no web process uses the database: what a page asked for last may be on its way, and the tables are emptied next."""
    deadline = time.monotonic() + START_TIMEOUT_S
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(BUSY)
            if not cursor.fetchone()[0]:
                return
            time.sleep(0.02)
    pytest.fail("the web process does not come to rest")


def signed_in(user: Any) -> str:
    """The key of a session such as signing in begins, without the page and the second that a password takes: these have tests of their own."""
    # Who was made by hand would first be asked for a code from their mail.
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    client = Client()
    client.force_login(user, MODEL_BACKEND)
    session = client.session
    session[SIGNED_IN_AT] = time.time()
    session.save()
    UserSession.objects.create(user=user, session_key=session.session_key, ip="127.0.0.1")
    return str(session.session_key)


@pytest.fixture
def open_browser(browser, site) -> Iterator[Callable[..., Page]]:
    """Opens a window of its own; what the browser complains about (scripts, the content security policy) fails the test."""
    complaints: list[str] = []
    contexts: list[Any] = []

    def complain(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(part in f"{message.text} {message.location['url']}" for part in EXPECTED):
            complaints.append(message.text)

    def open_one(user: Any = None, **options: Any) -> Page:
        usual = {"viewport": {"width": 1280, "height": 860}, "locale": "en-CA", "service_workers": "block"}
        context = browser.new_context(base_url=site.url, **{**usual, **options})
        contexts.append(context)
        expect.set_options(timeout=20_000)  # how long it takes is not what is tested
        page: Page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", complain)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if user is not None:
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": signed_in(user), "url": site.url}])
            page.goto("/")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []
