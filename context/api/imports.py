"""Imports in the API: a file is looked at, saved as a whole, and undone as a whole."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response

from api.conditions import shown_with_tag
from api.fields import Text
from api.pages import Listing
from api.problems import Problem
from api.resource import Resource
from api.schema import IF_NONE_MATCH
from context.access import own_one
from context.api.shapes import Shape
from context.import_models import ImportBatch, ImportStatus
from context.imports import batches
from context.imports.found import MOST_BYTES

#: What stands in the way of an act, by what became of the import.
NOT_YET = "This import is not saved yet. Save it first, or DELETE it."
UNDONE = "This import was undone. Send the file again if you want it back."
SAVED = "This import is saved. Undo it instead."


class File(BaseParser):
    """The body as it is."""

    media_type = "application/octet-stream"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """Its bytes: one more than may be is enough to tell that it is too large."""
        return stream.read(MOST_BYTES + 1)


class FileName(Shape):
    """What the file is called."""

    name = Text(required=False, max_length=120, help_text="E.g. contacts.vcf.")


@extend_schema_serializer(component_name="Import")
class ImportShape(Shape):
    """What was read of a file."""

    id = serializers.IntegerField()
    name = Text(allow_blank=True)
    status = serializers.ChoiceField(choices=ImportStatus.choices)
    items = serializers.ListField(child=serializers.DictField(), help_text="What saving would add; empty once it is done.")
    troubles = serializers.ListField(child=Text(), help_text="What is left out, and why.")
    notes = serializers.ListField(child=Text())
    saved = serializers.IntegerField(help_text="How much was added.")
    created_at = serializers.DateTimeField()


class Imports(Listing):
    """Files that were read."""

    parser_classes = [File]

    @extend_schema(operation_id="list_imports", responses=ImportShape(many=True))
    def get(self, request: ApiRequest) -> Response:
        """Newest first. What is imported shows `import:<id>` as its `source_ref`."""
        user: Any = request.user
        self.read_query(request, Shape)
        return self.page_of(request, ImportBatch.objects.filter(user=user), ImportShape)

    @extend_schema(operation_id="read_import", parameters=[FileName], request={File.media_type: OpenApiTypes.BINARY}, responses={201: ImportShape})
    def post(self, request: ApiRequest) -> Response:
        """Reads a file of contacts (vCard), appointments (iCalendar) or facts (CSV) and shows what saving it would add.

        The body is the file itself, up to 2 MB. Nothing is saved yet; of files that nobody saves the last few are kept.
        """
        user: Any = request.user
        name = self.read_query(request, FileName).get("name", "")
        data = request.data if isinstance(request.data, bytes) else b""  # an empty body is not parsed
        batch = batches.read_file(user=user, name=name, data=data)
        batch.refresh_from_db()
        return shown_with_tag(request, ImportShape(batch).data, 201)


class OneImport(Resource):
    """One file."""

    @extend_schema(operation_id="get_import", responses=ImportShape, parameters=[IF_NONE_MATCH])
    def get(self, request: ApiRequest, import_id: int) -> Response:
        """What would be added, or was."""
        return shown_with_tag(request, ImportShape(own_one(ImportBatch, request.user, import_id)).data)

    @extend_schema(operation_id="discard_import", responses={204: None})
    def delete(self, request: ApiRequest, import_id: int) -> Response:
        """Forgets a file that is not saved."""
        batch = own_one(ImportBatch, request.user, import_id)
        if batch.status != ImportStatus.READ:
            raise Problem(409, UNDONE if batch.status == ImportStatus.UNDONE else SAVED)
        batches.discard(batch=batch)
        return Response(status=204)


class SaveImport(Resource):
    """Yes to what was read."""

    @extend_schema(operation_id="save_import", request=None, responses=ImportShape)
    def post(self, request: ApiRequest, import_id: int) -> Response:
        """Saves all of it, once however often."""
        batch = own_one(ImportBatch, request.user, import_id)
        if batch.status == ImportStatus.UNDONE:
            raise Problem(409, UNDONE)
        batches.save(batch=batch)
        batch.refresh_from_db()
        return shown_with_tag(request, ImportShape(batch).data)


class UndoImport(Resource):
    """No, after all."""

    @extend_schema(operation_id="undo_import", request=None, responses=ImportShape)
    def post(self, request: ApiRequest, import_id: int) -> Response:
        """Takes away all that came of it and still counts; what Floyd was told since stays."""
        batch = own_one(ImportBatch, request.user, import_id)
        if batch.status == ImportStatus.READ:
            raise Problem(409, NOT_YET)
        batches.undo(batch=batch)
        batch.refresh_from_db()
        return shown_with_tag(request, ImportShape(batch).data)
