"""What the sandbox is started with. It reads no settings of the product: all comes by command line."""

from __future__ import annotations

import argparse
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path

ACCOUNT_SID = re.compile(r"^AC[0-9a-fA-F]{32}$")
SITE = re.compile(r"^https?://[\w.\-]+(:\d+)?/?$")
E164 = re.compile(r"^\+[1-9]\d{6,14}$")


@dataclass(frozen=True, slots=True)
class Pace:
    """How quick the model and the voices are.

    Attributes:
        first_token_ms: until the model begins to answer.
        tokens_per_second: how fast it writes then.
        first_audio_ms: until a voice begins.
        audio_speed: seconds of speech that a voice makes in one second.
    """

    first_token_ms: int = 150
    tokens_per_second: float = 80.0
    first_audio_ms: int = 100
    audio_speed: float = 8.0


@dataclass(frozen=True, slots=True)
class Settings:
    """Addresses, the one account, and where public names really lie.

    Attributes:
        host_map: public host name → local "host:port"; webhooks and streams are signed for the name and dialled to the address.
        more_numbers: further numbers of the account; calls to them come in as those to the first do.
        sms_url, voice_url, status_url: webhooks of the account's number for incoming texts, calls and the ends of these.
        nasty: seed of the carrier's bad manners (doubled, reordered, lost callbacks), or None for polite.
        speed: how many seconds of calls pass in one real second.
        phones: number → name of the phones of Floyd's own users, shown on the index page.
        pace: of the model and the voices.
        mail_domain: whose mail ends in the application's own mailbox.
        site_url: the application's own pages, to be shown beside the phones.
        database_pid: of the application's database server, which may be made to stand still for a while; 0: none.
    """

    http_port: int = 9000
    grpc_port: int = 9001
    bind: str = "127.0.0.1"
    account_sid: str = "AC" + "0" * 32
    auth_token: str = "sandbox"  # noqa: S105  of no account
    number: str = "+15195550199"
    host_map: dict[str, str] = field(default_factory=dict)
    sms_url: str = ""
    voice_url: str = ""
    status_url: str = ""
    nasty: int | None = None
    people: tuple[Path, ...] = ()
    speed: float = 1.0
    phones: dict[str, str] = field(default_factory=dict)
    pace: Pace = field(default_factory=Pace)
    smtp_port: int = 9002
    imap_port: int = 9003
    mail_domain: str = "floyd.sandbox"
    site_url: str = ""
    more_numbers: tuple[str, ...] = ()
    database_pid: int = 0

    @property
    def numbers(self) -> tuple[str, ...]:
        """Every number of the account."""
        return (self.number, *self.more_numbers)


def _account_sid(text: str) -> str:
    if not ACCOUNT_SID.match(text):
        raise argparse.ArgumentTypeError("must be AC and 32 hexadecimal digits")
    return text


def _number(text: str) -> str:
    if not E164.match(text):
        raise argparse.ArgumentTypeError("must be a number in E.164 form, such as +15195550199")
    return text


def _site(text: str) -> str:
    if text and not SITE.match(text):
        raise argparse.ArgumentTypeError("must be an address such as http://localhost:8000, without a path")
    return text.rstrip("/")


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise argparse.ArgumentTypeError("must have the form NAME=VALUE")
    return name, value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="Stand-ins for the services that Floyd talks to, at their wire.")
    parser.add_argument("--http-port", type=int, default=9000, help="REST, control and pages (0: any free port)")
    parser.add_argument("--grpc-port", type=int, default=9001, help="speech services (0: any free port)")
    parser.add_argument("--bind", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--account-sid", type=_account_sid, default="AC" + "0" * 32)
    parser.add_argument("--auth-token", default="", help="default: a random one, printed")
    parser.add_argument("--number", type=_number, default="+15195550199", help="the account's phone number")
    parser.add_argument("--more-number", type=_number, action="append", default=[], metavar="NUMBER", help="a further number of the account")
    parser.add_argument("--host-map", type=_pair, action="append", default=[], metavar="NAME=HOST:PORT", help="where a public host name lies")
    parser.add_argument("--sms-url", default="", help="webhook for texts to the number")
    parser.add_argument("--voice-url", default="", help="webhook for calls to the number")
    parser.add_argument("--status-url", default="", help="webhook for the end of calls to the number")
    parser.add_argument("--database-pid", type=int, default=0, help="the application's database server, to be stopped for a while by a switch")
    parser.add_argument("--nasty", type=int, metavar="SEED", help="double, reorder and lose callbacks")
    parser.add_argument("--people", type=Path, action="append", default=[], metavar="DIR", help="more people to call (YAML)")
    parser.add_argument("--speed", type=float, default=1.0, help="seconds of calls per real second")
    parser.add_argument("--phone", type=_pair, action="append", default=[], metavar="NUMBER=NAME", help="a phone of one of Floyd's users")
    parser.add_argument("--smtp-port", type=int, default=9002, help="takes mail (0: any free port)")
    parser.add_argument("--imap-port", type=int, default=9003, help="shows mailboxes (0: any free port)")
    parser.add_argument("--site-url", type=_site, default="", help="the application's own pages, shown beside the phones at /demo")
    parser.add_argument("--mail-domain", default="floyd.sandbox", help="whose mail ends in the application's own mailbox")
    pace = Pace()
    parser.add_argument("--first-token-ms", type=int, default=pace.first_token_ms, help="until the model begins to answer")
    parser.add_argument("--tokens-per-second", type=float, default=pace.tokens_per_second, help="how fast the model writes")
    parser.add_argument("--first-audio-ms", type=int, default=pace.first_audio_ms, help="until a voice begins to speak")
    return parser


def parse(arguments: list[str] | None = None) -> Settings:
    """Settings from the command line; a wrong value ends the program with a message that names it."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.speed <= 0:
        parser.error("argument --speed: must be above 0")
    if given.tokens_per_second <= 0:
        parser.error("argument --tokens-per-second: must be above 0")
    return Settings(
        http_port=given.http_port,
        grpc_port=given.grpc_port,
        bind=given.bind,
        account_sid=given.account_sid,
        auth_token=given.auth_token or secrets.token_hex(16),
        number=given.number,
        host_map=dict(given.host_map),
        sms_url=given.sms_url,
        voice_url=given.voice_url,
        status_url=given.status_url,
        nasty=given.nasty,
        people=tuple(given.people),
        speed=given.speed,
        phones=dict(given.phone) or {"+15195550142": "Tom"},
        smtp_port=given.smtp_port,
        imap_port=given.imap_port,
        mail_domain=given.mail_domain,
        site_url=given.site_url,
        more_numbers=tuple(given.more_number),
        database_pid=given.database_pid,
        pace=Pace(given.first_token_ms, given.tokens_per_second, given.first_audio_ms),
    )
