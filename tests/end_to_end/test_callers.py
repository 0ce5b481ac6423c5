"""People ring and get what they want, whichever line carries their call: the same rows are left behind, each once.

Between them: a key, a key that does nothing, digits up to the hash key, words over a long answer, two tools at once, one that fails, one that
refuses, a socket that breaks, a person who takes over, and one who does not pick up.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.end_to_end.calling import PEOPLE, SCRIPTS, ScriptedCaller, leave_alone_until, settle_in, tree_with_another_use_case
from tests.end_to_end.processes import running

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(600), pytest.mark.xdist_group("end_to_end")]

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
}
NOTHING = {name: [] for name in ROWS} | {"PIN": [(0,)]}
TOUR = {"date": "tomorrow", "time": "2 p.m.", "layout": "two-bedroom", "tour_type": "self-guided"}
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
            ("read_back_order", "ok", {}),
            ("place_order", "ok", {}),
        ],
        "orders": [("pickup", 2194, True)],
        "order lines": [("Hawaiian", "large", ["Mushroom"], 1, "")],
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
    "omar": (
        "select 1 from calls_carrierevent where payload->>'about' = {call}::text "
        "and (payload->>'SessionStatus' = 'failed' or payload->>'StreamEvent' = 'stream-error')"
    ),
}


@pytest.fixture(scope="module", params=LINES)
def line(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def calls(line: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[ScriptedCaller]]]:
    """The calls of all who were selected, several at a time; each gives its caller when it is over."""
    wanted = {item.callspec.params["name"] for item in request.session.items if item.path == request.path and item.callspec.params["line"] == line}
    root = tree_with_another_use_case(tmp_path_factory.mktemp("tree") / "floyd")
    with running(tmp_path_factory.mktemp("floyd"), root=root, CALL_LINE=line, SANDBOX_PEOPLE=str(SCRIPTS)) as processes:
        settle_in(processes)
        with ThreadPoolExecutor(TOGETHER) as hands:
            # Whose socket breaks is alone until it is sure that it will be theirs; of the others the longest come first.
            found = {"omar": _with_a_socket_that_breaks(hands, ScriptedCaller(processes, "omar"), line)} if "omar" in wanted else {}
            found |= {name: hands.submit(_call, ScriptedCaller(processes, name)) for name in ("ivy", "nora", "dana", "tom") if name in wanted}
            yield found


def _with_a_socket_that_breaks(hands: ThreadPoolExecutor, caller: ScriptedCaller, line: str) -> Future[ScriptedCaller]:
    place = "media.socket" if line == "media_stream" else "relay.socket"
    caller.control("faults", {place: {"mode": "drop", "after_ms": 2500}})
    caller.rings()
    caller.until(lambda: place not in caller.control("faults")["on"], "the socket is to break")
    return hands.submit(caller.hangs_on)


def _call(caller: ScriptedCaller) -> ScriptedCaller:
    if caller.name == "nora":
        asked = "select 1 from use_cases_toolrun where call_id = {call} and name = 'existing_appointments' and result is not null"
        leave_alone_until(caller, "use_cases_tour", asked, then=caller.rings)
    else:
        caller.rings()
    return caller.hangs_on()


@pytest.mark.parametrize("name", PEOPLE)
def test_a_caller_leaves_the_same_rows_on_every_line(calls: dict[str, Future[ScriptedCaller]], line: str, name: str) -> None:
    caller = calls[name].result()
    found = {what: caller.leaves(query, LEFT[name][what]) for what, query in ROWS.items()}
    assert found == LEFT[name], caller.report()
    assert caller.rows(SHOWS.get(name, "select true")), f"{name} was not played as meant\n{caller.report()}"
    assert caller.rows("select line, direction, status from calls_call where id = {call}") == [(line, "inbound", "completed")]
