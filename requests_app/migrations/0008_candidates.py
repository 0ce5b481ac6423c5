"""What the directory of businesses lists for a request."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies = [("requests_app", "0007_message_ways")]

    operations = [
        migrations.AddField(
            model_name="request",
            name="candidates",
            field=models.JSONField(
                blank=True, help_text="requests_app.candidates.Candidates: what the directory lists, and what was tried", null=True
            ),
        ),
    ]
