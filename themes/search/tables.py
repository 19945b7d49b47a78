"""The tables of the index: FTS5 on SQLite, tsvector and GIN on PostgreSQL.

They differ between databases, so they stand outside the models; migrations and tests make them here.
Terms are made in Python (``analysis``), so neither database's own language rules take part: FTS5
only splits at spaces, and tsvectors are built from arrays.

A row belongs to the ``search_document`` row of the same id, and goes when that one is deleted.
"""

from sqlalchemy.engine import Connection

from themes.search.terms import COLUMNS

INDEX = "search_index"

# Terms come in NFC and lower case; Finnish tells a from ä, so diacritics stay.
_FTS5 = f"""CREATE VIRTUAL TABLE {INDEX} USING fts5(
    {", ".join(COLUMNS)}, tokenize = "unicode61 remove_diacritics 0 tokenchars '-:'"
)"""
_TRIGGER = f"""CREATE TRIGGER {INDEX}_follows_document AFTER DELETE ON search_document
BEGIN DELETE FROM {INDEX} WHERE rowid = old.id; END"""  # noqa: S608 - our own names
_TSVECTORS = f"""CREATE TABLE {INDEX} (
    document_id integer PRIMARY KEY REFERENCES search_document (id) ON DELETE CASCADE,
    {", ".join(f"{column} tsvector NOT NULL" for column in COLUMNS)},
    everything tsvector NOT NULL GENERATED ALWAYS AS ({" || ".join(COLUMNS)}) STORED
)"""
_GIN = f"CREATE INDEX ix_{INDEX}_everything ON {INDEX} USING gin (everything)"

_SQLITE = (_FTS5, _TRIGGER)
_POSTGRESQL = (_TSVECTORS, _GIN)


def is_search_table(name: str) -> bool:
    """Whether a table belongs to the index; FTS5 keeps its own ones beside (``search_index_data`` …)."""
    return name == INDEX or name.startswith(f"{INDEX}_")


def create_index_tables(connection: Connection) -> None:
    """Create the index, empty; ``search_document`` must be there already."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.exec_driver_sql(statement)


def drop_index_tables(connection: Connection) -> None:
    """Drop what ``create_index_tables`` made, if it is there; before ``search_document``."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {INDEX}_follows_document")
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {INDEX}")
