"""Recordings of calls: what is kept of one, and the pieces of its sound."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('calls', '0014_provider_notes'),
    ]

    operations = [
        migrations.AddField(
            model_name='call',
            name='recording',
            field=models.CharField(blank=True, choices=[('on', 'recording'), ('off', 'recorded'), ('refused', 'they did not want to be recorded')], db_default='', default='', help_text='of its sound; empty: nothing was ever kept', max_length=8),
        ),
        migrations.CreateModel(
            name='SoundChunk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('after_line', models.PositiveIntegerField(help_text='last transcript line before this part of a call that came back; else 0')),
                ('start_ms', models.PositiveIntegerField(help_text="on the clock of the transcript's lines")),
                ('lost_ms', models.PositiveIntegerField(help_text='what could not be kept before it')),
                ('theirs', models.BinaryField()),
                ('ours', models.BinaryField(help_text='what was played of our side')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sound', to='calls.call')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['created_at'], name='sound_chunk_age')],
            },
        ),
        migrations.AlterField(
            model_name="staffreading",
            name="what",
            field=models.CharField(default="page", help_text="of a call its page, recording, export or hand-off; else the model, such as context.fact", max_length=60),
        ),
    ]
