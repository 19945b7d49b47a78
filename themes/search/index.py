"""Terms written and looked up: the same answers from SQLite and from PostgreSQL (``tables``).

Both tell in which columns a term stands (as bits); ranking is ours (``ranking``), so that a search
gives the same order on either engine.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from servicetray.core.db import is_sqlite
from themes.search.tables import INDEX
from themes.search.terms import COLUMNS, Found, Term


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


def find(session: Session, terms: Sequence[Term]) -> dict[Term, list[Found]]:
    """Look every term up; each answer lists the services that have it, in no order."""
    unique = list(dict.fromkeys(terms))
    answers: dict[Term, list[Found]] = {term: [] for term in unique}
    sqlite = is_sqlite(session)
    quoted = quoted_for_fts5 if sqlite else quoted_for_tsquery
    asked = json.dumps([{"query": quoted(term), "language": term.language} for term in unique])
    for number, service_id, name_length, columns in session.execute(
        _SQLITE_FIND if sqlite else _POSTGRESQL_FIND,
        {"terms": asked},
    ):
        answers[unique[number]].append(
            Found(service_id=service_id, columns=columns, name_length=name_length),
        )
    return answers


def _statement(sql: str) -> sa.TextualSelect:
    return sa.text(sql).columns(
        sa.column("number", sa.Integer),
        sa.column("service_id", sa.Uuid),
        sa.column("name_length", sa.Integer),
        sa.column("columns", sa.Integer),
    )


def _only(at: int) -> str:
    return ", ".join("1.0" if other == at else "0.0" for other in range(len(COLUMNS)))


# FTS5 tells in which column a term stands through bm25 alone: with all weights but one nought, it is
# negative where the term is in that column and nought elsewhere.
_SQLITE_BITS = " + ".join(f"(bm25({INDEX}, {_only(at)}) < 0) * {1 << at}" for at in range(len(COLUMNS)))
_POSTGRESQL_BITS = " + ".join(
    f"CASE WHEN found.{column} @@ asked.query THEN {1 << at} ELSE 0 END" for at, column in enumerate(COLUMNS)
)

# One statement for any number of terms: nothing is compiled anew, and no term is ever part of its text.
_SQLITE_FIND = _statement(
    f"""SELECT asked.key, document.service_id, document.name_length, {_SQLITE_BITS}
    FROM json_each(:terms) AS asked
    CROSS JOIN {INDEX}
    CROSS JOIN search_document AS document ON document.id = {INDEX}.rowid
    WHERE {INDEX} MATCH json_extract(asked.value, '$.query')
    AND document.language = json_extract(asked.value, '$.language')"""  # noqa: S608 - our own names
)
_POSTGRESQL_FIND = _statement(
    f"""SELECT asked.number - 1, document.service_id, document.name_length, {_POSTGRESQL_BITS}
    FROM (
        SELECT number, CAST(term ->> 'query' AS tsquery) AS query, term ->> 'language' AS language
        FROM jsonb_array_elements(CAST(:terms AS jsonb)) WITH ORDINALITY AS terms (term, number)
    ) AS asked
    JOIN {INDEX} AS found ON found.everything @@ asked.query
    JOIN search_document AS document ON document.id = found.document_id
    WHERE document.language = asked.language"""  # noqa: S608 - our own names
)


def quoted_for_fts5(term: Term) -> str:
    """Return the FTS5 query for exactly this term: a string in quotes has no operators in it."""
    text = term.text.replace("\0", "").replace('"', '""')
    return f'"{text}"*' if term.prefix else f'"{text}"'


def quoted_for_tsquery(term: Term) -> str:
    """Return the text of a tsquery for exactly this lexeme."""
    text = term.text.replace("\0", "").replace("\\", "\\\\").replace("'", "''")
    return f"'{text}':*" if term.prefix else f"'{text}'"
