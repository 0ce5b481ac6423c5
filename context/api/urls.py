"""Addresses of the API of what Floyd knows. No slash at the end."""

from django.urls import path

from api import problems
from context.api import calendar, contacts, facts
from context.errors import KnowledgeError, NotKnown

problems.register(NotKnown, 404)
problems.register(KnowledgeError, 422)

urlpatterns = [
    path("facts", facts.Facts.as_view(), name="api-facts"),
    path("facts/<int:fact_id>", facts.OneFact.as_view(), name="api-fact"),
    path("facts/<int:fact_id>/confirm", facts.ConfirmFact.as_view(), name="api-confirm-fact"),
    path("contacts", contacts.Contacts.as_view(), name="api-contacts"),
    path("contacts/<int:contact_id>", contacts.OneContact.as_view(), name="api-contact"),
    path("calendar", calendar.Calendar.as_view(), name="api-calendar"),
    path("calendar/<int:entry_id>", calendar.OneCalendarEntry.as_view(), name="api-calendar-entry"),
]
