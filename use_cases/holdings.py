"""What this app holds of a user: what of it they take along, and what goes before their rows go."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Model

from calls.models import Call
from context import export, leaving
from context.models import User
from context.ownership import paths
from use_cases.floyd_line.models import PhonePin
from use_cases.models import UseCaseVersion

SOMEBODY = "somebody who left"
#: Columns that nobody takes along.
SECRET: dict[type[Model], tuple[str, ...]] = {PhonePin: ("digits",)}


def register_all() -> None:
    """Called when the app starts. What a use case keeps about callers is exported under its table's name, by itself."""
    for model in apps.get_app_config("use_cases").get_models():
        if model in paths():
            export.register(str(model._meta.model_name), model, without=SECRET.get(model, ()))
    leaving.register(forget)


def forget(user: User) -> bool:
    """Calls from their number that were made before it was known as theirs, and their name on what they edited."""
    Call.objects.filter(inbound__caller__user=user).delete()
    UseCaseVersion.objects.filter(edited_by=user.email).update(edited_by=SOMEBODY)
    return True
