"""Calls to people who are not easy to talk to, as data: whom Tom has called, for what, and how the call must end."""

from __future__ import annotations

from dataclasses import dataclass

from calls.conversation.effects import EndReason
from floyd_site.awkward_checks import (
    DISCLOSURE,
    Check,
    heard_there,
    in_one_line,
    introduced,
    pressed,
    pressed_some,
    recorded,
    silent_between,
    silent_until,
    uncut,
)


@dataclass(frozen=True, slots=True)
class Scene:
    """One awkward call.

    Attributes:
        callee: name, kind and number, put among the user's contacts.
        ask: what the user asks for.
        reason: how the call must end.
        learned: what the outcome must have found out; empty where nothing is.
        checks: what else must be true.
    """

    about: str
    callee: tuple[str, str, str]
    ask: str
    reason: EndReason
    learned: str = ""
    checks: tuple[Check, ...] = ()


SCENES: dict[str, Scene] = {
    "menu": Scene(
        "a phone menu with keys, then a person",
        ("Riverside Clinic", "clinic", "+15195550150"),
        "Ask Riverside Clinic whether the refill of the prescription is ready.",
        EndReason.GOAL_REACHED,
        "refill is ready",
        (pressed("2"), silent_until("this is Dana"), introduced(1)),
    ),
    "menu-spoken": Scene(
        "a menu that wants to be spoken to",
        ("Lakeside Transit", "transit office", "+15195550151"),
        "Ask Lakeside Transit whether the lost umbrella was found.",
        EndReason.GOAL_REACHED,
        "red umbrella",
        (heard_there("lost and found"), introduced(1)),
    ),
    "menu-dead-end": Scene(
        "a menu that leads nowhere",
        ("Dominion Power", "power company", "+15195550152"),
        "Ask Dominion Power what the deposit costs.",
        EndReason.MENU_DEAD_END,
        checks=(pressed_some("0"),),
    ),
    "hold": Scene(
        "hold with music, then a person comes back",
        ("Northside Pharmacy", "drugstore", "+15195550153"),
        "Ask Northside Pharmacy how long they are open.",
        EndReason.GOAL_REACHED,
        "nine o'clock",
        (silent_between("please hold", "Thanks for holding"), introduced(1)),
    ),
    "hold-for-ever": Scene(
        "hold, and nobody ever comes",
        ("Evergreen Travel", "travel agency", "+15195550154"),
        "Ask Evergreen Travel when the office opens, and hold for at most one minute.",
        EndReason.HOLD_TOO_LONG,
    ),
    "voicemail": Scene(
        "voicemail: the message is left behind the beep",
        ("Hillcrest Plumbing", "plumbing", "+15195550155"),
        "Let Hillcrest Plumbing know that the kitchen tap is leaking again.",
        EndReason.VOICEMAIL_LEFT,
        checks=(recorded(DISCLOSURE, "kitchen tap is leaking"),),
    ),
    "voicemail-no-message": Scene(
        "voicemail, but there is nothing to leave",
        ("Birch Lane Upholstery", "upholstery", "+15195550175"),
        "Ask Birch Lane Upholstery when they have time.",
        EndReason.VOICEMAIL,
        checks=(recorded(),),
    ),
    "voicemail-no-beep": Scene(
        "voicemail without a beep",
        ("Corner Bakery", "bakery", "+15195550156"),
        "Let Corner Bakery know that the birthday cake is wanted on Friday.",
        EndReason.VOICEMAIL_LEFT,
        checks=(recorded(DISCLOSURE, "birthday cake"),),
    ),
    "screener": Scene(
        "a call screener asks who calls, and connects",
        ("Alex Morgan", "piano teacher", "+15195550157"),
        "Ask Alex Morgan when the piano lesson is.",
        EndReason.GOAL_REACHED,
        "on Tuesday",
        (introduced(2),),
    ),
    "screener-refuses": Scene(
        "a call screener whose owner does not want to talk",
        ("Jordan Blake", "piano teacher", "+15195550158"),
        "Ask Jordan Blake when the piano lesson is.",
        EndReason.CALLEE_HUNG_UP,
        checks=(introduced(1),),
    ),
    "transfer": Scene(
        "the call is passed on to somebody who knows nothing",
        ("Wellington Books", "book shop", "+15195550159"),
        "Ask Wellington Books whether the atlas has arrived.",
        EndReason.GOAL_REACHED,
        "atlas has arrived",
        (introduced(2),),
    ),
    "talks-over": Scene(
        "somebody who talks over Floyd",
        ("Carla's Hair Studio", "hairdresser", "+15195550160"),
        "Ask Carla's Hair Studio whether they are open on Saturday.",
        EndReason.GOAL_REACHED,
        "ten to four",
        (introduced(1),),
    ),
    "speller": Scene(
        "a name is spelled with pauses",
        ("Nguyen Tailors", "tailor", "+15195550161"),
        "Ask Nguyen Tailors what the name of the tailor is.",
        EndReason.GOAL_REACHED,
        checks=(in_one_line("That is spelled", "E N"),),
    ),
    "mumbler": Scene(
        "somebody who mumbles is asked to say it again",
        ("Kettle Creek Farm", "farm shop", "+15195550162"),
        "Ask Kettle Creek Farm whether they have eggs.",
        EndReason.GOAL_REACHED,
        "six dollars",
        (heard_there("say that again"),),
    ),
    "street": Scene(
        "a call through the noise of a street",
        ("Market Stall", "market", "+15195550163"),
        "Ask Market Stall whether they have honey.",
        EndReason.GOAL_REACHED,
        "honey",
    ),
    "restaurant": Scene(
        "a call into a room full of voices",
        ("Station Bistro", "bistro", "+15195550164"),
        "Ask Station Bistro whether the terrace is open.",
        EndReason.GOAL_REACHED,
        "terrace is open",
    ),
    "interrupter": Scene(
        "somebody who cuts in",
        ("Speedy Print", "print shop", "+15195550165"),
        "Ask Speedy Print whether the posters are ready.",
        EndReason.GOAL_REACHED,
        "posters are ready",
        (introduced(1),),
    ),
    "silence": Scene(
        "somebody picks up and says nothing",
        ("Silent Cellar", "wine shop", "+15195550166"),
        "Ask Silent Cellar whether they are open.",
        EndReason.NO_RESPONSE,
        checks=(introduced(1),),
    ),
    "pause": Scene(
        "somebody who pauses in the middle of a sentence",
        ("Garden Centre", "nursery", "+15195550167"),
        "Ask Garden Centre whether they have roses.",
        EndReason.GOAL_REACHED,
        "forty dollars",
        (in_one_line("We have", "roses for forty dollars"),),
    ),
    "back-channels": Scene(
        "mm-hm and coughs while Floyd speaks",
        ("Paint and Paper", "decorator", "+15195550168"),
        "Ask Paint and Paper whether the new wallpaper for the hall has come.",
        EndReason.GOAL_REACHED,
        "wallpaper has come",
        (uncut("for the hall has come"),),
    ),
    "wait": Scene(
        "Floyd is asked to wait",
        ("Toy Workshop", "toy shop", "+15195550169"),
        "Ask Toy Workshop whether the train is repaired.",
        EndReason.GOAL_REACHED,
        "train is repaired",
        (silent_between("Hold on", "Thanks for waiting", but=2),),
    ),
    "spanish": Scene(
        "somebody who speaks Spanish",
        ("Panadería Sol", "panadería", "+15195550170"),
        "Ask Panadería Sol whether they are open.",
        EndReason.OTHER_LANGUAGE,
    ),
    "french": Scene(
        "somebody who speaks French",
        ("Boulangerie Martin", "boulangerie", "+15195550171"),
        "Ask Boulangerie Martin whether they are open.",
        EndReason.OTHER_LANGUAGE,
    ),
    "no-machines": Scene(
        "somebody who does not talk to machines",
        ("Grumpy Locksmith", "locksmith", "+15195550172"),
        "Ask Grumpy Locksmith what a new lock costs.",
        EndReason.REFUSED_MACHINE,
        checks=(introduced(1),),
    ),
    "wrong-number": Scene(
        "the wrong number",
        ("Piano Tuner", "piano tuner", "+15195550173"),
        "Ask Piano Tuner when they have time.",
        EndReason.WRONG_NUMBER,
        checks=(introduced(1),),
    ),
    "two-people": Scene(
        "two people who also talk to each other",
        ("Fixit Brothers", "bicycle shop", "+15195550174"),
        "Ask Fixit Brothers whether the bicycle is ready.",
        EndReason.GOAL_REACHED,
        "bicycle is ready",
    ),
}
