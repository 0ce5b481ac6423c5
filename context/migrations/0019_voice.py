"""The voice with which Floyd speaks for its user; everybody begins with the usual one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column."""

    dependencies = [("context", "0018_page_language")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="voice",
            field=models.CharField(
                blank=True,
                choices=[
                    ("aoede", "A woman, light"),
                    ("kore", "A woman, firm"),
                    ("leda", "A woman, young"),
                    ("charon", "A man, calm"),
                    ("orus", "A man, firm"),
                    ("puck", "A man, lively"),
                ],
                db_default="",
                default="",
                help_text="with which Floyd speaks for its user; empty: the site's usual one",
                max_length=16,
            ),
        ),
    ]
