"""What survives a restart: the log, snapshots, a few settings, and the read model that follows the log."""

from lienthong.engine.store.log_store import LogRow, Snapshot, Store, StoreFailed, StoreRefused

__all__ = ["LogRow", "Snapshot", "Store", "StoreFailed", "StoreRefused"]
