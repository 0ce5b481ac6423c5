"""Without accounts everything points at the sandbox; with them nothing does; half of either is explained."""

import pytest

from floyd_site.env import SettingError
from floyd_site.supervision.environment import compose
from floyd_site.supervision.home import Secrets
from floyd_site.supervision.ports import Ports
from floyd_site.supervision.programs import all_programs

PORTS = Ports(web=8000, media=8001, sandbox_http=9000, sandbox_grpc=9001, sandbox_smtp=9002, sandbox_imap=9003)
SECRETS = Secrets(secret_key="key", login_password="word", account_sid="AC" + "1" * 32, auth_token="token", vapid_private_key="k")
SERVERS = {"DATABASE_URL": "postgresql:///floyd", "REDIS_URL": "unix:///v.sock"}
TWILIO = {"TWILIO_ACCOUNT_SID": "AC" + "2" * 32, "TWILIO_AUTH_TOKEN": "real", "TWILIO_NUMBER": "+15195550100"}
LIVE = {**TWILIO, "PUBLIC_URL": "https://floyd.example", "OPENAI_API_KEY": "sk-real", "GOOGLE_APPLICATION_CREDENTIALS": "/key.json"}


def composed(**given):
    return compose(given, secrets=SECRETS, ports=PORTS, servers=SERVERS)


def names(environment):
    return [program.name for program in all_programs(PORTS, environment)]


def test_nothing_given_means_the_sandbox_for_all():
    environment = composed()
    assert environment["TWILIO_API_BASE"] == "http://127.0.0.1:9000"
    assert environment["OPENAI_BASE_URL"] == "http://127.0.0.1:9000/v1"
    assert environment["GOOGLE_SPEECH_ENDPOINT"] == "127.0.0.1:9001"
    assert environment["GOOGLE_PLACES_ENDPOINT"] == "http://127.0.0.1:9000" and environment["GOOGLE_MAPS_API_KEY"]
    assert environment["PUBLIC_URL"] == "https://floyd.sandbox"
    assert environment["MEDIA_NODE"] == "wss://media.floyd.sandbox"
    assert environment["MEDIA_SITE"].startswith("ws://localhost:")
    assert environment["SITE_URL"] == "http://localhost:8000"
    assert names(environment) == ["web", "media", "worker", "beat", "sandbox"]


def test_real_accounts_mean_no_sandbox_at_all():
    environment = composed(**LIVE)
    assert not {"TWILIO_API_BASE", "OPENAI_BASE_URL", "GOOGLE_SPEECH_ENDPOINT", "GOOGLE_PLACES_ENDPOINT", "SANDBOX_URL", "MEDIA_NODE"} & set(
        environment
    )
    assert environment["TWILIO_AUTH_TOKEN"] == "real"
    assert names(environment) == ["web", "media", "worker", "beat"]


def test_half_given_carrier_keys_name_what_is_missing():
    with pytest.raises(SettingError, match=r"TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN is set but TWILIO_NUMBER is not"):
        composed(TWILIO_ACCOUNT_SID="AC1", TWILIO_AUTH_TOKEN="x")


def test_a_carrier_that_could_not_reach_us_is_explained():
    with pytest.raises(SettingError, match="PUBLIC_URL is not an https"):
        composed(**TWILIO)


def test_real_callees_never_meet_the_sandbox_mind():
    with pytest.raises(SettingError, match="real calls need a real model"):
        composed(**TWILIO, PUBLIC_URL="https://floyd.example")


def test_a_real_model_may_be_rehearsed_with_the_sandbox_carrier():
    environment = composed(OPENAI_API_KEY="sk-real")
    assert environment["OPENAI_API_KEY"] == "sk-real"
    assert "OPENAI_BASE_URL" not in environment
    assert environment["TWILIO_API_BASE"] == "http://127.0.0.1:9000"


def test_what_was_given_wins_over_defaults():
    environment = composed(SECRET_KEY="mine", DATABASE_URL="postgresql:///mine", CALLING_HOURS_FROM="9")
    assert (environment["SECRET_KEY"], environment["DATABASE_URL"], environment["CALLING_HOURS_FROM"]) == ("mine", "postgresql:///mine", "9")
