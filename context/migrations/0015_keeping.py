"""For how long a user wants ended requests to be kept."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column."""

    dependencies = [("context", "0014_calendar_feed")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="keep_days",
            field=models.PositiveSmallIntegerField(
                blank=True,
                choices=[(30, "A month"), (90, "Three months"), (365, "A year"), (1095, "Three years")],
                help_text="for how long ended requests are kept; empty: as long as the site keeps them",
                null=True,
            ),
        ),
    ]
