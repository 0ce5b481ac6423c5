"""Who picks among businesses from the directory, and which listing a contact was."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two columns, both with a value for every row there is."""

    dependencies = [("context", "0008_mail_and_telling")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="callee_choice",
            field=models.CharField(
                choices=[("plan", "Floyd, and it goes on to the next when one can't"), ("user", "I do, each time")],
                default="plan",
                help_text="who picks among businesses found in the directory",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="place_id",
            field=models.CharField(
                blank=True,
                default="",
                help_text="the directory's name for it, of one that was found there",
                max_length=200,
            ),
        ),
    ]
