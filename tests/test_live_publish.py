"""Changes are numbered per topic, in commit order."""

import pytest

from live.models import Change
from live.publish import publish

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_topic_counts_its_own_changes_from_one():
    publish(topics=["request.a", "user.1"], kind="request", ref="a")
    publish(topics=["request.a"], kind="line", ref=7)
    assert list(Change.objects.order_by("topic", "seq").values_list("topic", "seq", "kind")) == [
        ("request.a", 1, "request"),
        ("request.a", 2, "line"),
        ("user.1", 1, "request"),
    ]
