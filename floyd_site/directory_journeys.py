"""A journey to somebody whom nobody knows yet: found in the directory, called one after the other until one can do it, and remembered."""

from __future__ import annotations

from floyd_site.journeys import Journey
from floyd_site.stage import Stage, must
from floyd_site.terminal.state import RequestState
from requests_app.candidates import read
from requests_app.status import Status

#: The best rated one is closed today, the next one has no time, the third comes.
CLOSED, BOOKED_UP, COMES = "Royal City Plumbing", "Maple Leaf Plumbing", "Speed River Plumbing"
NUMBERS = {CLOSED: "+15195550180", BOOKED_UP: "+15195550181", COMES: "+15195550182"}


async def _plumber(stage: Stage) -> RequestState:
    await stage.forgets(*NUMBERS.values())
    await stage.ask("Book a plumber visit for the leaking kitchen tap.")
    state = await stage.end()
    must(state.request.status == Status.DONE, f"the request ended as {state.request.status}: {state.request.trouble}")
    called = [call.call.number for call in state.calls]
    must(called == [NUMBERS[BOOKED_UP], NUMBERS[COMES]], f"called were {called}: not the open ones, in turn, each once")
    listed = read(state.request.candidates)
    must(listed, "the request shows no candidates")
    assert listed is not None
    found = {one.name: one for one in listed.found}
    must(set(NUMBERS) == set(found), f"the directory listed {sorted(found)}")
    must(found[CLOSED].state == "new" and found[CLOSED].closed_until, f"{CLOSED} is not shown as closed, but as {found[CLOSED].state}")
    must(found[BOOKED_UP].state == "tried" and found[BOOKED_UP].why, f"it is not shown why {BOOKED_UP} would not do")
    must(found[COMES].state == "current", f"{COMES} is shown as {found[COMES].state}")
    must("rated 4.2 of 5" in state.request.number_evidence, f"the evidence is: {state.request.number_evidence}")
    second = state.calls[-1].call.brief
    must(not second["past"], "the second business was told what the first one said")
    must(second["callee_name"] == COMES, f"the second call was for {second['callee_name']}")
    contact = await stage.user.contacts.filter(phone=NUMBERS[COMES]).afirst()
    must(contact and contact.place_id and contact.kind == "plumber" and contact.source == "call", f"{COMES} was not remembered as it should be")
    must(not await stage.user.contacts.filter(phone=NUMBERS[BOOKED_UP]).aexists(), f"{BOOKED_UP} was remembered, though it could not come")
    return state


FOUND: dict[str, Journey] = {"plumber": Journey("plumber", "nobody known: found in the directory, the first has no time, the second comes", _plumber)}
