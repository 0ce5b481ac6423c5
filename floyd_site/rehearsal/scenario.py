"""A scenario: one wish, what is known, who is called, and what must come of it. One YAML file each; `docs/sandbox.md` says how to write one."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from calls.conversation.effects import EndReason
from context.models import Sensitivity
from floyd_site.rehearsal import checks as made
from floyd_site.rehearsal.checks import Check
from requests_app.status import ENDED, Status

SCENARIOS = Path(__file__).parent / "scenarios"
AWKWARD = SCENARIOS / "awkward"


class WrongScenario(ValueError):  # noqa: N818  reads better where it is raised
    """A scenario file cannot be used; the message names the file and the field."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Callee(_Part):
    """Who is put among the user's contacts."""

    name: str
    kind: str
    number: str = Field(pattern=r"^\+\d{8,15}$")


class KnownFact(_Part):
    """Something that Floyd knows besides the household."""

    statement: str
    about: str = ""
    topic: str = ""
    sensitivity: Sensitivity = Sensitivity.SHARE


class Appointment(_Part):
    """In the user's calendar: on the next such weekday, at a time of day."""

    title: str
    weekday: int = Field(ge=0, le=6, description="0 is Monday")
    at: str = Field(pattern=r"^\d\d:\d\d$")


class Reply(_Part):
    """The user answers the text that holds `to`."""

    to: str
    say: str


class Between(_Part):
    """Floyd says at most `but` things between these words of the other end."""

    first: str
    second: str
    but: int = 0


class Checks(_Part):
    """What must have been so at the other end; see `floyd_site.rehearsal.checks`."""

    pressed: str | None = None
    pressed_some: str | None = None
    introduced: int | None = None
    silent_until: str | None = None
    silent_between: Between | None = None
    recorded: tuple[str, ...] | None = None
    heard_there: str | None = None
    in_one_line: tuple[str, ...] | None = None
    uncut: str | None = None

    def all(self) -> list[Check]:
        """The checks that are asked for."""
        found: list[Check] = []
        for name in type(self).model_fields:
            match getattr(self, name):
                case None:
                    continue
                case tuple() as parts:
                    found.append(getattr(made, name)(*parts))
                case Between() as between:
                    found.append(made.silent_between(between.first, between.second, but=between.but))
                case value:
                    found.append(getattr(made, name)(value))
        return found


class Scenario(_Part):
    """One scenario."""

    name: str
    about: str
    ask: str
    callee: Callee | None = None
    facts: tuple[KnownFact, ...] = ()
    calendar: tuple[Appointment, ...] = ()
    replies: tuple[Reply, ...] = ()
    calls: int = 1
    call_ends: EndReason | None = Field(default=None, description="of the last call")
    ends: Status | None = Field(default=None, description="of the request; empty: only its call is waited for")
    outcome: tuple[str, ...] = Field(default=(), description="words that its outcome, or the trouble that ended it, must hold")
    calendar_then: tuple[Appointment, ...] = Field(default=(), description="what stands in the calendar afterwards, by words of its title")
    calendar_without: tuple[str, ...] = Field(default=(), description="words of titles that no appointment ahead has afterwards")
    never: tuple[str, ...] = Field(default=(), description="words that Floyd may never say")
    checks: Checks = Checks()


def read_scenarios(folder: Path) -> dict[str, Scenario]:
    """The scenarios of a folder (not of folders in it), by name of file.

    Raises:
        WrongScenario: there is no such folder, nothing in it, or a file that is wrong.
    """
    paths = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    if not paths:
        raise WrongScenario(f"{folder} holds no scenarios (*.yaml).")
    return {path.stem: _read(path) for path in paths}


def _read(path: Path) -> Scenario:
    try:
        scenario = Scenario.model_validate({"name": path.stem, **(yaml.safe_load(path.read_text()) or {})})
    except (yaml.YAMLError, OSError, TypeError) as error:
        raise WrongScenario(f"{path} cannot be read: {error}") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise WrongScenario(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    if scenario.ends is not None and scenario.ends not in ENDED:
        raise WrongScenario(f"{path}: ends: a request ends as {', '.join(sorted(ENDED))}")
    if scenario.calls != 1 and scenario.ends is None:
        raise WrongScenario(f"{path}: ends: needed, since there is not just one call to wait for")
    if scenario.ends is None and (scenario.calendar_then or scenario.calendar_without):
        raise WrongScenario(f"{path}: ends: needed, since the calendar is brought up to date at the request's end")
    return scenario
