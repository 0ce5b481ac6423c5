"""Notifications reach browsers encrypted and signed, say no more than the user wants, and never go into our own network."""

from __future__ import annotations

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

from context import outside
from context.mail_models import PushSubscription
from context.push import public_key
from floyd_site.supervision.home import Home
from requests_app import notifications
from requests_app.models import Message, MessageStatus, Way

pytestmark = pytest.mark.django_db
BROWSER, SECRET = ec.generate_private_key(ec.SECP256R1()), b"0123456789abcdef"


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


P256DH = _text(BROWSER.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint))
KEYS = {"p256dh": P256DH, "auth": _text(SECRET)}


class Service:
    """A push service on this machine."""

    def __init__(self) -> None:
        self.status, self.got = 201, []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                service.got.append((self.path, dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(service.status)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def service(settings, tmp_path):
    made = Service()
    settings.PRIVATE_HOSTS = frozenset({f"127.0.0.1:{made.port}"})
    settings.VAPID_PRIVATE_KEY = Home(tmp_path).secrets().vapid_private_key
    settings.VAPID_SUBJECT = "mailto:sam@floyd.example"
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def subscription(tom, service) -> PushSubscription:
    return PushSubscription.objects.create(user=tom, endpoint=f"http://127.0.0.1:{service.port}/push/abc?x=1", **KEYS)


@pytest.fixture
def message(tom) -> Message:
    return Message.objects.create(user=tom, outbound=True, way=Way.PUSH, body="They want $560 for peonies.", link="/requests/1/")


def shown(service) -> dict[str, str]:
    path, _, body = service.got[-1]
    assert path == "/push/abc?x=1"
    return json.loads(http_ece.decrypt(body, private_key=BROWSER, auth_secret=SECRET, version="aes128gcm"))


def test_the_browser_and_nobody_else_reads_it_and_words_stay_private(service, subscription, message):
    notifications.send(message.pk)
    notifications.send(message.pk)
    assert len(service.got) == 1 and b"peonies" not in service.got[0][2]
    assert shown(service) == {"title": "Floyd", "body": "Floyd has news for you.", "url": "/requests/1/", "tag": str(message.pk)}
    assert Message.objects.get(pk=message.pk).status == MessageStatus.SENT
    token = service.got[0][1]["Authorization"].removeprefix("vapid t=").partition(",")[0]
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert (claims["aud"], claims["sub"]) == (f"http://127.0.0.1:{service.port}", "mailto:sam@floyd.example")
    assert Vapid02.verify(service.got[0][1]["Authorization"])
    assert len(base64.urlsafe_b64decode(public_key() + "=")) == 65


def test_words_are_shown_to_who_wants_them_there(service, subscription, message, tom):
    tom.push_says_what = True
    tom.save()
    notifications.send(message.pk)
    assert shown(service)["body"] == "They want $560 for peonies."


@pytest.mark.parametrize(
    ("answer", "status", "kept"),
    [
        (410, MessageStatus.FAILED, False),
        (404, MessageStatus.FAILED, False),
        (403, MessageStatus.FAILED, True),
        (307, MessageStatus.FAILED, True),
        (429, MessageStatus.NEW, True),
        (500, MessageStatus.NEW, True),
    ],
)
def test_a_browser_that_is_gone_is_forgotten_and_the_message_goes_on(service, subscription, message, answer, status, kept):
    service.status = answer
    notifications.send(message.pk)
    assert Message.objects.get(pk=message.pk).status == status
    assert PushSubscription.objects.filter(pk=subscription.pk).exists() is kept
    if status == MessageStatus.FAILED:
        assert message.copies.get().way == Way.TEXT


def test_of_two_browsers_one_is_enough(service, subscription, message, tom):
    PushSubscription.objects.create(user=tom, endpoint="https://127.0.0.1/inside", **KEYS)
    notifications.send(message.pk)
    assert Message.objects.get(pk=message.pk).status == MessageStatus.SENT
    assert list(tom.push_subscriptions.all()) == [subscription], "an address inside is no browser"


@pytest.fixture
def page(client, tom):
    client.force_login(tom)
    return client


def switch_on(page, endpoint, **keys):
    return page.post("/settings/push/", json.dumps({"endpoint": endpoint, "keys": {**KEYS, **keys}}), content_type="application/json")


def test_a_browser_is_noted_once_and_can_be_removed(page, service, tom, alice, client):
    endpoint = f"http://127.0.0.1:{service.port}/push/abc"
    assert [switch_on(page, endpoint).status_code for _ in range(2)] == [201, 201]
    device = tom.push_subscriptions.get()
    client.force_login(alice)
    assert client.post(f"/settings/push/{device.pk}/remove/").status_code == 303 and tom.push_subscriptions.exists()
    assert switch_on(client, endpoint).status_code == 201, "who signs in at the same browser takes it over"
    assert not tom.push_subscriptions.exists() and alice.push_subscriptions.count() == 1


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/x",
        "https://user@93.184.216.34/x",
        "https://93.184.216.34:99999/x",
        "https://0x7f000001/x",
        "https:///x",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://93.184.216.34/\r\nX: y",
        "https://93.184.216.34/" + "x" * 2000,
    ],
)
def test_no_endpoint_leads_into_our_network(page, service, tom, endpoint):
    answer = switch_on(page, endpoint)
    assert answer.status_code == 422 and answer.json()["trouble"].endswith(".")
    assert not tom.push_subscriptions.exists()


@pytest.mark.parametrize("keys", [{"p256dh": "x"}, {"auth": "!!!"}, {"p256dh": _text(b"0" * 64)}])
def test_keys_that_are_none_are_refused(page, service, keys):
    assert switch_on(page, f"http://127.0.0.1:{service.port}/push/abc", **keys).status_code == 422


@pytest.mark.parametrize("body", ["", "[]", "null", '{"endpoint": 1}', "{" * 1000])
def test_what_is_no_subscription_is_refused(page, body):
    assert page.post("/settings/push/", body, content_type="application/json").status_code == 422


@pytest.mark.parametrize(
    ("answers", "public"),
    [
        (["93.184.216.34"], True),
        (["93.184.216.34", "10.1.2.3"], False),
        (["2606:2800:220:1::1"], True),
        (["64:ff9b::7f00:1"], False),
        (["2002:7f00:1::"], False),
        (["fe80::1%eth0"], False),
        (["100.64.0.1"], False),
        (["0.0.0.0"], False),
        (["224.0.0.1"], False),
        ([], False),
    ],
)
def test_every_address_of_a_name_is_judged(monkeypatch, answers, public):
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (answer, 443)) for answer in answers])
    if public:
        assert outside.door_to("mail.example", 443).address == answers[0]
    else:
        with pytest.raises(outside.OutsideError, match="not on the public internet"):
            outside.door_to("mail.example", 443)
