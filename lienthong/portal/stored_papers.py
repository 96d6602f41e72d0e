"""Whether what the store holds is still what was issued."""

import hashlib

from lienthong.dossiers.store import Store


def unchanged(store: Store, storage_key: str, sha256: str) -> bool:
    """Whether the stored content has the hash it was issued with; False when it is gone."""
    try:
        return hashlib.sha256(store.get(storage_key)).hexdigest() == sha256
    except KeyError:
        return False
