"""People ring and get what they want, whichever line carries their call: the same rows are left behind, each once.

Between them: a key, a key that does nothing, digits up to the hash key, words over a long answer, two tools at once, one that fails, one that
refuses, a socket that breaks, a language that the call goes over to, a person who takes over, one who does not pick up, and a business that calls
back about what Floyd called it for.
"""

from __future__ import annotations

import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.end_to_end.calling import SCRIPTS, ScriptedCaller, leave_alone_until, settle_in, tree_with_another_use_case
from tests.end_to_end.processes import running

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(900), pytest.mark.xdist_group("end_to_end")]

LINES = ("media_stream", "conversation_relay")
#: Real sound takes a third of a core for each call: more at a time would starve each other on a small machine.
TOGETHER = 3
#: What is compared, by name: of the call, and of everything that it wrote.
ROWS = {
    "call": "select end_reason, disclosure_played_at is not null from calls_call where id = {call}",
    "caller": (
        "select first_name, last_name, email, caller.use_case, slug from use_cases_inboundcall taken "
        "join use_cases_caller caller on caller.id = caller_id join use_cases_usecaseversion version on version.id = version_id "
        "join use_cases_usecase used on used.id = use_case_id where call_id = {call}"
    ),
    "tools": (
        "select name, coalesce(result->>'reason', 'ok'), arguments from use_cases_toolrun where call_id = {call} "
        "order by split_part(key, '.', 1) <> (select split_part(key, '.', 1) from use_cases_toolrun where call_id = {call} order by id limit 1), "
        "split_part(key, '.', 2)"
    ),
    "tours": (
        "select layout, kind, (starts_at at time zone 'America/Denver')::time::text from use_cases_tour tour "
        "join use_cases_apartment apartment on apartment.id = apartment_id join use_cases_caller caller on caller.id = caller_id "
        "where number = %(number)s and cancelled_at is null"
    ),
    "orders": "select kind, total_minor, placed_at is not null from use_cases_order where call_id = {call}",
    "order lines": (
        "select name, size, toppings, quantity, note from use_cases_orderline line join use_cases_order placed on placed.id = order_id "
        "where call_id = {call}"
    ),
    "texts": "select template from requests_app_message where peer = %(number)s and template <> ''",
    "requests": "select ask, channel, status, plan->>'kind' from requests_app_request where client_key like 'call:' || {call}::text || ':%%'",
    "hand-offs": "select code, state from use_cases_handoff where call_id = {call}",
    "PIN": "select count(*) from use_cases_pingiven where call_id = {call}",
    "called about": (
        "select status, outcome->>'achieved' from requests_app_request where id in "
        "(select request_id from calls_call where number = %(number)s and direction = 'outbound')"
    ),
    "calendar": (
        "select title, to_char(starts_at at time zone 'America/Toronto', 'FMDay HH24:MI') from context_calendarentry where "
        "split_part(source_ref, ':', 2) in (select request_id::text from calls_call where number = %(number)s and direction = 'outbound')"
    ),
}
NOTHING = {name: [] for name in ROWS} | {"PIN": [(0,)]}
TOUR = {"date": "tomorrow", "time": "2 p.m.", "layout": "two-bedroom", "tour_type": "self-guided"}
STUDIO = {"date": "tomorrow", "time": "10:00", "layout": "studio", "tour_type": "self-guided"}
LEFT = {
    "nora": NOTHING
    | {
        "call": [("finished", True)],
        "caller": [("Nora", "Lindqvist", "", "apartments", "apartments")],
        "tools": [
            ("existing_appointments", "temporary_trouble", {}),
            ("list_available_apartments", "ok", {"layout": ""}),
            ("common_questions", "ok", {"topic": "pets", "layout": ""}),
            ("check_availability", "ok", TOUR),
            ("schedule_tour", "ok", TOUR),
            ("send_confirmation", "ok", {"date": "tomorrow", "time": "2 p.m."}),
        ],
        "tours": [("two-bedroom", "self-guided", "14:00:00")],
        "texts": [("tour_confirmed",)],
    },
    "omar": NOTHING
    | {
        "call": [("finished", True)],
        "caller": [("Omar", "Haddad", "", "restaurant", "restaurant")],
        "tools": [
            ("start_order", "ok", {"kind": "pickup", "address": ""}),
            ("add_item", "refused", {"item": "lasagna", "size": "large", "quantity": 1, "note": "", "toppings": []}),
            ("add_item", "ok", {"item": "Hawaiian", "size": "large", "quantity": 1, "note": "", "toppings": ["mushroom"]}),
            ("add_item", "ok", {"item": "Caesar salad", "size": "", "quantity": 1, "note": "", "toppings": []}),
            ("change_item", "ok", {"line": 1, "size": "medium"}),
            ("remove_item", "ok", {"line": 2}),
            ("read_back_order", "ok", {}),
            ("place_order", "ok", {}),
        ],
        "orders": [("pickup", 1794, True)],
        "order lines": [("Hawaiian", "medium", ["Mushroom"], 1, "")],
    },
    "dana": NOTHING
    | {
        "call": [("handed_off", True)],
        "caller": [("Dana", "Whitfield", "", "apartments", "apartments")],
        "tools": [
            ("save_name", "ok", {"first_name": "Dana", "last_name": "Whitfield"}),
            ("list_experiences", "ok", {}),
            ("choose_experience", "ok", {"title": "Parkview Apartments"}),
            ("live_agent", "ok", {"reason": "financial", "summary": "The caller said: I was charged twice and I want a refund."}),
        ],
        "hand-offs": [("financial", "taken")],
    },
    "tom": NOTHING
    | {
        "call": [("finished", True)],
        "caller": [("", "", "", "", "floyd_line")],
        "tools": [
            ("enter_pin", "ok", {"pin": "•••"}),
            ("make_request", "ok", {"wish": "When is my next dentist appointment?"}),
            ("how_things_stand", "ok", {}),
        ],
        "requests": [("When is my next dentist appointment?", "call", "done", "answer")],
        "PIN": [(1,)],
    },
    "wilma": NOTHING
    | {
        "call": [("finished", True)],
        "caller": [("", "", "", "", "floyd_line")],
        "tools": [
            ("why_floyd_called", "ok", {}),
            ("why_floyd_called", "ok", {"for_whom": "Tom Redmond"}),
            ("settle_call_back", "ok", {"achieved": "yes", "item": "", "when": "Thursday at 9:30 a.m.", "price": ""}),
        ],
        "called about": [("done", "yes")],
        "calendar": [("Cleaning, Wellington Dental", "Thursday 09:30")],
    },
    "amelie": NOTHING
    | {
        "call": [("finished", True)],
        "caller": [("Amélie", "Roy", "", "apartments", "apartments")],
        "tools": [
            ("common_questions", "ok", {"topic": "pets", "layout": ""}),
            ("check_availability", "ok", STUDIO),
            ("schedule_tour", "ok", STUDIO),
        ],
        "tours": [("studio", "self-guided", "10:00:00")],
    },
    "ivy": NOTHING
    | {
        "call": [("finished", True)],
        "caller": [("Ivy", "Okafor", "", "greenhouse", "greenhouse")],
        "tools": [
            ("plants_in_stock", "ok", {}),
            ("live_agent", "ok", {"reason": "user-requested", "summary": "The caller said: I want to talk to a real person."}),
            ("plants_in_stock", "ok", {}),
        ],
        "hand-offs": [("user-requested", "nobody")],
    },
}
#: What shows that a call went as its script wants it, where the rows above would be the same without.
SHOWS = {
    "nora": (
        "select 1 from calls_transcriptline where call_id = {call} and speaker = 'floyd' and text <> intended and intended like '%%three-bedroom%%'"
    ),
    "amelie": (
        "select 1 from calls_transcriptline where call_id = {call} and speaker = 'floyd' and text like '%%Pour le studio : les animaux ne sont pas%%'"
    ),
    "omar": (
        "select 1 from calls_carrierevent where payload->>'about' = {call}::text "
        "and (payload->>'SessionStatus' = 'failed' or payload->>'StreamEvent' = 'stream-error')"
    ),
}


@pytest.fixture(scope="module", params=LINES)
def line(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def played(line: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Plays who was selected; gives for each what is not as it should be.

    Whose call went wrong is played once more, alone and in processes of their own: a call that starved beside others is told apart so from one
    that does not work.
    """
    here = [item.callspec.params for item in request.session.items if item.path == request.path]
    names = [params["name"] for params in here if params["line"] == line]
    wrong = _play(tmp_path_factory.mktemp("floyd"), line, names, TOGETHER)
    if again := [name for name in names if wrong[name]]:
        # Seen in pytest's summary: a call that needs a second try is looked into, not lived with.
        warnings.warn(f"played once more: {', '.join(again)}\n" + "\n".join(wrong[name] for name in again), stacklevel=1)
        wrong |= _play(tmp_path_factory.mktemp("again"), line, again, 1)
    return wrong


def _play(home: Path, line: str, names: list[str], together: int) -> dict[str, str]:
    """What is wrong with each call; empty: nothing."""
    root = tree_with_another_use_case(home / "tree")
    with running(home, root=root, CALL_LINE=line, SANDBOX_PEOPLE=str(SCRIPTS)) as processes:
        settle_in(processes)
        longest_first = [name for name in ("omar", "ivy", "nora", "amelie", "dana", "tom", "wilma") if name in names]
        callers = {name: ScriptedCaller(processes, name) for name in longest_first}
        with ThreadPoolExecutor(together) as hands:
            if "omar" in callers:
                # They ring alone until it is sure that it is their socket that breaks.
                _ring_with_a_socket_that_breaks(callers["omar"], line)
            calls = {name: hands.submit(_wrong, caller, line) for name, caller in callers.items()}
        return {name: call.result() for name, call in calls.items()}


def _ring_with_a_socket_that_breaks(caller: ScriptedCaller, line: str) -> None:
    place = "media.socket" if line == "media_stream" else "relay.socket"
    caller.control("faults", {place: {"mode": "drop", "after_ms": 2500}})
    caller.rings()
    caller.until(lambda: place not in caller.control("faults")["on"], "the socket is to break")


def _wrong(caller: ScriptedCaller, line: str) -> str:
    """What is wrong with a call, once it is over."""
    try:
        if caller.name == "nora":
            failed = "select 1 from use_cases_toolrun where call_id = {call} and name = 'existing_appointments' and result is not null"
            leave_alone_until(caller, "use_cases_tour", failed, then=caller.rings)
        elif caller.name != "omar":
            caller.rings()
        caller.hangs_on()
    except TimeoutError as error:
        return f"{error}\n{caller.report()}"
    wanted = LEFT[caller.name]
    found = {what: caller.leaves(query, wanted[what]) for what, query in ROWS.items()}
    wrong = [f"{what}: {found[what]} and not {wanted[what]}" for what in ROWS if found[what] != wanted[what]]
    if not caller.rows(SHOWS.get(caller.name, "select true")):
        wrong.append("it was not played as its script means it")
    if (row := caller.rows("select line, direction, status from calls_call where id = {call}")) != [(line, "inbound", "completed")]:
        wrong.append(f"the call is {row}")
    return "\n".join([*wrong, caller.report()]) if wrong else ""


@pytest.mark.parametrize("name", LEFT)
def test_a_caller_leaves_the_same_rows_on_every_line(played: dict[str, str], name: str) -> None:
    assert not played[name], played[name]
