"""What Floyd needs from the outside to hear, think, speak and find businesses: small Protocols and the values they pass.

An implementation lives in one module; `providers.registry` maps a name to it and settings pick one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel

Model = TypeVar("Model", bound=BaseModel)
Message = dict[str, Any]  # an OpenAI chat message
ToolSpec = dict[str, Any]  # an OpenAI tool: {"type": "function", "function": {...}}


class ProviderError(Exception):
    """A provider could not do its work.

    Attributes:
        permanent: asking again is of no use (wrong key, unknown model, quota, refused input).
    """

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


class BadFormError(ProviderError):
    """The model answered, but not with the form it was given.

    Attributes:
        written: what it wrote instead, to be shown to it when it is asked again; for no log.
    """

    def __init__(self, message: str, *, written: str) -> None:
        super().__init__(message)
        self.written = written


# --- hearing ---


class Encoding(StrEnum):
    """Sample formats that recognisers take."""

    MULAW_8K = "mulaw_8k"
    LINEAR16_16K = "linear16_16k"


@dataclass(frozen=True, slots=True)
class Recognition:
    """Words heard so far in the current utterance (interim) or for good (final).

    `end_ms` counts from the first audio fed to the stream; `stability` is 0 to 1, interims only.
    """

    text: str
    is_final: bool
    stability: float = 0.0
    confidence: float = 0.0
    end_ms: int = 0


class RecognitionStream(Protocol):
    """One open recognition. Iterate it for results; it ends when closed, and raises ProviderError when it breaks."""

    def feed(self, audio: bytes) -> None:
        """Takes audio at once (bounded; the oldest is dropped and counted when the provider is stuck)."""

    def __aiter__(self) -> AsyncIterator[Recognition]:
        """Results in order."""

    async def finish(self) -> None:
        """No more audio will come: the last results arrive, then the iteration ends."""

    async def close(self) -> None:
        """Ends it now. Safe to call twice."""


class Recognizer(Protocol):
    """Hears."""

    async def warm(self) -> None:
        """Opens connections ahead of need."""

    async def open(self, *, encoding: Encoding, language: str, hints: Sequence[str] = ()) -> RecognitionStream:
        """Starts a stream. `hints` are phrases to expect; an implementation drops them where its model refuses them."""

    async def close(self) -> None:
        """Lets go of connections."""


# --- thinking ---


@dataclass(frozen=True, slots=True)
class TextPiece:
    """The next piece of the reply, verbatim (leading spaces count)."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A whole tool call; `arguments` is the JSON text as the model wrote it, unchecked."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one answer. Those of sound are counted apart: they have other prices.

    `model`: which one answered, when it is not the one that was meant to.
    """

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    audio_tokens: int = 0
    audio_cached_tokens: int = 0
    audio_completion_tokens: int = 0
    model: str = ""


@dataclass(frozen=True, slots=True)
class ReplyDone:
    """The end of a reply; a stream that breaks off without one raises ProviderError."""

    finish_reason: str
    usage: Usage = field(default_factory=Usage)


ReplyPart = TextPiece | ToolCall | ReplyDone


class Replier(Protocol):
    """Thinks in a call."""

    async def warm(self) -> None:
        """Opens connections ahead of need."""

    def reply(self, *, messages: Sequence[Message], tools: Sequence[ToolSpec], cache_key: str = "") -> AsyncIterator[ReplyPart]:
        """Streams one turn of a conversation. Closing the iterator aborts the generation."""

    async def close(self) -> None:
        """Lets go of connections."""


class FormFiller(Protocol):
    """Thinks between calls."""

    async def warm(self) -> None:
        """Opens connections ahead of need."""

    async def fill(
        self, form: type[Model], *, name: str, model: str, messages: Sequence[Message], on_text: Callable[[str], None] | None = None
    ) -> tuple[Model, Usage]:
        """Has the model fill a form under a strict JSON schema called `name`; `on_text` gets the JSON text so far as it streams.

        Raises:
            ProviderError: refused, cut off, or not of the form (then not permanent: the caller may ask once more).
        """

    async def close(self) -> None:
        """Lets go of connections."""


class Thinker(Replier, FormFiller, Protocol):
    """Thinks: what an implementation is. Who needs only a half of it says so."""


# --- speaking ---


class Speaker(Protocol):
    """Speaks."""

    async def warm(self) -> None:
        """Opens connections ahead of need."""

    def speak(self, text: str, *, language: str) -> AsyncIterator[bytes]:
        """μ-law 8 kHz audio of `text`, in chunks as they come. Closing the iterator aborts."""

    @property
    def voice(self) -> str:
        """Name of the voice, part of the key under which rendered audio is cached."""

    def in_voice(self, name: str) -> Speaker:
        """The same service in one of `voices.VOICES`, on the same connections; as it is set where the name is none of them."""

    async def close(self) -> None:
        """Lets go of connections."""


# --- the directory of businesses ---


class BusinessStatus(StrEnum):
    """Whether a business is there at all."""

    OPERATIONAL = "operational"
    CLOSED_FOR_NOW = "closed_for_now"
    CLOSED_FOR_GOOD = "closed_for_good"
    NOT_YET_OPEN = "not_yet_open"


@dataclass(frozen=True, slots=True)
class Listing:
    """A business as a directory lists it. Foreign data: whoever uses a value checks it first.

    Attributes:
        place_id: the directory's own name for it.
        phone: as the directory writes it.
        kind: sort of business in the user's language.
        hours: spans by weekday in its own time, e.g. {"mon": [["08:00", "17:00"]]}; a closing time before the opening one is past midnight; {} is
            unknown.
        closed_until: exceptions counted, when it opens next, if it is closed now and that is known.
        distance_m: as the crow flies from where `Found.measured_from` says; None where it has no address.
        rating: of 5, by `ratings` people; None without any.
        attribution: whom the directory wants named for this entry.
    """

    place_id: str
    name: str
    phone: str
    address: str = ""
    kind: str = ""
    status: BusinessStatus = BusinessStatus.OPERATIONAL
    hours: dict[str, list[list[str]]] = field(default_factory=dict)
    time_zone: str = ""
    closed_until: datetime | None = None
    distance_m: int | None = None
    rating: float | None = None
    ratings: int = 0
    attribution: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to, best first. `measured_from` is empty when the area is not known to the directory: then there are no distances."""

    listings: tuple[Listing, ...]
    measured_from: str = ""


class Directory(Protocol):
    """Finds businesses."""

    @property
    def source(self) -> str:
        """What to call it, e.g. Google Maps."""

    def search(self, wanted: str, *, area: str, region: str, language: str) -> Found:
        """Businesses for `wanted` (a name or a sort of business) near `area`. Blocks, for some seconds at most.

        Args:
            area: in words, e.g. Guelph, Ontario.
            region: country of the user, e.g. CA.
            language: e.g. en-US.

        Raises:
            ProviderError: no answer, a refusal, or an answer that cannot be read.
        """

    def close(self) -> None:
        """Lets go of connections."""
