"""A callee who is busy gets it short: name, need, numbers, done. English; pure text."""

from __future__ import annotations

import re

#: How many clauses a reply may have then; one that asks or holds a number is always said.
MOST_CLAUSES = 2
_SHORT = re.compile(
    r"\b(?:(?:be|make it|keep it|please be) (?:quick|brief|short)|i'm (?:really |very |a bit |kind of )?(?:busy|in a hurry|with a customer)"
    r"|(?:we're|it's) (?:really |very )?busy|in a hurry|hurry up|get to the point|no time|don't have (?:much |a lot of |any )?time"
    r"|only have a (?:minute|second))\b",
    re.I,
)


def wants_it_short(text: str) -> bool:
    """Whether the callee says that there is little time."""
    return bool(_SHORT.search(text.replace("’", "'")))


def can_go(clause: str) -> bool:
    """Whether a clause can be left out: it asks nothing and holds no number."""
    return not clause.rstrip().endswith("?") and not any(char.isdigit() for char in clause)
