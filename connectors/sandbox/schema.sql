CREATE TABLE IF NOT EXISTS fault (system TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS payment_order (
  order_id TEXT PRIMARY KEY,
  body TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'pending',
  transaction_id TEXT UNIQUE,
  paid_at TEXT
);
CREATE TABLE IF NOT EXISTS callback (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  callback_id TEXT NOT NULL,
  url TEXT NOT NULL,
  body BLOB NOT NULL,
  next_attempt_ms INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  delivered_ms INTEGER
);
CREATE INDEX IF NOT EXISTS callback_due ON callback (next_attempt_ms) WHERE delivered_ms IS NULL;
CREATE TABLE IF NOT EXISTS lookup (
  request_id TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  officer TEXT NOT NULL,
  unit TEXT NOT NULL,
  purpose TEXT NOT NULL,
  found INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS record (
  system TEXT NOT NULL,
  id TEXT NOT NULL,
  position INTEGER NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (system, id)
);
