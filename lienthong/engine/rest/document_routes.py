"""Documents: upload, one or many; download; deletion. Links of their own address are not made."""

from __future__ import annotations

import asyncio
import re
import uuid
from typing import Any
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData, UploadFile

from lienthong.engine.rest.document_store import STORE_ID, Document, DocumentStore
from lienthong.engine.rest.edge import Body, edge_of, json_reply
from lienthong.engine.rest.error_mapper import BadRequest, Conflict, NotFound
from lienthong.engine.store.read_filter import BadQuery, stored
from lienthong.engine.store.read_kinds import Form

LARGEST_DOCUMENT = 10 * 1024 * 1024
_CONTENT_TYPE = re.compile(r"[\w.+-]{1,100}/[\w.+-]{1,100}(; ?[\w.+-]{1,50}=[\w.+-]{1,100})*", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
router = APIRouter()


def _store(request: Request) -> DocumentStore:
    found: Any = request.app.state.documents
    assert isinstance(found, DocumentStore)
    wanted = request.query_params.get("storeId", STORE_ID)
    if wanted != STORE_ID:
        raise BadRequest(f"Expected the store '{STORE_ID}', the only one there is, but got '{wanted[:100]}'")
    return found


async def _metadata(part: Any) -> Body:
    """The JSON of a part of the form, sent as a field or as a file."""
    text = await part.read() if isinstance(part, UploadFile) else part
    try:
        value = orjson.loads(text) if text else {}
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"Expected metadata as a JSON object, but: {error}") from error
    if not isinstance(value, dict):
        raise BadRequest("Expected metadata as a JSON object, but it is something else")
    return value


def _shown(upload: UploadFile, size: int, given: Body) -> Body:
    content_type = str(given.get("contentType") or upload.content_type or "application/octet-stream")
    if not _CONTENT_TYPE.fullmatch(content_type):
        raise BadRequest(f"Expected a content type such as application/pdf, but got '{content_type[:100]}'")
    return {
        "contentType": content_type,
        "fileName": str(given.get("fileName") or upload.filename or "document"),
        "expiresAt": given.get("expiresAt"),
        "size": size,
        "processDefinitionId": given.get("processDefinitionId"),
        "processInstanceKey": given.get("processInstanceKey"),
        "customProperties": given.get("customProperties") or {},
    }


async def _kept(request: Request, upload: Any, given: Body, document_id: str) -> Document:
    if not isinstance(upload, UploadFile):
        raise BadRequest("Expected a file in the form, but there is none")
    if not _ID.fullmatch(document_id):
        raise BadRequest("Expected a document id of letters, digits, dots, dashes and underscores")
    content = await upload.read()
    if len(content) > LARGEST_DOCUMENT:
        raise BadRequest(f"Expected a document of at most {LARGEST_DOCUMENT} bytes, but it has {len(content)}")
    expires = given.get("expiresAt")
    expires_ms = None if expires is None else stored(Form.DATE, "expiresAt", expires)
    now_ms = edge_of(request).engine.clock.now_ms()
    shown = _shown(upload, len(content), given)
    made = await asyncio.to_thread(_store(request).put, document_id, content, shown, expires_ms, now_ms)
    if made is None:
        raise Conflict(f"Expected a new document id, but there is a document '{document_id}'")
    return made


def _form_needed(request: Request) -> None:
    if "multipart/form-data" not in request.headers.get("content-type", ""):
        raise BadRequest("Expected the content type multipart/form-data")


@router.post("/documents")
async def create_document(request: Request) -> Response:
    """Keep one document; the reply is what a variable keeps of it."""
    _form_needed(request)
    async with request.form() as form:
        given = await _metadata(form.get("metadata"))
        document_id = request.query_params.get("documentId") or str(uuid.uuid4())
        made = await _kept(request, form.get("file"), given, document_id)
    return json_reply(made.reference(), 201)


@router.post("/documents/batch")
async def create_documents(request: Request) -> Response:
    """Keep several documents; 207 when some of them were refused."""
    _form_needed(request)
    created: list[Body] = []
    failed: list[Body] = []
    async with request.form() as form:
        for upload, given in zip(form.getlist("files"), await _all_metadata(form), strict=True):
            try:
                created.append((await _kept(request, upload, given, str(uuid.uuid4()))).reference())
            except (BadRequest, BadQuery) as error:
                name = upload.filename or "" if isinstance(upload, UploadFile) else ""
                failed.append({"fileName": name, "status": 400, "title": "INVALID_ARGUMENT", "detail": str(error)})
    return json_reply({"createdDocuments": created, "failedDocuments": failed}, 207 if failed else 201)


async def _all_metadata(form: FormData) -> list[Body]:
    files, parts = form.getlist("files"), form.getlist("metadataList")
    if not parts:
        return [{} for _ in files]
    if len(parts) != len(files):
        raise BadRequest(f"Expected as many metadata as files, {len(files)}, but got {len(parts)}")
    return [await _metadata(part) for part in parts]


async def _found(request: Request, document_id: str) -> Document:
    now_ms = edge_of(request).engine.clock.now_ms()
    document = await asyncio.to_thread(_store(request).get, document_id, now_ms)
    if document is None:
        raise NotFound(f"Expected to find document '{document_id[:200]}', but there is none")
    wanted = request.query_params.get("contentHash")
    if wanted is not None and wanted != document.content_hash:
        raise BadRequest("Expected the hash of the document's content, but it is of another content")
    return document


@router.get("/documents/{document_id}")
async def get_document(request: Request, document_id: str) -> Response:
    """The content, always as a download."""
    document = await _found(request, document_id)
    name = quote(str(document.metadata["fileName"]))
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}", "x-content-type-options": "nosniff"}
    return Response(document.content, media_type=document.metadata["contentType"], headers=headers)


@router.delete("/documents/{document_id}")
async def delete_document(request: Request, document_id: str) -> Response:
    """Forget a document."""
    if not await asyncio.to_thread(_store(request).delete, document_id):
        raise NotFound(f"Expected to find document '{document_id[:200]}', but there is none")
    return Response(status_code=204)


@router.post("/documents/{document_id}/links")
async def create_link(request: Request, document_id: str) -> Response:
    """Refused: whoever may read a document asks this engine for it, with its token."""
    await _found(request, document_id)
    raise BadRequest("Expected a store that makes links, but the embedded one makes none")
