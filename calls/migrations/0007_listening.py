import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import requests_app.models


class Migration(migrations.Migration):

    dependencies = [
        ('calls', '0006_inbound'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='medianode',
            name='site',
            field=models.CharField(blank=True, db_default='', default='', help_text='ws origin for browsers; empty: its name', max_length=200),
        ),
        migrations.CreateModel(
            name='Listening',
            fields=[
                ('id', models.UUIDField(db_default=requests_app.models.UuidV7(), editable=False, primary_key=True, serialize=False)),
                ('reason', models.CharField(blank=True, db_default='', default='', help_text="why staff listens; empty: the call's own user", max_length=200)),
                ('session_key', models.CharField(blank=True, db_default='', default='', help_text='its end ends the listening', max_length=40)),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('joined_at', models.DateTimeField(blank=True, null=True)),
                ('left_at', models.DateTimeField(blank=True, null=True)),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='listenings', to='calls.call')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='listenings', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
    ]
