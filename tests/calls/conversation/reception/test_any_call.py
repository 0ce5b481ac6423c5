"""Whatever happens, in whatever order, to a call that came in: nothing raises, nothing is said after the end, no tool call lacks its result."""

from hypothesis import given, settings
from hypothesis import strategies as st

from calls.conversation.events import KeyPressed, LineOpened, ToolFinished
from calls.conversation.reception.use_case import MAIN_MENU, Changes
from tests.calls.conversation.any_events import EVENTS
from tests.calls.conversation.reception.greenhouse import MENU, ORDER, Ringing, greenhouse

RUNS = st.sampled_from(["t1", "t2", "t3", "t9"])
OTHER = greenhouse(slug="garage", prompt="You answer for a garage.", greeting="The garage's AI assistant.", tools=(ORDER, MENU), menu=True)
DONE = st.builds(
    ToolFinished,
    RUNS,
    st.just({"x": 1}),
    st.booleans(),
    say=st.sampled_from(["", "There."]),
    end=st.booleans(),
    hand_off=st.sampled_from([None, ("legal", "x")]),
    start=st.sampled_from([None, OTHER]),
    changes=st.sampled_from([None, Changes(1, "More.", (ORDER,), {"1": {"say": "One."}}), Changes(2, "", (MENU,), {"2": {"model": True}})]),
)
ANYTHING = st.one_of(EVENTS, DONE, st.builds(KeyPressed, st.sampled_from("0123456789*#")))
WISHES = st.lists(
    st.tuples(st.sampled_from(["list_plants", "place_order", "end_call", "fly", MAIN_MENU]), st.sampled_from(["{}", "no json"])), max_size=4
)


@settings(max_examples=60)
@given(st.lists(st.one_of(ANYTHING, WISHES, st.integers(0, 9_000)), max_size=40))
def test_a_call_survives_anything(steps):
    line = Ringing(greenhouse(menu=True))
    line.feed(LineOpened())
    for step in steps:
        if isinstance(step, int):
            line.wait(step)
        elif isinstance(step, list):
            if line.asks:
                line.model("All right.", *step)
        else:
            line.feed(step)
        if line.asks:
            line.prompt_is_valid()
    line.wait(2_000_000)
    assert line.ended is not None
    assert line.timers == {}
