"""Short things people say on the phone that carry no content of their own: back-channels, greetings, farewells. English."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_BACK_CHANNEL = frozenset(
    re.findall(
        r"\S+",
        """ah aha alright fine good gotcha great hm hmm huh mhm mhmm mm mmhm mmhmm mmm oh ok okay right see sure uh uhhuh um yeah yep yes yup""",
    )
)
_GREETING = frozenset(
    re.findall(
        r"\S+",
        """afternoon can day evening good hello hey hi how i help may morning speaking this is yes you there who anyone allo""",
    )
)
_FAREWELL = frozenset(
    re.findall(
        r"\S+",
        """a again alright and appreciate appreciated are bye byebye care cheers cya day evening for good goodbye goodnight great have her him it
        later lovely luck much nice night no now ok okay one perfect pleasure problem right rest see so soon sounds speak sure take talk tell
        thank thanks that the them then to too very week weekend welcome well wonderful yeah yep yes you you're your the of wishes best calling
        we'll i'll will""",
    )
)


def words_of(text: str) -> list[str]:
    """The words of `text` in lower case, without punctuation."""
    return _WORD.findall(text.lower().replace("’", "'").replace("-", " "))


def is_back_channel(text: str) -> bool:
    """Whether `text` only shows that someone listens ("mm-hm", "okay", "yeah, right"), up to four words. Empty text is not."""
    words = words_of(text)
    if words[:2] == ["i", "see"]:
        words = words[1:]
    joined = "".join(words)
    return 0 < len(words) <= 4 and (all(word in _BACK_CHANNEL for word in words) or joined in _BACK_CHANNEL)


def is_greeting(text: str) -> bool:
    """Whether `text` is what a phone is answered with and asks nothing ("Hello?", "Hi, good morning")."""
    words = words_of(text)
    return 0 < len(words) <= 5 and all(word in _GREETING for word in words)


def is_farewell(text: str) -> bool:
    """Whether `text` only closes a call or acknowledges ("Okay, thanks, you too, bye-bye")."""
    words = words_of(text)
    return 0 < len(words) <= 14 and "?" not in text and all(word in _FAREWELL or word in _BACK_CHANNEL for word in words)
