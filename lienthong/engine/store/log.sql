-- The log of the engine. Format 2 (1: another packing of a group): see LOG_FORMAT in sqlite_store.py; a change of this file is a new format.
CREATE TABLE IF NOT EXISTS log (
    position INTEGER PRIMARY KEY,
    events BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS snapshot (
    position INTEGER PRIMARY KEY,
    state BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
