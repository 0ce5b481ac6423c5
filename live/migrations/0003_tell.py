"""Who changes something is told whether anybody watches it, so that a change nobody watches is broadcast to nobody."""

from django.db import migrations, models

TELL = """
create function live_tell(topic_name text, kind text, ref text) returns bigint language plpgsql as $$
declare
    seq bigint := live_publish(topic_name, kind, ref);
begin
    -- The topic's row is ours until commit: whoever begins to watch meanwhile waits for that, and then reads this change.
    return (select seq from live_topic where name = topic_name and watched_until > now());
end $$
"""


class Migration(migrations.Migration):
    """Adds until when a topic is watched, and `live_tell`."""

    dependencies = [("live", "0002_publish")]
    operations = [
        migrations.AddField(
            "topic", "watched_until", models.DateTimeField(null=True, help_text="until then, changes are broadcast; watchers put it off again and again")
        ),
        migrations.RunSQL(TELL, "drop function live_tell(text, text, text)"),
    ]
