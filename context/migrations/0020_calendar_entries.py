"""What the admin calls them."""

from django.db import migrations


class Migration(migrations.Migration):
    """A name; no table changes."""

    dependencies = [("context", "0019_voice")]

    operations = [
        migrations.AlterModelOptions(name="calendarentry", options={"ordering": ["starts_at"], "verbose_name_plural": "calendar entries"}),
    ]
