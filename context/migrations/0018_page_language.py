"""The language of pages is no longer that of calls; who is there already keeps the pages they have."""

from typing import Any

from django.db import migrations, models

import context.choices
from context.kept_words import pages_language


def _as_they_have_it(apps: Any, schema_editor: Any) -> None:
    users = apps.get_model("context", "User").objects
    for language in users.order_by().values_list("language", flat=True).distinct():
        users.filter(language=language).update(page_language=pages_language(language))


class Migration(migrations.Migration):
    """A column, filled from the language that was one for both."""

    dependencies = [("context", "0017_others_deletes")]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="language",
            field=models.CharField(default="en-US", help_text="of calls", max_length=16),
        ),
        migrations.AddField(
            model_name="user",
            name="page_language",
            field=models.CharField(
                choices=context.choices.page_languages,
                db_default="en",
                default="en",
                help_text="of pages, and of what Floyd writes to its user",
                max_length=16,
            ),
        ),
        migrations.RunPython(_as_they_have_it, migrations.RunPython.noop),
    ]
