"""What a user tells Floyd to remember, in plain words: facts with topics, saved at once when they are clear and shown first when not."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from context import services as knowledge
from context.models import Fact, FactStatus, Sensitivity, Source, User
from context.proposals import is_known_fact
from providers.types import ProviderError
from requests_app.intake import clean_ask
from requests_app.learning.form import Relation
from requests_app.learning.from_words import read
from requests_app.learning.grounded import Learned, sensitivity_of

log = logging.getLogger(__name__)

#: Somebody waits for the page.
PATIENCE_S = 8.0
STATEMENT_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Told:
    """What became of the words: facts that were saved, or statements to look at first. Both empty: all of it was known."""

    saved: list[Fact]
    unsure: list[Learned]


def tell(*, user: User, words: str) -> Told:
    """Takes what a user says for Floyd to remember. With the thinker down the words are one fact as they are.

    Raises:
        InvalidAsk: no text, or too much.
    """
    said = clean_ask(words)
    whole = Learned(said[:STATEMENT_LENGTH], "", "", sensitivity_of(said))
    try:
        found = read(user=user, said=[said], purpose="told", timeout_s=PATIENCE_S)
    except ProviderError as error:
        log.info("told words are kept as they are (permanent: %s)", error.permanent)
        return Told([], [whole]) if len(said) > STATEMENT_LENGTH else Told(save(user=user, facts=[whole]), [])
    clear = found.sure and all(fact.relation is not Relation.CONTRADICTS for fact in found.facts)
    if found.facts and clear:
        return Told(save(user=user, facts=found.facts), [])
    return Told([], found.facts or [whole])


@transaction.atomic
def save(*, user: User, facts: Sequence[Learned]) -> list[Fact]:
    """Saves statements that the user stands by. What is known is left, what was refused or taken back before counts again."""
    saved = []
    for learned in facts:
        fields = {"about": learned.about, "topic": learned.topic, "sensitivity": Sensitivity(learned.sensitivity)}
        known = Fact.objects.filter(user=user, pk=learned.known, status=FactStatus.CONFIRMED).first() if learned.known else None
        if known is not None:
            saved.append(knowledge.supersede_fact(fact=known, statement=learned.statement, source=Source.TOLD, **fields))
        elif not is_known_fact(user, learned.statement, counting_only=True):
            saved.append(knowledge.add_fact(user=user, statement=learned.statement, source=Source.TOLD, **fields))
    return saved
