"""What the assistant of Parkview Apartments can do during a call."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from context.dates import moment_in_words, zone
from context.money import parse_amount
from context.when import read_date, read_spoken_time
from use_cases.apartments import catalogue
from use_cases.apartments.availability import Asked, Availability, Finding
from use_cases.apartments.catalogue import Claim, Topic, Unit, read_kind, read_layout
from use_cases.apartments.models import Apartment, Tour
from use_cases.apartments.stock import data, rules
from use_cases.apartments.telling import in_words, words_about, words_of_all
from use_cases.apartments.touring import BusyThenError, NotFreeError, book, call_off, look, tours_of
from use_cases.confirming import text_caller
from use_cases.live_agent import live_agent
from use_cases.on_file import BY_TEXT, NOT_TOLD, TEXTED, may_hear, text_what_is_kept
from use_cases.tooling import ToolContext, ToolRefusedError, ToolResult, tool

__all__ = ["live_agent"]
DAY = "the day, as the caller says it or as YYYY-MM-DD"
TIME = "the time of day, in any form"
KIND = "self-guided, or agent-led (also called in person)"
WHICH = "Ask which day and time they mean."
LAYOUT = "studio, one-bedroom, two-bedroom or three-bedroom"


class _Arguments(BaseModel):
    """Nothing but what is listed."""

    model_config = ConfigDict(extra="forbid")


class ListApartments(_Arguments):
    """What `list_available_apartments` takes; nothing is needed."""

    move_in_date: str = Field(default="", description=f"{DAY}; empty: any")
    budget: str = Field(default="", description="most rent a month, such as $1,500; empty: any")
    layout: str = Field(default="", description=f"{LAYOUT}; empty: any")


class WantedTour(_Arguments):
    """What a tour needs. What the caller has not said stays empty."""

    date: str = Field(default="", description=DAY)
    time: str = Field(default="", description=TIME)
    tour_type: str = Field(default="", description=KIND)
    layout: str = Field(default="", description=LAYOUT)


class TourAt(_Arguments):
    """Which tour of the caller's."""

    date: str = Field(description=DAY)
    time: str = Field(description=TIME)


class WhichTour(_Arguments):
    """A tour of the caller's, or all of them."""

    date: str = Field(default="", description=f"{DAY}; empty: all")
    time: str = Field(default="", description=f"{TIME}; empty: all")


class Question(_Arguments):
    """What `common_questions` takes."""

    topic: Topic
    layout: str = Field(default="", description=f"{LAYOUT}; empty: all of them")


class Said(_Arguments):
    """What `check_claim` takes."""

    layout: str = Field(description=LAYOUT)
    about: Claim
    said: str = Field(max_length=100, description="what the caller says it is, such as $900 or 500")


@tool(reads=True, filler="One moment, I'll look what is available.")
def list_available_apartments(context: ToolContext, arguments: ListApartments) -> ToolResult:
    """Lists the apartments that are available, by day of moving in, budget and layout, as far as the caller named them."""
    budget = parse_amount(arguments.budget, data()["building"]["currency"]) if arguments.budget.strip() else None
    if arguments.budget.strip() and budget is None:
        raise ToolRefusedError("The budget was not clear. Ask for one amount a month.")
    by = _day(arguments.move_in_date, context) if arguments.move_in_date.strip() else None
    layout = _layout(arguments.layout) if arguments.layout.strip() else None
    every = _units(context)
    found = catalogue.matching(every, layout=layout, budget_minor=budget.minor if budget else None, by=by)
    told: dict[str, Any] = {"apartments": [catalogue.in_one_line(unit) for unit in found]}
    if not found:
        told["none_fits"] = "Nothing fits all of that. Say so, and offer what comes nearest."
        told["all_apartments"] = [catalogue.in_one_line(unit) for unit in catalogue.matching(every)]
    return ToolResult(told)


@tool(reads=True, filler="One moment, I'll look at the calendar.")
def check_availability(context: ToolContext, arguments: WantedTour) -> ToolResult:
    """Checks when a tour is possible. Always use it before scheduling; leave out what the caller has not said."""
    return ToolResult(_told(look(_asked(context, arguments), context.now)))


@tool(exclusive=True, filler="One moment, I'll put that down.")
def schedule_tour(context: ToolContext, arguments: WantedTour) -> ToolResult:
    """Schedules a tour, once the caller has agreed to exactly this day, time, tour type and layout."""
    asked = _asked(context, arguments)
    if asked.at is None:
        raise ToolRefusedError("Ask for the time first.")
    try:
        tour = book(caller=context.caller, asked=asked, key=f"{context.call_id}:{context.key}", now=context.now)
    except NotFreeError as error:
        return ToolResult({"scheduled": False, **_told(error.instead)})
    except BusyThenError:
        raise ToolRefusedError("The caller has another tour at that time. Tell them, and offer another time.") from None
    return ToolResult({"scheduled": True, "tour": in_words(tour), "next": "Offer a confirmation by text message."})


@tool(reads=True, filler="One moment, I'll look at your appointments.")
def existing_appointments(context: ToolContext, arguments: WhichTour) -> ToolResult:
    """Lists the tours that this caller has scheduled; with the day and time that they name, says whether there is one then."""
    tours = tours_of(context.caller, context.now)
    if arguments.date.strip() or arguments.time.strip():
        tour = _named(context, arguments.date, arguments.time)
        return ToolResult({"tours": [in_words(tour)] if tour else [], **({} if tour else {"next": f"There is none then. {WHICH}"})})
    if context.attested:
        return ToolResult({"tours": [in_words(tour) for tour in tours]})
    here = [in_words(tour) for tour in tours if _made_here(tour, context)]
    return ToolResult({"tours_of_this_call": here, "not_told": NOT_TOLD, "next": f"Ask for the day and time of a tour, to confirm it. {BY_TEXT}"})


@tool(exclusive=True)
def cancel_tour(context: ToolContext, arguments: TourAt) -> ToolResult:
    """Calls off a tour of this caller's, once they have said which and that they mean it."""
    named = _named(context, arguments.date, arguments.time)
    tour = call_off(caller=context.caller, starts_at=named.starts_at, now=context.now) if named else None
    if tour is None:
        raise ToolRefusedError(f"The caller has no tour at that time. {WHICH}")
    return ToolResult({"cancelled": in_words(tour)})


@tool(reads=True)
def common_questions(context: ToolContext, arguments: Question) -> ToolResult:
    """Answers questions about pets, fees, parking, specials, income, utilities, the address or features, from what is on file."""
    layout = _layout(arguments.layout) if arguments.layout.strip() else None
    units = [unit for unit in _units(context) if layout in (None, unit.layout)]
    return ToolResult({"answer": catalogue.answer(units, arguments.topic)})


@tool(reads=True)
def check_claim(context: ToolContext, arguments: Said) -> ToolResult:
    """Compares what the caller says about an apartment with what is on file. Use it whenever they state a rent, size, fee, date or number."""
    layout = _layout(arguments.layout)
    unit = next(unit for unit in _units(context) if unit.layout == layout)
    checked = catalogue.check_claim(unit, arguments.about, arguments.said, _today(context))
    advice = {
        True: "They are right.",
        False: "They are mistaken: correct them politely.",
        None: "It was not clear what they meant: say what is on file.",
    }
    return ToolResult({"on_file": checked.truth, "caller_is_right": checked.right, "next": advice[checked.right]})


@tool()
def send_confirmation(context: ToolContext, arguments: WhichTour) -> ToolResult:
    """Texts the caller a confirmation of a tour that is scheduled, or of all their tours, when they say that they want it."""
    if not arguments.date.strip() and not arguments.time.strip():
        tours = tours_of(context.caller, context.now)
        if not text_what_is_kept(context, words_of_all(tours), of="tours"):
            return ToolResult({"sent": TEXTED})
        return ToolResult({"sent": f"a text message with {len(tours)} tours" if tours else "nothing: they have no tours"})
    tour = _named(context, arguments.date, arguments.time)
    if tour is None:
        raise ToolRefusedError(f"There is no tour at that time. {WHICH}")
    text_caller(context, words_about(tour, "tour_confirmed"))
    return ToolResult({"sent": "a text message"})


def _units(context: ToolContext) -> list[Unit]:
    return [apartment.unit(_today(context)) for apartment in Apartment.objects.filter(offered=True)]


def _layout(said: str) -> str:
    layout = read_layout(said)
    if layout is None or not Apartment.objects.filter(layout=layout, offered=True).exists():
        raise ToolRefusedError(f"There is no such layout. Ask which one: {LAYOUT}.")
    return layout


def _day(said: str, context: ToolContext) -> date:
    day = read_date(said, _today(context))
    if day is None:
        raise ToolRefusedError("That day is past, or was not clear. Ask for a day from today on.")
    return day


def _asked(context: ToolContext, arguments: WantedTour) -> Asked:
    """What was said, read. What was said and cannot be read is asked for again."""
    at = read_spoken_time(arguments.time) if arguments.time.strip() else None
    if arguments.time.strip() and at is None:
        raise ToolRefusedError("The time was not clear. Ask for one time of day.")
    kind = read_kind(arguments.tour_type)
    if arguments.tour_type.strip() and kind is None:
        raise ToolRefusedError("Ask whether the tour should be self-guided or led by an agent.")
    day = _day(arguments.date, context) if arguments.date.strip() else None
    return Asked(day, at, kind, _layout(arguments.layout) if arguments.layout.strip() else None)


def _told(found: Availability) -> dict[str, Any]:
    """The answer for the model."""
    times = [moment_in_words(slot, rules().time_zone) for slot in found.slots]
    match found.finding:
        case Finding.MISSING:
            return {"missing": list(found.missing), "next": f"Ask for the {found.missing[0]} first."}
        case Finding.FREE:
            return {"available": True, "time": times[0], "next": "Ask whether to schedule it."}
        case Finding.OTHER_TIMES:
            return {"available": False, "other_times_that_day": times}
        case Finding.OTHER_DAYS:
            return {"available": False, "nothing_that_day": True, "other_days": times}
        case Finding.NONE:
            return {"available": False, "next": "No tours can be had in the coming days. Offer to connect them to an agent."}


def _today(context: ToolContext) -> date:
    return context.now.astimezone(zone(rules().time_zone)).date()


def _local(tour: Tour) -> tuple[date, time]:
    local = tour.starts_at.astimezone(zone(rules().time_zone))
    return local.date(), local.time()


def _named(context: ToolContext, day: str, clock: str) -> Tour | None:
    """The caller's tour at the day and time that they name; None: there is none, or they may not hear of it."""
    asked = _asked(context, WantedTour(date=day, time=clock))
    if asked.day is None or asked.at is None:
        raise ToolRefusedError("Ask for both the day and the time of the tour.")
    found = next((tour for tour in tours_of(context.caller, context.now) if _local(tour) == (asked.day, asked.at)), None)
    if found is not None and _made_here(found, context):
        return found
    named = f"tour {asked.day.isoformat()} {asked.at.isoformat()}"
    return found if may_hear(context, named=named, right=found is not None) else None


def _made_here(tour: Tour, context: ToolContext) -> bool:
    """Whether whoever is on the phone scheduled it in this call."""
    return tour.key.startswith(f"{context.call_id}:")
