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
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from channels.layers import channel_layers
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from live import publish
from tests.cast import PASSWORD

ROOT = Path(__file__).resolve().parent.parent.parent
PREFIX = f"browser-{os.getpid()}"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", *(["--no-sandbox"] if os.getuid() == 0 else [])]
START_TIMEOUT_S = 60
#: What some tests are about: a server that is away, a form that comes back with what is wrong, an address that does not exist.
EXPECTED = ("WebSocket connection", "htmx:ws:error: [object Event]", "status of 422", "Service Worker registration blocked", "/nothing/")

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
def quick_passwords() -> None:
    """The web process knows nothing of the quick hasher."""


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


@pytest.fixture
def on_the_sandbox(monkeypatch) -> None:
    """The web process runs as under `make run`. Ask for it before a browser."""
    monkeypatch.setenv("SANDBOX_URL", "http://localhost:9000")


@pytest.fixture
def site(transactional_db, settings, hints) -> Iterator[Site]:
    """A web process on this test's database."""
    name = settings.DATABASES["default"]
    address = f"postgresql:///{name['NAME']}?" + "&".join(f"{key.lower()}={name[key]}" for key in ("HOST", "PORT", "USER", "PASSWORD") if name[key])
    # What a page shows does not depend on the hour at which the tests run.
    running = Site({**os.environ, "DATABASE_URL": address, "CALLING_HOURS_FROM": "0", "CALLING_HOURS_TO": "24"})
    running.start()
    yield running
    running.stop()


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
            # Who was made by hand would first be asked for a code from their mail.
            EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
            page.goto("/accounts/login/")
            page.fill("input[name=login]", user.email)
            page.fill("input[name=password]", PASSWORD)
            page.click("main form button")
            page.wait_for_url(f"{site.url}/")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []
