"""Requests that their user keeps, and the way to those whose time is over."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column and an index."""

    dependencies = [("requests_app", "0014_words_shown")]

    operations = [
        migrations.AddField(
            model_name="request",
            name="kept",
            field=models.BooleanField(db_default=False, default=False, help_text="its user keeps it, however old it gets"),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(condition=models.Q(("ended_at__isnull", False), ("kept", False)), fields=["ended_at"], name="request_kept_until"),
        ),
    ]
