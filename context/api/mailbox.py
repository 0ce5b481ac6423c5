"""In the API: the mailbox that Floyd reads for you, your own address at Floyd, and the mails that reached it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response

from api.conditions import shown_with_tag
from api.fields import Text, Whole
from api.pages import Listing
from api.resource import Resource
from api.schema import IF_NONE_MATCH
from context import mailboxes
from context.api.own_hand import check_password, password_field
from context.api.shapes import Shape
from context.errors import NotKnown
from context.mail_address import forwarding_address, renew_forwarding_address
from context.mail_models import Mail, MailboxStatus, MailStatus
from context.mailbox_form import MOST_FOLDERS, MailboxForm
from context.models import User


class NewMailbox(Shape):
    """Where the mailbox is, and how to get in. It is tried before it is kept, read only, and its password is kept encrypted."""

    host = Text(max_length=200, help_text="The IMAP server, e.g. imap.example.com.")
    port = Whole(required=False, min_value=1, max_value=65535, help_text="Left out: 993.")
    username = Text(max_length=200)
    app_password = Text(
        required=False,
        allow_blank=True,
        trim_whitespace=False,
        max_length=200,
        help_text="Made for Floyd. Left out: the one that is kept, at the same server.",
    )
    folders = serializers.ListField(child=Text(max_length=100), min_length=1, max_length=MOST_FOLDERS, help_text="E.g. INBOX.")
    password = password_field()


class NoMails(Shape):
    """What to do with what was read."""

    mails = serializers.BooleanField(required=False, help_text="Forget the mails, too. Left out: they stay.")


@extend_schema_serializer(component_name="Mailbox")
class MailboxShape(Shape):
    """A mailbox that Floyd reads."""

    host = Text()
    port = Whole()
    username = Text()
    folders = serializers.ListField(child=Text())
    status = serializers.ChoiceField(choices=MailboxStatus.choices)
    trouble = Text(allow_blank=True, help_text="What went wrong last.")
    read_at = serializers.DateTimeField(allow_null=True, help_text="When it was last read to the end.")


@extend_schema_serializer(component_name="MailWays")
class WaysShape(Shape):
    """How mail reaches Floyd."""

    address = Text(allow_blank=True, help_text="Forward mails here, or write to it. Empty: Floyd gets no mail.")
    mailbox = MailboxShape(allow_null=True)


class MailShort(Shape):
    """A mail, without its words."""

    id = serializers.IntegerField()
    sender = Text(allow_blank=True)
    sender_name = Text(allow_blank=True)
    subject = Text(allow_blank=True)
    status = serializers.ChoiceField(choices=MailStatus.choices)
    trouble = Text(allow_blank=True)
    attachments = serializers.ListField(child=Text())
    sent_at = serializers.DateTimeField(allow_null=True)
    received_at = serializers.DateTimeField()


@extend_schema_serializer(component_name="Mail")
class MailShape(MailShort):
    """A mail. Its words are somebody else's."""

    text = Text(allow_blank=True)
    cut = serializers.BooleanField(help_text="There was more than is kept.")


def _ways(request: ApiRequest, user: User, status: int = 200) -> Response:
    return shown_with_tag(request, WaysShape({"address": forwarding_address(user), "mailbox": mailboxes.mailbox_of(user)}).data, status)


class OwnMailbox(Resource):
    """How mail reaches Floyd."""

    @extend_schema(operation_id="get_mailbox", responses=WaysShape, parameters=[IF_NONE_MATCH])
    def get(self, request: ApiRequest) -> Response:
        """Your address at Floyd, and the mailbox that is connected."""
        user: Any = request.user
        return _ways(request, user)

    @extend_schema(operation_id="connect_mailbox", request=NewMailbox, responses=WaysShape)
    def post(self, request: ApiRequest) -> Response:
        """Tries the mailbox and has Floyd read it, in place of the one before."""
        user: Any = request.user
        sent = self.read_body(request, NewMailbox)
        check_password(request, user, sent["password"])
        given = {"host": sent["host"], "port": sent.get("port", 993), "username": sent["username"], "password": sent.get("app_password", "")}
        form = MailboxForm({**given, "folders": ",".join(sent["folders"])}, known=mailboxes.mailbox_of(user))
        if not form.is_valid():
            named = {"password": "app_password", "__all__": "non_field_errors"}
            raise serializers.ValidationError({named.get(name, name): [str(error) for error in errors] for name, errors in form.errors.items()})
        mailboxes.connect(user=user, given=form.cleaned_data)
        return _ways(request, user)

    @extend_schema(operation_id="disconnect_mailbox", parameters=[NoMails], responses={204: None})
    def delete(self, request: ApiRequest) -> Response:
        """Forgets the mailbox and its password."""
        user: Any = request.user
        mailboxes.disconnect(user=user, mails=self.read_query(request, NoMails).get("mails", False))
        return Response(status=204)


class RenewAddress(Resource):
    """Another address at Floyd."""

    @extend_schema(operation_id="renew_mail_address", request=None, responses=WaysShape)
    def post(self, request: ApiRequest) -> Response:
        """In place of one that strangers found out; what comes to the old one is nobody's."""
        user: Any = request.user
        renew_forwarding_address(user)
        return _ways(request, user)


class Mails(Listing):
    """Mails that reached Floyd."""

    @extend_schema(operation_id="list_mails", responses=MailShort(many=True))
    def get(self, request: ApiRequest) -> Response:
        """Newest first. What Floyd made of one shows `mail:<id>` as its `source_ref`."""
        user: Any = request.user
        self.read_query(request, Shape)
        return self.page_of(request, Mail.objects.filter(user=user).defer("text", "events"), MailShort)


class OneMail(Resource):
    """One mail."""

    @extend_schema(operation_id="get_mail", responses=MailShape, parameters=[IF_NONE_MATCH])
    def get(self, request: ApiRequest, mail_id: int) -> Response:
        """Its words, never its HTML."""
        user: Any = request.user
        mail = Mail.objects.filter(user=user, pk=mail_id).first()
        if mail is None:
            raise NotKnown("There is no such mail.")
        return shown_with_tag(request, MailShape(mail).data)
