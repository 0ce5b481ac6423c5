from django.db import migrations

FILL = """
update calls_staffreading reading set user_id = call.user_id
from calls_call call where call.id = reading.call_id and reading.user_id is null and call.user_id is not null
"""


class Migration(migrations.Migration):
    """Readings of calls get their user. A migration of its own: PostgreSQL makes no index on a table whose keys it has yet to check."""

    dependencies = [("calls", "0012_whose_readings")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
