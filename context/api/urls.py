"""Addresses of the API of what Floyd knows. No slash at the end."""

from django.urls import path

from api import problems
from context.api import calendar, contacts, facts, me, standing
from context.errors import KnowledgeError, NotKnown

problems.register(NotKnown, 404)
problems.register(KnowledgeError, 422)

urlpatterns = [
    path("me", me.Me.as_view(), name="api-me"),
    path("facts", facts.Facts.as_view(), name="api-facts"),
    path("facts/<int:fact_id>", facts.OneFact.as_view(), name="api-fact"),
    path("facts/<int:fact_id>/confirm", standing.confirm["fact"].as_view(), name="api-confirm-fact"),
    path("facts/<int:fact_id>/reject", standing.reject["fact"].as_view(), name="api-reject-fact"),
    path("facts/<int:fact_id>/restore", standing.restore["fact"].as_view(), name="api-restore-fact"),
    path("contacts", contacts.Contacts.as_view(), name="api-contacts"),
    path("contacts/<int:contact_id>", contacts.OneContact.as_view(), name="api-contact"),
    path("contacts/<int:contact_id>/confirm", standing.confirm["contact"].as_view(), name="api-confirm-contact"),
    path("contacts/<int:contact_id>/reject", standing.reject["contact"].as_view(), name="api-reject-contact"),
    path("contacts/<int:contact_id>/restore", standing.restore["contact"].as_view(), name="api-restore-contact"),
    path("calendar", calendar.Calendar.as_view(), name="api-calendar"),
    path("calendar/<int:entry_id>", calendar.OneCalendarEntry.as_view(), name="api-calendar-entry"),
    path("calendar/<int:entry_id>/confirm", standing.confirm["calendar_entry"].as_view(), name="api-confirm-calendar-entry"),
    path("calendar/<int:entry_id>/reject", standing.reject["calendar_entry"].as_view(), name="api-reject-calendar-entry"),
    path("calendar/<int:entry_id>/restore", standing.restore["calendar_entry"].as_view(), name="api-restore-calendar-entry"),
]
