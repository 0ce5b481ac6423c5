"""Whether calls may go on in another language."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One preference."""

    dependencies = [("context", "0004_knowledge_status")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="switches_language",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="when somebody speaks no English and this site knows their language",
                verbose_name="Go on in their language",
            ),
        ),
    ]
