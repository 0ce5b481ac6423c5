"""Finding rows by the words of an ask: stems and beginnings of words, rare words before common ones.

PostgreSQL's own full-text search, with nothing contributed: every searchable row has a generated column `words` under the configuration
`simple`, with a GIN index. What a language does to words is done to the ask instead: its stop words go, and of each word the part that
it shares with its stem is looked for as the beginning of a word ("deliveries" finds "delivery", "delivered" and "deliver").
One index serves all languages so.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from itertools import takewhile
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import F, QuerySet, Value

MOST_WORDS = 40
#: Of one word, so many rows at most, the newest: a word that is everywhere tells little.
MOST_OF_A_WORD = 200
#: Shorter beginnings fit too much; such a word is looked for as it is.
SHORTEST_BEGINNING = 3
_STEMS = {"en": "english", "fr": "french", "de": "german", "es": "spanish", "it": "italian", "pt": "portuguese", "nl": "dutch"}
_LEXEMES = """
select word, ts_lexize(%(dictionary)s::regdictionary, word)
from unnest(%(words)s::text[]) with ordinality as given(word, place) order by place
"""


def ranked(rows: QuerySet[Any], text: str, language: str) -> list[int]:
    """Primary keys of `rows` (of a model with a column `words`) that the words of `text` fit, best first.

    Args:
        language: of the text, e.g. en-US.
    """
    hits = _hits(rows, terms(text, language))
    found = Counter(term for _, term, _ in hits)
    scores: dict[int, float] = defaultdict(float)
    for key, term, rank in hits:
        scores[key] += rank / math.sqrt(found[term])
    return sorted(scores, key=lambda key: (-scores[key], -key))


def _hits(rows: QuerySet[Any], wanted: list[str]) -> list[tuple[int, int, float]]:
    """(primary key, number of the term, rank), in one statement with one part for each term."""
    parts = []
    for number, term in enumerate(wanted):
        query = SearchQuery(term, config="simple", search_type="raw")
        part = rows.filter(words=query).annotate(term=Value(number), rank=SearchRank(F("words"), query))
        # The sum keeps PostgreSQL from walking the primary key backwards through everybody's rows for the newest ones.
        parts.append(part.order_by((F("pk") + 0).desc()).values_list("pk", "term", "rank")[:MOST_OF_A_WORD])
    if not parts:
        return []
    return list(parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0])


def terms(text: str, language: str) -> list[str]:
    """What to look for, in the syntax of `to_tsquery`; words that a language has everywhere are left out."""
    words = list(dict.fromkeys(re.findall(r"[^\W_]{2,}", text.casefold())))
    stems = _STEMS.get(language.partition("-")[0].lower())
    with connection.cursor() as cursor:
        cursor.execute(_LEXEMES, {"dictionary": f"{stems}_stem" if stems else "simple", "words": words[: 4 * MOST_WORDS]})
        lexemes = [(word, stem) for word, stem in cursor.fetchall() if stem != []]
    return [_term(word, (stem or [word])[0]) for word, stem in lexemes[:MOST_WORDS]]


def _term(word: str, stem: str) -> str:
    stem = stem.rstrip("i")  # what English makes of a "y" at the end
    beginning = "".join(mine for mine, _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, stem, strict=False)))
    return f"'{beginning}':*" if len(beginning) >= SHORTEST_BEGINNING else f"'{word}'"
