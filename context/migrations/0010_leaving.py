from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("context", "0009_directory"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="leaving_at",
            field=models.DateTimeField(
                blank=True, editable=False, help_text="they have deleted their account; its rows go soon", null=True
            ),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(condition=models.Q(("leaving_at__isnull", False)), fields=["leaving_at"], name="user_leaving"),
        ),
    ]
