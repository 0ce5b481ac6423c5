"""The line that a use case's calls come over."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("use_cases", "0002_what_use_cases_keep")]

    operations = [
        migrations.AddField(
            model_name="usecaseversion",
            name="line",
            field=models.CharField(
                blank=True, db_default="", default="", help_text="that its calls come over; empty: as set for all calls", max_length=30
            ),
        ),
    ]
