"""Whether calls of a use case may be recorded."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('use_cases', '0009_wrong_guesses'),
    ]

    operations = [
        migrations.AddField(
            model_name='usecaseversion',
            name='record',
            field=models.BooleanField(db_default=False, default=False, help_text='its calls may be recorded, where the site allows it; callers are told'),
        ),
    ]
