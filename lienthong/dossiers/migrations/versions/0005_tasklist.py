"""Tables of the tasklist, the order and revision of tasks, and full-text search over dossiers.

The text of a dossier is folded (no diacritics, đ as d, authorities as one word each) by triggers, so that every way of
writing a dossier keeps it. SQLite searches it with FTS5, PostgreSQL with a GIN index over ``tsvector``.
"""

import sqlalchemy as sa
from alembic import op

from lienthong.dossiers.rules.folding import fold
from lienthong.dossiers.tables.columns import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_NEVER = "9999-12-31 00:00:00.000000"
_ORDER = ["sort_at", "rank", "user_task_key"]
_QUEUE_INDEXES = {
    "ix_task_queue": (["authority_id", "role", *_ORDER, "assignee"], ""),
    "ix_task_holder": (["assignee", *_ORDER], " AND assignee <> ''"),
    "ix_task_escalated": (["escalated_group", *_ORDER], " AND escalated_group <> ''"),
}
_SEARCHED = "code, applicant_name, organisation_name, applicant_phone, applicant_personal_number, authorities"
_TABLES = (
    "dossier_text",
    "scanned_paper",
    "queue_ticket",
    "consultation",
    "held_completion",
    "saved_filter",
    "dossier_comment",
    "task_draft",
    "substitution",
)

_SQLITE_FOLDED = """
replace(replace(lower(
    {row}.code || ' ' || {row}.applicant_name || ' ' || {row}.organisation_name || ' ' || {row}.applicant_phone
    || ' ' || {row}.applicant_personal_number
), 'đ', 'd'), 'Đ', 'd') || ' ' || coalesce((
    SELECT group_concat('at' || replace(value, '-', ''), ' ') FROM json_each({row}.authorities)
), '')
"""
_SQLITE = (
    """
    CREATE VIRTUAL TABLE dossier_text_index USING fts5(
        text, content='dossier_text', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='2 3 4'
    )
    """,
    """
    CREATE TRIGGER dossier_text_indexed AFTER INSERT ON dossier_text BEGIN
        INSERT INTO dossier_text_index(rowid, text) VALUES (new.id, new.text);
    END
    """,
    """
    CREATE TRIGGER dossier_text_removed AFTER DELETE ON dossier_text BEGIN
        INSERT INTO dossier_text_index(dossier_text_index, rowid, text) VALUES ('delete', old.id, old.text);
    END
    """,
    """
    CREATE TRIGGER dossier_text_changed AFTER UPDATE ON dossier_text BEGIN
        INSERT INTO dossier_text_index(dossier_text_index, rowid, text) VALUES ('delete', old.id, old.text);
        INSERT INTO dossier_text_index(rowid, text) VALUES (new.id, new.text);
    END
    """,
    f"""
    CREATE TRIGGER dossier_searchable AFTER INSERT ON dossier BEGIN
        INSERT INTO dossier_text(dossier_id, text) VALUES (new.id, {_SQLITE_FOLDED.format(row="new")});
    END
    """,
    f"""
    CREATE TRIGGER dossier_searchable_again AFTER UPDATE OF {_SEARCHED} ON dossier BEGIN
        UPDATE dossier_text SET text = {_SQLITE_FOLDED.format(row="new")} WHERE dossier_id = new.id;
    END
    """,
    """
    CREATE TRIGGER dossier_not_searchable AFTER DELETE ON dossier BEGIN
        DELETE FROM dossier_text WHERE dossier_id = old.id;
    END
    """,
    f"""
    INSERT INTO dossier_text(dossier_id, text)
    SELECT id, {_SQLITE_FOLDED.format(row="dossier")} FROM dossier ORDER BY filed_at, code
    """,
)

_POSTGRESQL_FOLDED = """
regexp_replace(lower(unaccent(concat_ws(' ',
    {row}.code, {row}.applicant_name, {row}.organisation_name, {row}.applicant_phone, {row}.applicant_personal_number
))), '[^a-z0-9]+', ' ', 'g') || ' ' || coalesce((
    SELECT string_agg('at' || replace(value, '-', ''), ' ') FROM json_each_text({row}.authorities)
), '')
"""
_POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS unaccent",
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE SEQUENCE task_revision",
    f"""
    CREATE FUNCTION dossier_keep_text() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO dossier_text(dossier_id, text) VALUES (new.id, {_POSTGRESQL_FOLDED.format(row="new")})
        ON CONFLICT (dossier_id) DO UPDATE SET text = excluded.text;
        RETURN new;
    END $$
    """,
    """
    CREATE FUNCTION dossier_drop_text() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM dossier_text WHERE dossier_id = old.id;
        RETURN old;
    END $$
    """,
    f"""
    CREATE TRIGGER dossier_searchable AFTER INSERT OR UPDATE OF {_SEARCHED} ON dossier
    FOR EACH ROW EXECUTE FUNCTION dossier_keep_text()
    """,
    """
    CREATE TRIGGER dossier_not_searchable AFTER DELETE ON dossier
    FOR EACH ROW EXECUTE FUNCTION dossier_drop_text()
    """,
    f"""
    INSERT INTO dossier_text(dossier_id, text)
    SELECT id, {_POSTGRESQL_FOLDED.format(row="dossier")} FROM dossier ORDER BY filed_at, code
    """,
    "CREATE INDEX ix_dossier_text_words ON dossier_text USING gin (to_tsvector('simple', text))",
    "CREATE INDEX ix_dossier_text_parts ON dossier_text USING gin (text gin_trgm_ops)",
)


def upgrade() -> None:
    """Create the tables, referenced ones first; then columns, indexes and search."""
    _extend_tasks()
    _create_people()
    _create_work()
    _create_completions()
    _create_consultations()
    _create_reception()
    op.create_table(
        "dossier_text",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("dossier_id", sa.String(36), nullable=False, unique=True),
        sa.Column("text", sa.String(), nullable=False),
    )
    for statement in _POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)
    _fold_open_tasks()


def downgrade() -> None:
    """Drop search, indexes, columns and tables, referencing ones first."""
    if op.get_bind().dialect.name == "postgresql":
        for trigger in ("dossier_searchable", "dossier_not_searchable"):
            op.execute(f"DROP TRIGGER {trigger} ON dossier")
        for function in ("dossier_keep_text", "dossier_drop_text"):
            op.execute(f"DROP FUNCTION {function}()")
        op.execute("DROP SEQUENCE task_revision")
    else:
        for trigger in ("dossier_searchable", "dossier_searchable_again", "dossier_not_searchable"):
            op.execute(f"DROP TRIGGER {trigger}")
        op.execute("DROP TABLE dossier_text_index")
    for table in _TABLES:
        op.drop_table(table)
    op.drop_index("ix_notification_recipient", "notification")
    op.drop_index("ix_branch_at_risk", "branch")
    for name in (*_QUEUE_INDEXES, "ix_task_revision"):
        op.drop_index(name, "task")
    op.create_index("ix_task_hidden", "task", ["hidden"])
    for column in ("assigned_at", "revision", "sort_at", "rank", "search_text"):
        op.drop_column("task", column)


def _extend_tasks() -> None:
    op.add_column("task", sa.Column("assigned_at", UtcDateTime(), nullable=True))
    op.add_column("task", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("task", sa.Column("sort_at", UtcDateTime(), nullable=False, server_default=_NEVER))
    op.add_column("task", sa.Column("rank", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("task", sa.Column("search_text", sa.String(), nullable=False, server_default=""))
    op.execute("UPDATE task SET sort_at = due_at WHERE due_at IS NOT NULL")
    op.execute("UPDATE task SET rank = -priority")
    op.create_index("ix_task_revision", "task", ["revision"])
    op.drop_index("ix_task_hidden", "task")
    for name, (columns, more) in _QUEUE_INDEXES.items():
        sqlite, postgresql = sa.text(f"hidden = 0{more}"), sa.text(f"NOT hidden{more}")
        op.create_index(name, "task", columns, sqlite_where=sqlite, postgresql_where=postgresql)
    op.create_index("ix_notification_recipient", "notification", ["recipient", "at"])
    op.create_index("ix_branch_at_risk", "branch", ["authority_id", "status", "due_at"])


def _fold_open_tasks() -> None:
    """Fill the search text of the tasks that are open; ended ones are not searched."""
    connection = op.get_bind()
    statement = sa.text(
        "SELECT task.user_task_key, task.dossier_code, task.name, dossier_text.text FROM task"
        " JOIN dossier ON dossier.code = task.dossier_code JOIN dossier_text ON dossier_text.dossier_id = dossier.id"
        " WHERE NOT task.hidden"
    )
    for key, code, name, holder in connection.execute(statement).all():
        connection.execute(
            sa.text("UPDATE task SET search_text = :folded WHERE user_task_key = :key"),
            {"folded": fold(f"{code} {name} {holder}"), "key": key},
        )


def _create_people() -> None:
    op.create_table(
        "substitution",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("absent_user_id", sa.Integer(), sa.ForeignKey("user_account.id"), nullable=False),
        sa.Column("substitute_user_id", sa.Integer(), sa.ForeignKey("user_account.id"), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("authority_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=False),
    )
    op.create_index("ix_substitution_absent_user_id", "substitution", ["absent_user_id"])
    op.create_index("ix_substitution_substitute_user_id", "substitution", ["substitute_user_id"])
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("owner_id", sa.Integer(), sa.ForeignKey("user_account.id"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.JSON(), nullable=False),
        sa.Column("shared_with", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
    )
    op.create_index("ix_saved_filter_owner_id", "saved_filter", ["owner_id"])
    op.create_index("ix_saved_filter_shared_with", "saved_filter", ["shared_with"])


def _create_work() -> None:
    op.create_table(
        "task_draft",
        sa.Column("user_task_key", sa.String(32), primary_key=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("saved_by", sa.String(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_table(
        "dossier_comment",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("dossier_id", sa.String(), sa.ForeignKey("dossier.id"), nullable=False),
        sa.Column("branch_code", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("mentions", sa.JSON(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
    )
    op.create_index("ix_dossier_comment_dossier_id", "dossier_comment", ["dossier_id"])


def _create_completions() -> None:
    op.create_table(
        "held_completion",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("user_task_key", sa.String(32), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("on_behalf_of", sa.String(), nullable=False),
        sa.Column("variables", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("held_at", UtcDateTime(), nullable=False),
        sa.Column("release_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=False),
    )
    op.create_index("ix_held_completion_user_task_key", "held_completion", ["user_task_key"])
    op.create_index("ix_held_completion_waiting", "held_completion", ["state", "release_at"])


def _create_consultations() -> None:
    op.create_table(
        "consultation",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("dossier_id", sa.String(), sa.ForeignKey("dossier.id"), nullable=False),
        sa.Column("branch_code", sa.String(), nullable=False),
        sa.Column("asking_authority_id", sa.String(), nullable=False),
        sa.Column("asked_authority_id", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("opinion", sa.String(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
    )
    op.create_index("ix_consultation_dossier_id", "consultation", ["dossier_id"])
    op.create_index("ix_consultation_asked_authority_id", "consultation", ["asked_authority_id"])
    op.create_index("ix_consultation_open", "consultation", ["answered_at", "due_at"])


def _create_reception() -> None:
    op.create_table(
        "queue_ticket",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("desk_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("essential", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("called_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("window", sa.String(), nullable=False),
        sa.Column("called_by", sa.String(), nullable=False),
        sa.UniqueConstraint("desk_id", "day", "number"),
    )
    op.create_index("ix_queue_ticket_line", "queue_ticket", ["desk_id", "day"])
    op.create_table(
        "scanned_paper",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("desk_id", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("storage_key", sa.String(), nullable=False),
        sa.Column("code_found", sa.String(), nullable=False),
        sa.Column("arrived_at", UtcDateTime(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=True),
        sa.Column("taken_by", sa.String(), nullable=False),
        sa.Column("dossier_id", sa.String(), sa.ForeignKey("dossier.id"), nullable=True),
        sa.UniqueConstraint("desk_id", "sha256", "arrived_at"),
    )
    op.create_index("ix_scanned_paper_desk_id", "scanned_paper", ["desk_id"])
