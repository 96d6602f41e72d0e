"""Where documents lie: content-addressed by SHA-256, never overwritten."""

import hashlib
import io
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from minio import Minio
from minio.error import S3Error


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One stored content."""

    key: str
    sha256: str
    size: int


class Store(Protocol):
    """What the services ask of a document store."""

    def put(self, content: bytes, content_type: str) -> StoredObject:
        """Keep the content; the same content twice is kept once."""
        ...

    def get(self, key: str) -> bytes:
        """The content of a key; ``KeyError`` when there is none."""
        ...


class StoreSettings(Protocol):
    """What the S3 store asks of the settings."""

    s3_endpoint: str
    s3_access_key: str
    s3_secret_key: str
    s3_bucket: str
    s3_secure: bool


def address_of(content: bytes) -> StoredObject:
    """Where a content belongs: two hex digits as folder, then the whole hash."""
    digest = hashlib.sha256(content).hexdigest()
    return StoredObject(f"sha256/{digest[:2]}/{digest}", digest, len(content))


class DocumentStore:
    """The store over S3; the bucket is made on first use."""

    def __init__(self, settings: StoreSettings) -> None:
        self._client = Minio(
            settings.s3_endpoint,
            access_key=settings.s3_access_key,
            secret_key=settings.s3_secret_key,
            secure=settings.s3_secure,
            region="us-east-1",
        )
        self._bucket = settings.s3_bucket
        self._ready = False

    def ensure_bucket(self) -> None:
        """Make the bucket unless it exists."""
        if self._ready:
            return
        try:
            if not self._client.bucket_exists(self._bucket):
                self._client.make_bucket(self._bucket)
        except S3Error as error:
            if error.code not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
                raise
        self._ready = True

    def put(self, content: bytes, content_type: str) -> StoredObject:
        """Keep the content under its hash; one that is there already is left alone."""
        self.ensure_bucket()
        target = address_of(content)
        if not self._exists(target.key):
            self._client.put_object(
                self._bucket, target.key, io.BytesIO(content), len(content), content_type=content_type
            )
        return target

    def get(self, key: str) -> bytes:
        """The content of a key; ``KeyError`` when there is none."""
        try:
            answer = self._client.get_object(self._bucket, key)
        except S3Error as error:
            if error.code == "NoSuchKey":
                raise KeyError(key) from error
            raise
        try:
            return answer.read()
        finally:
            answer.close()
            answer.release_conn()

    def presign(self, key: str, minutes: int = 10) -> str:
        """A link that opens one document for some minutes."""
        return self._client.presigned_get_object(self._bucket, key, expires=timedelta(minutes=minutes))

    def _exists(self, key: str) -> bool:
        try:
            self._client.stat_object(self._bucket, key)
        except S3Error as error:
            if error.code in ("NoSuchKey", "NoSuchObject"):
                return False
            raise
        return True


class MemoryStore:
    """The store in memory, for tests and trials."""

    def __init__(self) -> None:
        self._contents: dict[str, bytes] = {}

    def put(self, content: bytes, content_type: str) -> StoredObject:
        """Keep the content under its hash."""
        target = address_of(content)
        self._contents.setdefault(target.key, content)
        return target

    def get(self, key: str) -> bytes:
        """The content of a key; ``KeyError`` when there is none."""
        return self._contents[key]

    def presign(self, key: str, minutes: int = 10) -> str:
        """A link of no meaning outside the test."""
        return f"memory:{key}"
