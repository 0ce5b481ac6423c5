"""The person who takes a use case's calls over."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("use_cases", "0003_lines")]

    operations = [
        migrations.AddField(
            model_name="usecaseversion",
            name="live_agent",
            field=models.CharField(blank=True, db_default="", default="", help_text="E.164 of who takes calls over; empty: nobody", max_length=16),
        ),
    ]
