"""Terms written and looked up: the same answers from SQLite and from PostgreSQL (``tables``).

Both tell in which columns a term stands; ranking is ours (``ranking``), so that a search gives the same order
on either engine.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from servicetray.core.db import is_sqlite
from themes.search.tables import INDEX
from themes.search.terms import COLUMNS, Term


@dataclass(frozen=True, kw_only=True)
class Listed:
    """Texts with a term in one column, of every language in which the same term is written."""

    term: Term
    column: int
    """Of ``COLUMNS``, by its place."""
    documents: Iterable[int]
    """Ids of their ``search_document`` rows, in no order."""


def put(session: Session, document_id: int, terms: Mapping[str, Iterable[str]]) -> None:
    """Write the terms of one document, by column of ``COLUMNS``, in place of those it had."""
    lists = {column: list(terms.get(column, ())) for column in COLUMNS}
    names = ", ".join(COLUMNS)
    if is_sqlite(session):
        session.execute(sa.text(f"DELETE FROM {INDEX} WHERE rowid = :id"), {"id": document_id})  # noqa: S608 - our own name
        values = ", ".join(f":{column}" for column in COLUMNS)
        session.execute(
            sa.text(f"INSERT INTO {INDEX} (rowid, {names}) VALUES (:id, {values})"),  # noqa: S608 - our own names
            {"id": document_id} | {column: " ".join(words) for column, words in lists.items()},
        )
        return
    values = ", ".join(f"array_to_tsvector(:{column})" for column in COLUMNS)
    changes = ", ".join(f"{column} = excluded.{column}" for column in COLUMNS)
    session.execute(
        sa.text(
            f"INSERT INTO {INDEX} (document_id, {names}) VALUES (:id, {values}) "  # noqa: S608 - our own names
            f"ON CONFLICT (document_id) DO UPDATE SET {changes}"
        ).bindparams(*(sa.bindparam(column, type_=ARRAY(sa.Text)) for column in COLUMNS)),
        {"id": document_id, **lists},
    )


def find(session: Session, terms: Sequence[Term]) -> Iterator[Listed]:
    """Look all of the terms up at once, each in every column; where it is in none, nothing is told of it."""
    sqlite = is_sqlite(session)
    quoted = quoted_for_fts5 if sqlite else quoted_for_tsquery
    rows = session.execute(
        _SQLITE_FIND if sqlite else _POSTGRESQL_FIND,
        {"terms": json.dumps([quoted(term) for term in terms])},
    )
    for number, column, documents in rows:
        yield Listed(term=terms[number], column=column, documents=map(int, documents.split(",")))


def _statement(sql: str) -> sa.TextualSelect:
    return sa.text(sql).columns(
        sa.column("number", sa.Integer),
        sa.column("at", sa.Integer),
        sa.column("documents", sa.Text),
    )


# One statement for any number of terms: nothing is compiled anew, and no term is ever part of its text. A row
# tells of all documents at once: to fetch each by itself takes longer than to find it.
_SQLITE_FIND = _statement(
    " UNION ALL ".join(
        f"SELECT asked.key, {at}, group_concat({INDEX}.rowid) FROM json_each(:terms) AS asked "  # noqa: S608 - our own names
        f"CROSS JOIN {INDEX} WHERE {INDEX} MATCH '{column} : ' || asked.value GROUP BY asked.key"
        for at, column in enumerate(COLUMNS)
    )
)
_POSTGRESQL_FIND = _statement(
    f"""SELECT asked.number - 1, place.at, string_agg(CAST(found.document_id AS text), ',')
    FROM (
        SELECT number, CAST(term AS tsquery) AS query
        FROM jsonb_array_elements_text(CAST(:terms AS jsonb)) WITH ORDINALITY AS terms (term, number)
    ) AS asked
    JOIN {INDEX} AS found ON found.everything @@ asked.query
    CROSS JOIN LATERAL (
        VALUES {", ".join(f"({at}, found.{column} @@ asked.query)" for at, column in enumerate(COLUMNS))}
    ) AS place (at, is_there)
    WHERE place.is_there
    GROUP BY asked.number, place.at"""  # noqa: S608 - our own names
)


def quoted_for_fts5(term: Term) -> str:
    """Return the FTS5 query for exactly this term: a string in quotes has no operators in it."""
    text = term.text.replace("\0", "").replace('"', '""')
    return f'"{text}"*' if term.prefix else f'"{text}"'


def quoted_for_tsquery(term: Term) -> str:
    """Return the text of a tsquery for exactly this lexeme."""
    text = term.text.replace("\0", "").replace("\\", "\\\\").replace("'", "''")
    return f"'{text}':*" if term.prefix else f"'{text}'"
