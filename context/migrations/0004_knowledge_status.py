from django.db import migrations, models

STATUS = {
    "choices": [("proposed", "Proposed"), ("confirmed", "Confirmed"), ("retired", "Retired")],
    "db_default": "confirmed",
    "default": "confirmed",
    "max_length": 10,
}


class Migration(migrations.Migration):

    dependencies = [
        ("context", "0003_api"),
    ]

    operations = [
        migrations.AddField(model_name="contact", name="status", field=models.CharField(**STATUS)),
        migrations.AddField(
            model_name="contact", name="source_ref", field=models.CharField(blank=True, db_default="", default="", max_length=120)
        ),
        migrations.AddField(
            model_name="contact",
            name="details",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="typed and checked details from calls, newest last: kind, item, value, amount_minor, currency, call, at",
            ),
        ),
        migrations.AddField(model_name="calendarentry", name="status", field=models.CharField(**STATUS)),
        migrations.AddField(
            model_name="calendarentry",
            name="all_day",
            field=models.BooleanField(
                db_default=False, default=False, help_text="it has days, no hours: starts_at is midnight where the user lives"
            ),
        ),
        migrations.AddField(
            model_name="fact",
            name="last_used_at",
            field=models.DateTimeField(
                blank=True, help_text="when it was last told to a callee, cited in an answer, or reviewed", null=True
            ),
        ),
    ]
