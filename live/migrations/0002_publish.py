"""The SQL function that numbers changes. One definition serves the ORM, the media process and triggers."""

from django.db import migrations

PUBLISH = """
create function live_publish(topic_name text, kind text, ref text) returns bigint language plpgsql as $$
declare
    next_seq bigint;
begin
    -- The row lock is held until commit, so sequence numbers become visible in order and without gaps.
    insert into live_topic (name, head) values (topic_name, 1)
        on conflict (name) do update set head = live_topic.head + 1
        returning head into next_seq;
    insert into live_change (topic, seq, kind, ref) values (topic_name, next_seq, kind, ref);
    return next_seq;
end $$
"""


class Migration(migrations.Migration):
    """Adds `live_publish`."""

    dependencies = [("live", "0001_initial")]
    operations = [migrations.RunSQL(PUBLISH, "drop function live_publish(text, text, text)")]
