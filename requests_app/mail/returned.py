"""A mail of Floyd's came back: it is marked, what it said goes another way, and nothing more is written to an address that nobody has.

Which mail it was says its Message-ID, 62 random bits of which nobody knows but whom it was sent to and the servers on its way.
"""

from __future__ import annotations

import logging
import re
from uuid import UUID

from django.db import transaction

from context.bounced import note_bounce
from context.mail.delivery_status import Returned, means_nobody
from context.mail.parse import ParsedMail
from requests_app.models import Message, MessageStatus, Way
from requests_app.outbox import settle

log = logging.getLogger(__name__)

#: What is known already: nothing is noted twice, also when the mailbox is read anew after its owner said that mail arrives again.
SETTLED = (MessageStatus.FAILED, MessageStatus.DELIVERED)
_ID = re.compile(r"<?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@", re.I)


def take_returned(mail: ParsedMail) -> bool:
    """Takes in what a server says of mails of ours; False when it is about none of them."""
    taken = [_take(one) for one in mail.returned]
    return any(taken)


@transaction.atomic
def _take(returned: Returned) -> bool:
    found = _ID.match(returned.message_id)
    message = Message.objects.filter(pk=UUID(found[1]), outbound=True, way=Way.EMAIL).first() if found else None
    if message is None:
        return False
    if message.status in SETTLED:
        return True
    log.warning("message %s came back: %s", message.pk, returned.code)
    # One that its recipient's server passed on, and somebody else's refused, says nothing about the address that we know.
    if means_nobody(returned.code) and returned.recipient == message.peer.lower():
        note_bounce(address=message.peer, code=returned.code)
    settle(message, MessageStatus.FAILED, error_code=returned.code)
    return True
