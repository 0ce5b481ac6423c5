"""Words that callers use whatever they want: a yes, a day, a time of day, a size. In the English of the rules."""

from __future__ import annotations

import re

YES = re.compile(r"\b(?:yes|yeah|sure|please do|that's right|that is right|correct)\b", re.I)
DAY = re.compile(r"\b(today|tomorrow|(?:next )?(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b", re.I)
#: A part of a pattern: a bare number is one, too.
HOUR = r"(?:\d{1,2}(?::\d\d)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon)(?: ?[ap]\.? ?m\b\.?| o'clock)?"
