"""Media processes say that they live."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One row for each node."""

    dependencies = [("calls", "0002_situations_and_turns")]

    operations = [
        migrations.CreateModel(
            name="MediaNode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="wss origin", max_length=200, unique=True)),
                ("heartbeat_at", models.DateTimeField()),
                ("calls", models.PositiveIntegerField(help_text="that it has")),
                ("most_calls", models.PositiveIntegerField(help_text="that it takes")),
                ("ready", models.BooleanField(help_text="more may come: it is neither stopping nor behind with its work")),
            ],
        ),
    ]
