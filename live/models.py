"""What changed, in order: one row per pushed change, with a sequence number of its topic."""

from django.db import models
from django.db.models.functions import Now


class Topic(models.Model):
    """A stream of changes that pages can follow, e.g. `request.<id>`; `head` is its last sequence number."""

    name = models.TextField(primary_key=True)
    head = models.BigIntegerField(default=0)
    watched_until = models.DateTimeField(null=True, help_text="until then, changes are broadcast; watchers put it off again and again")


class Change(models.Model):
    """One fragment that has to be drawn again. Holds no content: readers draw the rows as they are now.

    Rows are written by the SQL functions `live_publish` and `live_tell` only, which numbers them without gaps in commit order.
    """

    topic = models.TextField()
    seq = models.BigIntegerField()
    kind = models.TextField(help_text="which fragment renderer draws it")
    ref = models.TextField(help_text="primary key of the row that changed")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        """Topic and sequence identify a change."""

        constraints = [models.UniqueConstraint(fields=["topic", "seq"], name="live_change_topic_seq")]
        indexes = [models.Index(fields=["created_at"])]
