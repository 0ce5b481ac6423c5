"""A port in use must not stop a newcomer: the next free one is taken, and said."""

import socket

import pytest

from floyd_site.supervision import ports


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_that_something_listens_on_is_not_free(listener):
    assert not ports.is_free(listener)


def test_the_next_free_port_is_taken_and_said(listener, monkeypatch):
    monkeypatch.setattr(ports, "WEB", listener)
    said: list[str] = []
    chosen = ports.choose(said.append)
    assert chosen.web > listener
    assert any(line.startswith(f"Port {listener} is in use; web listens on {chosen.web}") for line in said)


def test_no_two_processes_get_the_same_port(monkeypatch):
    monkeypatch.setattr(ports, "is_free", lambda port: True)
    for name in ("WEB", "MEDIA", "SANDBOX_HTTP", "SANDBOX_GRPC", "SANDBOX_SMTP", "SANDBOX_IMAP"):
        monkeypatch.setattr(ports, name, 40_000)
    chosen = ports.choose(lambda _: None)
    assert len({chosen.web, chosen.media, chosen.sandbox_http, chosen.sandbox_grpc, chosen.sandbox_smtp, chosen.sandbox_imap}) == 6


def test_without_any_free_port_it_says_so(monkeypatch):
    monkeypatch.setattr(ports, "is_free", lambda port: False)
    with pytest.raises(ports.NoFreePortError, match="No port from 8000"):
        ports.choose(lambda _: None)
