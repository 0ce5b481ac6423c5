"""The media process's SQL. Each statement is one round trip and one transaction, and numbers its change on the topics that show it.

`live_tell` locks a topic until commit: topics are taken in the order call, request, user, as everywhere. It gives null when nobody watches the topic.
"""

from __future__ import annotations

from calls.status import ENDS, RANK, CallStatus

_ENDS = ", ".join(f"'{status.value}'" for status in sorted(ENDS))
#: Statuses below "on the phone": the media process may raise them, and only them.
_LOWER = ", ".join(f"'{status.value}'" for status, rank in RANK.items() if rank < RANK[CallStatus.IN_PROGRESS])
#: Numbers the change of a call's row, line or turn on the call's topic and its request's; {kind} and {ref} are ours, never data.
_PUBLISH = (
    "live_tell('call.' || {row}.call_id, '{kind}', {row}.id::text) as {call_seq}, "
    "case when call.request_id is not null then live_tell('request.' || call.request_id, '{kind}', {row}.id::text) end as {request_seq}"
)
#: What the carrier's `start` may claim, once: the row tells what the call is about.
CLAIM = f"""
with before as (select id, status from calls_call where id = %(call)s for no key update),
claimed as (
    update calls_call set token_used_at = now(), stream_sid = %(stream_sid)s, node = %(node)s, carrier_sid = %(call_sid)s, heartbeat_at = now(),
        status = case when calls_call.status in ({_LOWER}) then 'in_progress' else calls_call.status end,
        started_at = coalesce(started_at, now()), lease_until = null
    from before
    where calls_call.id = before.id and token_used_at is null and calls_call.status not in ({_ENDS})
        and (carrier_sid is null or carrier_sid = %(call_sid)s)
    returning calls_call.id, calls_call.request_id, calls_call.user_id, calls_call.number, calls_call.brief, calls_call.direction,
        before.status as status_before, calls_call.line
)
select claimed.*, request.status as request_status,
    live_tell('call.' || claimed.id, 'call', claimed.id::text) as call_seq,
    case when claimed.request_id is not null then live_tell('request.' || claimed.request_id, 'call', claimed.id::text) end as request_seq
from claimed left join requests_app_request request on request.id = claimed.request_id
"""  # noqa: S608

_KEEP_LINE = """
with call as (select id, request_id from calls_call where id = %(call)s),
line as (
    insert into calls_transcriptline (call_id, seq, speaker, text, intended, start_ms, end_ms, final, updated_at)
    values (%(call)s, %(seq)s, %(speaker)s, %(text)s, %(intended)s, %(start_ms)s, %(end_ms)s, %(final)s, now())
    on conflict (call_id, seq) do update set speaker = excluded.speaker, text = excluded.text, intended = excluded.intended,
        start_ms = excluded.start_ms, end_ms = excluded.end_ms, final = excluded.final, updated_at = now()
    returning id, call_id
)
"""
_TELL_LINE = _PUBLISH.format(row="line", kind="line", call_seq="call_seq", request_seq="request_seq")
LINE = f"{_KEEP_LINE} select {_TELL_LINE} from line, call"  # noqa: S608

_TURN_TIMES = (
    "end_of_turn_ms",
    "recognition_ms",
    "model_first_token_ms",
    "first_clause_ms",
    "voice_first_byte_ms",
    "buffer_ms",
    "tools_ms",
    "whole_ms",
    "interrupted",
    "asked_ahead",
    "prompt_tokens",
    "cached_tokens",
    "completion_tokens",
)
#: A reply's line, and where its time went: both are known at once, so they take one trip.
LINE_OF_TURN = f"""
{_KEEP_LINE}, turn as (
    insert into calls_turn (call_id, seq, {", ".join(_TURN_TIMES)})
    values (%(call)s, %(seq)s, {", ".join(f"%({name})s" for name in _TURN_TIMES)})
    on conflict (call_id, seq) do update set {", ".join(f"{name} = excluded.{name}" for name in _TURN_TIMES)}
    returning id, call_id
),
told as (
    select {_TELL_LINE}, {_PUBLISH.format(row="turn", kind="turn", call_seq="call_turn_seq", request_seq="request_turn_seq")} from line, turn, call
)
select greatest(call_seq, call_turn_seq) as call_seq, greatest(request_seq, request_turn_seq) as request_seq from told
"""  # noqa: S608

#: Columns of a question to the model, with their types.
PROMPT_COLUMNS = {
    "number": "integer",
    "purpose": "text",
    "model": "text",
    "shared": "integer",
    "messages": "jsonb",
    "tools": "jsonb",
    "cut": "boolean",
    "asked_ms": "integer",
    "first_ms": "integer",
    "done_ms": "integer",
    "ended": "text",
    "text": "text",
    "calls": "jsonb",
    "finish_reason": "text",
    "prompt_tokens": "integer",
    "cached_tokens": "integer",
    "completion_tokens": "integer",
}
#: All that wait, in one trip.
PROMPTS = f"""
insert into calls_turnprompt (call_id, created_at, {", ".join(PROMPT_COLUMNS)})
select %(call)s, now(), {", ".join(f"prompt.{name}" for name in PROMPT_COLUMNS)}
from jsonb_to_recordset(%(prompts)s) as prompt ({", ".join(f"{name} {kind}" for name, kind in PROMPT_COLUMNS.items())})
on conflict (call_id, number) do nothing
"""  # noqa: S608

#: All that wait, in one trip.
PROVIDER_NOTES = """
insert into calls_providernote (call_id, created_at, at_ms, source, kind, data)
select %(call)s, now(), note.at_ms, note.source, note.kind, note.data
from jsonb_to_recordset(%(notes)s) as note (at_ms integer, source text, kind text, data jsonb)
"""

_CALL_CHANGED = (
    "select live_tell('call.' || id, 'call', id::text) as call_seq, "
    "case when request_id is not null then live_tell('request.' || request_id, 'call', id::text) end as request_seq from call"
)

SLOTS = f"with call as (update calls_call set slots = %(slots)s where id = %(call)s returning id, request_id) {_CALL_CHANGED}"  # noqa: S608

#: The same situation again (a second menu behind the first) began when it first did.
SITUATION = f"""
with call as (
    update calls_call set situation = %(situation)s, situation_since = now()
    where id = %(call)s and situation <> %(situation)s returning id, request_id
)
{_CALL_CHANGED}
"""  # noqa: S608

#: No page shows it.
SPOKEN = "update calls_call set brief = brief || jsonb_build_object('spoken', %(language)s::text) where id = %(call)s"

DISCLOSURE = f"""
with call as (update calls_call set disclosure_played_at = now() where id = %(call)s and disclosure_played_at is null returning id, request_id)
{_CALL_CHANGED}
"""  # noqa: S608

#: Who objected is not asked again.
RECORDING = f"""
with call as (
    update calls_call set recording = %(state)s where id = %(call)s and recording not in (%(state)s, 'refused') returning id, request_id
)
{_CALL_CHANGED}
"""  # noqa: S608

SOUND = """
insert into calls_soundchunk (call_id, after_line, start_ms, lost_ms, theirs, ours, created_at)
select id, %(after_line)s, %(start_ms)s, %(lost_ms)s, %(theirs)s, %(ours)s, now() from calls_call where id = %(call)s and recording <> 'refused'
"""

#: The brief, too: another process that goes on with the call neither announces nor begins it.
DROP_RECORDING = f"""
with gone as (delete from calls_soundchunk where call_id = %(call)s),
call as (
    update calls_call set recording = 'refused', brief = brief || '{{"recorded": false}}' where id = %(call)s returning id, request_id
)
{_CALL_CHANGED}
"""  # noqa: S608

#: Says it is alive, and hears what became of the call and its request (a lost poke costs one interval). `show`: what it costs is news to pages.
HEARTBEAT = """
with call as (
    update calls_call set heartbeat_at = now(), usage = coalesce(%(usage)s, usage) where id = %(call)s returning id, request_id, status, direction
)
select status, direction, (select status from requests_app_request where id = call.request_id) as request_status,
    case when %(show)s then live_tell('call.' || id, 'call', id::text) end as call_seq,
    case when %(show)s and request_id is not null then live_tell('request.' || request_id, 'call', id::text) end as request_seq
from call
"""

BROKE = f"update calls_call set token_used_at = null, heartbeat_at = now() where id = %(call)s and end_reason = '' and status not in ({_ENDS})"  # noqa: S608

#: Never lowers a status: an end that the carrier reported first stays, what only we know is added.
END = f"""
with call as (
    update calls_call set status = case when status in ({_ENDS}) then status else 'completed' end, ended_at = coalesce(ended_at, now()),
        seconds = case when seconds > 0 then seconds else %(seconds)s end,
        end_reason = case when end_reason = '' then %(end_reason)s else end_reason end,
        error = case when error = '' then %(error)s else error end, slots = coalesce(%(slots)s, slots),
        usage = coalesce(%(usage)s, usage), heartbeat_at = now(), lease_until = null
    where id = %(call)s returning id, request_id
)
{_CALL_CHANGED}
"""  # noqa: S608

#: Our part of a call is over that goes on with a person: its end is the carrier's to tell.
LEFT = f"""
with call as (
    update calls_call set end_reason = case when end_reason = '' then %(end_reason)s else end_reason end,
        error = case when error = '' then %(error)s else error end, slots = coalesce(%(slots)s, slots),
        usage = coalesce(%(usage)s, usage), heartbeat_at = now(), lease_until = null
    where id = %(call)s returning id, request_id
)
{_CALL_CHANGED}
"""  # noqa: S608

GRANT = "insert into calls_grant (call_id, question_id, kind, value) values (%(call)s, %(question)s, %(kind)s, %(value)s)"

#: A line on the request's timeline.
EVENT = """
with request as (update requests_app_request set event_seq = event_seq + 1 where id = %(request)s returning id, event_seq),
event as (
    insert into requests_app_event (request_id, seq, kind, text, data)
    select id, event_seq, %(kind)s, %(text)s, %(data)s from request returning id, request_id
)
select live_tell('request.' || request_id, 'event', id::text) as request_seq from event
"""

ANSWERS = "select id, answer from requests_app_question where id = any(%(questions)s) and status = 'answered'"

#: What the user said to Floyd, or did with this call, since it was made; `seq` counts the request's timeline.
INSTRUCTIONS = """
select event.seq, event.kind, event.text, event.data from requests_app_event event join calls_call call on call.request_id = event.request_id
where call.id = %(call)s and event.seq > %(after)s and event.created_at >= call.created_at
    and (event.kind = 'whisper' or (event.kind = any(%(controls)s) and event.data->>'call' = call.id::text))
order by event.seq
"""
