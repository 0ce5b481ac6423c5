
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('use_cases', '0006_who_calls_back'),
    ]

    operations = [
        migrations.AddField(
            model_name='usecaseversion',
            name='translations',
            field=models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict, help_text='greeting and other fixed words in other languages: by language, then by text'),
        ),
    ]
