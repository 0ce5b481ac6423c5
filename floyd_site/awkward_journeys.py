"""Journeys with people who are not easy to talk to: menus, hold, mailboxes, screeners, noise. `make demo JOURNEY=menu` plays one of them."""

from __future__ import annotations

from floyd_site.awkward_checks import Aftermath
from floyd_site.awkward_scenes import SCENES, Scene
from floyd_site.journeys import Journey
from floyd_site.stage import JourneyFailed, Stage, must
from floyd_site.terminal.state import RequestState
from requests_app.status import Status


async def _play(scene: Scene, stage: Stage) -> RequestState:
    await stage.knows(*scene.callee)
    await stage.ask(scene.ask)
    state = await stage.call_over()
    assert state.last_call is not None
    after = Aftermath(state.last_call, await stage.other_end(scene.callee[2]))
    try:
        reason = after.call.call.end_reason
        must(reason == scene.reason, f"the call ended with {reason}, not {scene.reason}")
        for check in scene.checks:
            check(after)
        return await _learned(scene, stage) if scene.learned else state
    except JourneyFailed as failure:
        raise JourneyFailed(f"{failure}\n{after.report()}") from None


async def _learned(scene: Scene, stage: Stage) -> RequestState:
    """The request's end, with what the call was to find out."""
    state = await stage.end()
    must(state.request.status == Status.DONE, f"the request ended as {state.request.status}: {state.request.trouble}")
    told = " ".join(item["text"] for item in (state.request.outcome or {}).get("items", []))
    must(scene.learned in told, f"“{scene.learned}” is not in the outcome: {told}")
    return state


def _journey(name: str, scene: Scene) -> Journey:
    async def play(stage: Stage) -> RequestState:
        return await _play(scene, stage)

    return Journey(name, scene.about, play)


AWKWARD: dict[str, Journey] = {name: _journey(name, scene) for name, scene in SCENES.items()}
