"""Addresses of the API of what Floyd knows. No slash at the end."""

from django.urls import path

from api import problems
from context.api import account, calendar, contacts, facts, imports, interview, mailbox, me, standing
from context.errors import KnowledgeError, NotKnown
from context.imports.found import UnreadableError

problems.register(NotKnown, 404)
problems.register(KnowledgeError, 422)
problems.register(UnreadableError, 422)

urlpatterns = [
    path("me", me.Me.as_view(), name="api-me"),
    path("me/delete", account.DeleteMe.as_view(), name="api-delete-me"),
    path("export", account.Export.as_view(), name="api-export"),
    path("mailbox", mailbox.OwnMailbox.as_view(), name="api-mailbox"),
    path("mailbox/address", mailbox.RenewAddress.as_view(), name="api-renew-address"),
    path("mails", mailbox.Mails.as_view(), name="api-mails"),
    path("mails/<int:mail_id>", mailbox.OneMail.as_view(), name="api-mail"),
    path("imports", imports.Imports.as_view(), name="api-imports"),
    path("imports/<int:import_id>", imports.OneImport.as_view(), name="api-import"),
    path("imports/<int:import_id>/save", imports.SaveImport.as_view(), name="api-save-import"),
    path("imports/<int:import_id>/undo", imports.UndoImport.as_view(), name="api-undo-import"),
    path("interview", interview.Interview.as_view(), name="api-interview"),
    path("interview/<int:interview_id>/answer", interview.AnswerInterview.as_view(), name="api-answer-interview"),
    path("interview/<int:interview_id>/skip", interview.SkipInterview.as_view(), name="api-skip-interview"),
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
