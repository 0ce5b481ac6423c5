"""Has the thinker read a user's words, and checks what it found in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from context.models import Fact, Sensitivity, User
from context.selectors import confirmed_facts
from providers.types import Usage
from requests_app import thinking
from requests_app.learning.form import NAME, LearnedFacts, messages
from requests_app.learning.grounded import Learned, grounded

#: The most known facts that the thinker compares with: those with words of what was said first.
MOST_KNOWN = 40


@dataclass(frozen=True, slots=True)
class Read:
    """What the words say; `sure` when they can hardly be meant otherwise and nothing of the form had to be dropped."""

    facts: list[Learned]
    sure: bool
    usage: Usage


def read(*, user: User, said: Sequence[str], purpose: str, timeout_s: float = thinking.FILL_TIMEOUT_S) -> Read:
    """The lasting statements in what a user said.

    Args:
        purpose: "told" or "request", see the form's rules.

    Raises:
        ProviderError: the thinker is down, or filled nothing.
    """
    known = [{"id": f"fact:{fact.pk}", "statement": fact.statement} for fact in _comparable(user, said)]
    prompt = messages(said=said, known=known, user_name=user.name, purpose=purpose)
    form, usage = thinking.fill(LearnedFacts, name=NAME, model=settings.OPENAI_OUTCOME_MODEL, messages=prompt, timeout_s=timeout_s)
    facts = grounded(form, said=said, known_ids={one["id"] for one in known}, user_name=user.name)
    return Read(facts, form.sure and len(facts) == len(form.facts), usage)


def _comparable(user: User, said: Sequence[str]) -> list[Fact]:
    """Facts that may be shared, as no prompt holds others; those that share words with what was said first, then the newest."""
    words = {word for word in " ".join(said).casefold().split() if len(word) > 2}
    facts = list(confirmed_facts(user).filter(sensitivity=Sensitivity.SHARE).order_by("-pk")[:2000])
    facts.sort(key=lambda fact: -len(words & set(f"{fact.statement} {fact.about} {fact.topic}".casefold().split())))
    return facts[:MOST_KNOWN]
