"""REST: Conferences and who is in them. Checks what it is given as strictly as the carrier does.

https://www.twilio.com/docs/voice/api/conference-participant-resource
"""

from __future__ import annotations

from aiohttp import web
from multidict import MultiMapping

from sandbox.twilio import form as check
from sandbox.twilio import wire
from sandbox.twilio.conference import Room, Rooms, Status
from sandbox.twilio.errors import bad_request, not_found
from sandbox.twilio.paging import PAGING, page_of
from sandbox.twilio.participant import Change, Participant

FILTERS = frozenset({"Status", "FriendlyName"}) | PAGING
#: What of a participant may be changed here; holding and announcing with documents of one's own may not.
CHANGES = frozenset({"Muted", "Hold", "EndConferenceOnExit", "BeepOnExit", "Coaching", "CallSidToCoach"})
_ROOM = "/Accounts/{account}/Conferences/{conference:CF[0-9a-fA-F]{32}}"


class ConferencesApi:
    """Handlers of `/Accounts/{sid}/Conferences`.

    Args:
        rooms: those that there are.
    """

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    def routes(self) -> list[web.RouteDef]:
        """Paths under the account."""
        return [
            web.get("/Accounts/{account}/Conferences.json", self.listing),
            web.get(f"{_ROOM}.json", self.fetch),
            web.post(f"{_ROOM}.json", self.update),
            web.get(f"{_ROOM}/Participants.json", self.participants),
            web.get(f"{_ROOM}/Participants/{{name}}.json", self.participant),
            web.post(f"{_ROOM}/Participants/{{name}}.json", self.change),
            web.delete(f"{_ROOM}/Participants/{{name}}.json", self.kick),
        ]

    async def listing(self, request: web.Request) -> web.Response:
        """Conferences, newest first, filtered and in pages."""
        check.only_known(request.query, FILTERS)
        status = check.choice(request.query, "Status", set(Status))
        name = request.query.get("FriendlyName")
        rooms = [room for room in self._rooms.newest_first() if status in ("", room.status) and name in (None, room.name)]
        return page_of(request, "conferences", rooms, Room.resource, "CF")

    async def fetch(self, request: web.Request) -> web.Response:
        """One conference."""
        return web.json_response(self._room(request).resource())

    async def update(self, request: web.Request) -> web.Response:
        """Ends one."""
        room, fields = self._room(request), await check.form_of(request)
        check.only_known(fields, {"Status"})
        if check.choice(fields, "Status", {"completed"}):
            room.end("conference-ended-via-api")
        return web.json_response(room.resource())

    async def participants(self, request: web.Request) -> web.Response:
        """Who is in it."""
        check.only_known(request.query, {"Muted", "Hold", "Coaching"} | PAGING)
        room = self._room(request)
        wanted = {name: check.flag(request.query, name) for name in ("Muted", "Hold", "Coaching") if name in request.query}
        those = [
            one
            for one in reversed(room.participants.values())
            if wanted.items() <= {"Muted": one.muted, "Hold": one.hold, "Coaching": bool(one.coach)}.items()
        ]
        return page_of(request, "participants", those, lambda one: one.resource(room.sid, room.uri), "CP")

    async def participant(self, request: web.Request) -> web.Response:
        """One who is in it."""
        room, one = self._participant(request)
        return web.json_response(one.resource(room.sid, room.uri))

    async def change(self, request: web.Request) -> web.Response:
        """Mutes, holds, or changes what their leaving does."""
        room, one = self._participant(request)
        fields = await check.form_of(request)
        check.only_known(fields, CHANGES)
        beep = _flag(fields, "BeepOnExit")
        change = Change(
            muted=_flag(fields, "Muted"),
            hold=_flag(fields, "Hold"),
            ends=_flag(fields, "EndConferenceOnExit"),
            coach=_coach(fields, room),
            beep=None if beep is None else ("onExit" if beep else "false"),
        )
        await room.change(one, change)
        return web.json_response(one.resource(room.sid, room.uri))

    async def kick(self, request: web.Request) -> web.Response:
        """Has them leave."""
        room, one = self._participant(request)
        room.kick(one)
        return web.Response(status=204)

    def _room(self, request: web.Request) -> Room:
        room = self._rooms.get(request.match_info["conference"])
        if room is None:
            raise not_found(request.path)
        return room

    def _participant(self, request: web.Request) -> tuple[Room, Participant]:
        room = self._room(request)
        one = room.find(request.match_info["name"])
        if one is None or room.status is Status.COMPLETED:
            raise not_found(request.path)
        return room, one


def _flag(fields: MultiMapping[str], name: str) -> bool | None:
    """None: it was not given."""
    return check.flag(fields, name) if name in fields else None


def _coach(fields: MultiMapping[str], room: Room) -> str | None:
    """Whom they coach from here on; empty: nobody, None: as before."""
    coaching, sid = _flag(fields, "Coaching"), fields.get("CallSidToCoach", "")
    if coaching is None and not sid:
        return None
    if coaching is False:
        return ""
    if not wire.CALL_SID.fullmatch(sid) or sid not in room.participants:
        raise bad_request(20001, f"CallSidToCoach must be the sid of a participant, not {sid}")
    return sid
