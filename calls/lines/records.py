"""What a call leaves behind: its effects on the database, handed to the writer in order."""

from __future__ import annotations

from collections.abc import Callable

from calls.conversation.brief import Slot
from calls.conversation.effects import AskUser, DropRecording, NoteDisclosure, Record, SaveGrant, SaveLine, SaveSituation, SaveSlots, SwitchLanguage
from calls.lines.recorder import Recorder
from calls.lines.store import CallStore
from calls.lines.turn_times import TurnClock
from calls.lines.writer import Job, Writer

Written = SaveLine | SaveSlots | SaveGrant | SaveSituation | SwitchLanguage | NoteDisclosure | Record | DropRecording | AskUser


class Records:
    """Turns effects into rows.

    Args:
        store: writes one row.
        writer: orders the writing.
        turns: knows where the time of a reply went.
        line_of: tells the transcript line that a clause belongs to.
        recorder: keeps the call's sound.
    """

    def __init__(self, store: CallStore, writer: Writer, turns: TurnClock, line_of: Callable[[str], int], recorder: Recorder) -> None:
        self._store = store
        self._writer = writer
        self._turns = turns
        self._line_of = line_of
        self._recorder = recorder
        self.slots: tuple[Slot, ...] | None = None

    def put(self, job: Job) -> None:
        """Has something else written, behind what was put before."""
        self._writer.put(job)

    def take(self, effect: Written) -> None:
        """Stores one effect, soon."""
        store, put = self._store, self._writer.put
        match effect:
            case SaveLine():
                self._line(effect)
            case SaveSlots():
                self.slots = effect.slots
                put(lambda: store.slots(effect.slots))
            case SaveGrant():
                put(lambda: store.grant(effect))
            case SaveSituation():
                put(lambda: store.situation(effect.situation))
            case SwitchLanguage():
                put(lambda: store.spoken(effect.language))
            case NoteDisclosure():
                put(store.disclosed)
            case Record():
                self._recorder.keep(on=effect.on)
                put(lambda: store.recording(on=effect.on))
            case DropRecording():
                self._recorder.drop()
            case AskUser():
                put(lambda: store.ask(effect))

    def _line(self, line: SaveLine) -> None:
        if not line.final:
            self._writer.put_interim(line.seq, lambda: self._store.line(line))
            return
        self._writer.drop_interim(line.seq)
        times = self._turns.row(line.seq, self._line_of, interrupted=line.text != line.intended) if line.speaker == "floyd" else None
        self._writer.put(lambda: self._store.line(line, times))
