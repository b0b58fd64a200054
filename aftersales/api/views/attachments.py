"""Photos of a return."""

from __future__ import annotations

from typing import Any

from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from aftersales.api.doors import Change
from aftersales.api.serializers.attachments import AttachmentAnswer, PhotosBody
from aftersales.files.actions.attaching import attach_all
from aftersales.files.models import Attachment


class Attachments(Change):
    """JPEG, PNG or WebP, at most 8 MB each and six at once. Stored without what the camera wrote about place and person."""

    verbs = {"GET": "file.view", "POST": "file.attach"}
    says = "Photos of a return"
    body = PhotosBody
    answer = AttachmentAnswer
    many = True
    status = 201
    parser_classes = [MultiPartParser]

    def get(self, request: Request, ref: str) -> Response:
        rows = Attachment.objects.of(self.find_return(ref)).shown_to(self.actor)
        return Response(self.answer(rows, many=True).data)

    def post(self, request: Request, **names: Any) -> Response:
        """What is out of scope does not exist, before anybody looks at the photos."""
        self.find_return(names["ref"])
        return super().post(request, **names)

    def act(self, data: dict[str, Any], **names: Any) -> list[Attachment]:
        return attach_all(data["photos"], on=self.find_return(names["ref"]), actor=self.actor)
