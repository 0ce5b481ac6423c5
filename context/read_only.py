"""Rows that staff look at in the admin and do not write there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.admin import RelatedFieldListFilter, SimpleListFilter
from django.core.paginator import Paginator
from django.utils.functional import cached_property

#: Rows that a list counts and pages through at most: who looks for an older one searches. To count a million takes longer than to show fifty.
MOST_LISTED = 10_000


class FirstRows(Paginator):  # type: ignore[type-arg]  # generic to the type checker only
    """Pages of the first rows of a long list."""

    @cached_property
    def count(self) -> int:
        """How many there are, up to the most that are listed."""
        rows: Any = self.object_list
        return int(rows.order_by()[:MOST_LISTED].count())


def one_of(column: str, choices: Iterable[tuple[str, Any]] | Callable[[], Iterable[tuple[str, Any]]]) -> type[SimpleListFilter]:
    """A filter by the values that a column can have. Django's own would read the whole table to find those that it has.

    Args:
        choices: value and words of each; a function where they are not known before all apps are there.
    """
    offered = choices if callable(choices) else list(choices)

    class OneOf(SimpleListFilter):
        title = column.replace("_", " ")
        parameter_name = column

        def lookups(self, *_: Any) -> list[tuple[str, Any]]:
            return list(offered() if callable(offered) else offered)

        def queryset(self, _: Any, queryset: Any) -> Any:
            return queryset.filter(**{column: self.value()}) if self.value() else queryset

    return OneOf


class OfStaff(RelatedFieldListFilter):
    """A filter by a member of staff. Django's own would offer every user there is, by mail address."""

    def field_choices(self, field: Any, request: Any, model_admin: Any) -> Any:
        """The staff."""
        return field.get_choices(include_blank=False, ordering=("email",), limit_choices_to={"is_staff": True})


class ReadOnly:
    """What the software writes: nobody adds or edits it by hand."""

    paginator: Any = FirstRows

    def has_add_permission(self, *_: Any) -> bool:
        """Never."""
        return False

    def has_change_permission(self, *_: Any) -> bool:
        """Never."""
        return False


class Kept(ReadOnly):
    """The same for what also goes only with what it belongs to."""

    def has_delete_permission(self, *_: Any) -> bool:
        """Never."""
        return False
