"""The page of quality: plots drawn here, with the figures behind each as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from calls.review.board import GROUPS, MOST_CALLS, OTHER, PERIODS, Board, Day, board
from calls.review.plots import Column, Plot, stacked
from calls.review.views import staff_page
from context.kept_words import said
from providers.prices import MICROS

SHOWN = [(tone, words) for tone, words, _ in GROUPS] + [OTHER]


@require_GET
@staff_page
def quality(request: HttpRequest) -> HttpResponse:
    """How well calls went lately."""
    asked = request.GET.get("days", "")
    days = next((period for period in PERIODS if str(period) == asked), PERIODS[1])
    found = board(days)
    slowest = max((one.p90 for one in found.latencies), default=1) or 1
    context = {
        "page": "staff",
        "part": "quality",
        "board": found,
        "days": days,
        "periods": PERIODS,
        "groups": SHOWN,
        "plots": plots(found),
        "table": [{"day": day, "counts": [day.groups[tone] for tone, _ in SHOWN]} for day in reversed(found.days)],
        "most": MOST_CALLS,
        "slowest": slowest,
        "mark": max(1, slowest // 150),
    }
    return render(request, "staff/quality.html", context)


def plots(found: Board) -> dict[str, Plot]:
    """The plots of the board, by name."""
    return {
        "calls": stacked([_calls(day) for day in found.days], least_step=1),
        "cut_ins": _single(found.days, "gave-up", lambda day: day.cut_in_share, " %"),
        "bail_outs": _single(found.days, "broken", lambda day: day.bail_out_share, " %"),
        "costs": _single(found.days, "reached", lambda day: day.cost_micros / MICROS),
    }


def _name(day: Day) -> str:
    return str(date_format(day.day, _("j M")))


def _calls(day: Day) -> Column:
    return Column(_name(day), [(day.groups[tone], tone, f"{_name(day)}: {day.groups[tone]}, {said(words)}") for tone, words in SHOWN])


def _single(days: Sequence[Day], tone: str, value: Callable[[Day], float | None], unit: str = "") -> Plot:
    columns = []
    for day in days:
        number = value(day)
        columns.append(Column(_name(day), [] if number is None else [(number, tone, f"{_name(day)}: {number:.2f}{unit}")]))
    return stacked(columns, unit=unit)
