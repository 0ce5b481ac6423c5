"""The form with which a user connects a mailbox. It is tried before it is kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from context.kept_words import said
from context.mail.imap import Login, MailboxError, folder_names
from context.mail_models import Mailbox

MOST_FOLDERS = 10


class MailboxForm(forms.Form):
    """Where the mailbox is, and how to get in.

    Args:
        known: the mailbox that is connected, whose password stands in for an empty one at the same server under the same name.
    """

    host = forms.CharField(label=_("Mail server (IMAP)"), max_length=200, widget=forms.TextInput(attrs={"placeholder": "imap.example.com"}))
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=993)
    username = forms.CharField(
        label=_("Name"), max_length=200, help_text=_("Mostly your email address."), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    password = forms.CharField(
        label=_("App password"),
        max_length=200,
        required=False,
        help_text=_("Make one for Floyd in the settings of your mail account. It is kept encrypted."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    folders = forms.CharField(
        label=_("Folders to read"), max_length=500, initial="INBOX", help_text=_("With commas between. Floyd reads them and changes nothing.")
    )

    def __init__(self, *arguments: Any, known: Mailbox | None = None, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.known = known

    def clean_folders(self) -> list[str]:
        """Their names."""
        names = list(dict.fromkeys(name.strip() for name in self.cleaned_data["folders"].split(",") if name.strip()))
        if not names or len(names) > MOST_FOLDERS:
            raise forms.ValidationError(_("Name one to %(most_folders)s folders, for example INBOX.") % {"most_folders": MOST_FOLDERS})
        return names

    def _password(self) -> str:
        """What was typed. The one that is kept goes only to where it was given for."""
        typed = str(self.cleaned_data["password"])
        known = self.known
        same = known is not None and all(getattr(known, name) == self.cleaned_data[name] for name in ("host", "port", "username"))
        return typed or ((known.password or "") if known is not None and same else "")

    def clean(self) -> dict[str, Any]:
        """Tries it: the server, the password, the folders."""
        if self.errors:
            return self.cleaned_data
        given = self.cleaned_data
        given["password"] = self._password()
        if not given["password"]:
            self.add_error("password", _("Give the app password."))
            return given
        try:
            there = folder_names(Login(given["host"], given["port"], given["username"], given["password"]))
        except MailboxError as error:
            self.add_error(None, said(str(error)))
            return given
        if missing := [name for name in given["folders"] if name not in there]:
            self.add_error(
                "folders", _("There is no folder %(missing)s. There are: %(there)s.") % {"missing": missing[0], "there": ", ".join(there[:20])}
            )
        return given
