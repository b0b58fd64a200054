"""Attachments of a return."""

from __future__ import annotations

from typing import Any

from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from aftersales.api.doors import Change
from aftersales.api.serializers.attachments import AttachmentAnswer, FilesBody
from aftersales.files.actions.attaching import attach_all, read_file, read_upload
from aftersales.files.models import Attachment


class Attachments(Change):
    """Photos (JPEG, PNG, WebP; 8 MB), documents (PDF, DOCX, XLSX, PPTX, TXT, CSV; 10 MB), clips (MP4, MOV, M4A, AMR; 20 MB).

    Six at once. Photos are stored without what the camera wrote about place and person, everything else as it came.
    """

    verbs = {"GET": "file.view", "POST": "file.attach"}
    says = "Attachments of a return"
    body = FilesBody
    answer = AttachmentAnswer
    many = True
    status = 201
    parser_classes = [MultiPartParser]

    def get(self, request: Request, ref: str) -> Response:
        rows = Attachment.objects.of(self.find_return(ref)).shown_to(self.actor)
        return Response(self.answer(rows, many=True).data)

    def post(self, request: Request, **names: Any) -> Response:
        """What is out of scope does not exist, before anybody looks at the files."""
        self.find_return(names["ref"])
        return super().post(request, **names)

    def act(self, data: dict[str, Any], **names: Any) -> list[Attachment]:
        files = [read_upload(each) for each in data["photos"]] + [
            read_file(each, field="files") for each in data["files"]
        ]
        return attach_all(files, on=self.find_return(names["ref"]), actor=self.actor, field="files")
