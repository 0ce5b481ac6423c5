from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("requests_app", "0008_candidates"),
    ]

    operations = [
        migrations.AddField(
            model_name="request",
            name="learn_after",
            field=models.DateTimeField(blank=True, help_text="ended, and not learned from yet: from then on it is", null=True),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(condition=models.Q(("learn_after__isnull", False)), fields=["learn_after"], name="request_learn"),
        ),
    ]
