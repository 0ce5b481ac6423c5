import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations
from django.db.models.fields.json import KT


class Migration(migrations.Migration):

    dependencies = [
        ('requests_app', '0013_call_channel'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='request', name='request_words'),
        migrations.AddIndex(
            model_name='request',
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector('ask', KT('plan__title'), KT('plan__callee__name'), KT('outcome__summary'), KT('outcome__answer'), config='simple'),
                name='request_words_shown',
            ),
        ),
    ]
