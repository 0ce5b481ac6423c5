"""Journeys with people who are not easy to talk to: menus, hold, mailboxes, screeners, noise. `make demo JOURNEY=menu` plays one of them.

Each is a scenario, and says how its call must end.
"""

from __future__ import annotations

from functools import partial

from floyd_site.journeys import Journey
from floyd_site.rehearsal import scenario
from floyd_site.rehearsal.playing import play

AWKWARD: dict[str, Journey] = {
    one.name: Journey(one.name, one.about, partial(play, one)) for one in scenario.read_scenarios(scenario.AWKWARD).values()
}
