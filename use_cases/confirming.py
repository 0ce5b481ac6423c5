"""Texts and emails that tools send to whoever is on the phone: once per wish, to their own addresses only."""

from __future__ import annotations

from requests_app.message_templates import Words
from requests_app.models import Message
from requests_app.sending import CannotSendError, send_email, send_text
from use_cases.tooling import ToolContext, ToolRefusedError


def text_caller(context: ToolContext, words: Words) -> Message:
    """Texts the caller, on the number from which they ring.

    Raises:
        ToolRefusedError: it is withheld, or its owner wants no texts.
    """
    try:
        return send_text(to=context.caller.number, words=words, dedupe_key=_key(context))
    except CannotSendError as error:
        raise ToolRefusedError(str(error)) from error


def mail_caller(context: ToolContext, words: Words) -> Message:
    """Mails the caller, to the address on file.

    Raises:
        ToolRefusedError: there is none; one that is only said on the phone is not taken.
    """
    try:
        return send_email(to=context.caller.email_on_file, words=words, dedupe_key=_key(context))
    except CannotSendError as error:
        raise ToolRefusedError(f"{error} Offer a text instead; do not ask for an address.") from error


def _key(context: ToolContext) -> str:
    return f"tool:{context.call_id}:{context.key}"
