"""Whether a user lets calls be recorded."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('context', '0020_calendar_entries'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='record_calls',
            field=models.BooleanField(db_default=False, default=False, help_text='the sound of calls made for them may be kept, where this site allows it'),
        ),
    ]
