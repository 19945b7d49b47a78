"""Databases of many services: the demonstration's own, and copies of them with all that hangs on each.

The copies' rows of the search index are copied too: analysing 20,000 services anew takes ten minutes and gives
the same terms. What is made is kept for the day in the temporary folder, by a fingerprint of the code that made it.
"""

import hashlib
import os
import random
import shutil
import tempfile
import uuid
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from servicetray.app import MIGRATIONS, ROOT
from servicetray.core import clock
from servicetray.core.content import ContentVersion
from servicetray.core.db import db, transaction
from tests import database as databases
from themes.demonstration import loading
from themes.demonstration.happenings import loading as happenings
from themes.directory.models import (
    Provider,
    Service,
    ServiceChannel,
    ServiceClassification,
    ServiceFacet,
    ServiceTheme,
)
from themes.search.tables import INDEX

KEPT = Path(tempfile.gettempdir()) / f"servicetray-bench-{os.getuid()}"
_HANGING = (ServiceTheme, ServiceFacet, ServiceChannel, ServiceClassification)
_MADE_OF = (ROOT / "themes", MIGRATIONS, ROOT / "servicetray" / "core", Path(__file__))
_AT_ONCE = 5000

Row = dict[str, Any]


def copy_id(number: int) -> uuid.UUID:
    """Return the id of the copy of a number, from 0 on."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"bench {number}")


def filled(file: Path, size: int) -> str:
    """Put a database of so many services at ``file``; return its URL (SQLite)."""
    KEPT.mkdir(mode=0o700, exist_ok=True)
    kept = KEPT / f"{size}-{_fingerprint()}.db"
    if not kept.exists():
        for old in KEPT.glob(f"{size}-*"):
            old.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory(dir=KEPT) as folder:
            made = Path(folder) / "made.db"
            _make(f"sqlite:///{made}", size)
            made.replace(kept)
    shutil.copyfile(kept, file)
    return f"sqlite:///{file}"


def _fingerprint() -> str:
    # The day too: dates of events and days of checking are counted from it.
    told = hashlib.sha256(clock.helsinki_day(clock.now()).isoformat().encode())
    for place in _MADE_OF:
        files = [place] if place.is_file() else sorted(place.rglob("*"))
        for file in files:
            if file.suffix in {".py", ".toml", ".txt"}:
                told.update(file.read_bytes())
    return told.hexdigest()[:16]


def _make(url: str, size: int) -> None:
    app = databases.migrated_app(url, demo=True, public_url="http://127.0.0.1:5000", log_json=False)
    with app.app_context():
        with transaction():
            loading.load(clock.now())
        with transaction():
            happenings.load(clock.now())
        with transaction():
            _multiply(size)
        # One file, without the log beside it, so that it can be copied.
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    databases.dispose(app)


def _multiply(size: int) -> None:
    """Copy services until there are enough: each of another provider, with its number in its name."""
    originals = list(db.session.scalars(sa.select(Service.id).order_by(Service.id)))
    services = _rows(Service, "id")
    hanging = {model: _rows(model, "service_id") for model in _HANGING}
    providers = list(db.session.scalars(sa.select(Provider.id).order_by(Provider.id)))
    chosen = random.Random(7)  # noqa: S311 - the same copies each time
    copies: dict[Any, list[Row]] = {model: [] for model in (Service, *_HANGING)}
    sources: dict[uuid.UUID, tuple[uuid.UUID, int]] = {}
    for number in range(max(size - len(originals), 0)):
        source, key = originals[number % len(originals)], copy_id(number)
        sources[key] = (source, number)
        row = services[source][0]
        name = {code: f"{text} {number}" for code, text in row["name"].items()}
        copies[Service].append({**row, "id": key, "name": name, "provider_id": chosen.choice(providers)})
        for model, rows in hanging.items():
            copies[model] += [{**each, "service_id": key} for each in rows.get(source, ())]
    for table, made in copies.items():
        _insert(sa.inspect(table, raiseerr=True).local_table, made)
    _copy_index(sources)
    db.session.execute(sa.update(ContentVersion).values(number=ContentVersion.number + 1))


def _copy_index(sources: dict[uuid.UUID, tuple[uuid.UUID, int]]) -> None:
    """Write each copy's documents and terms, its number among the words of its name."""
    connection = db.session.connection()
    document = sa.Table("search_document", sa.MetaData(), autoload_with=connection)
    columns = [row["name"] for row in connection.execute(sa.text(f"PRAGMA table_info({INDEX})")).mappings()]
    index = sa.table(INDEX, sa.column("rowid"), *(sa.column(name) for name in columns))
    documents: dict[str, list[Row]] = {}
    for row in connection.execute(sa.select(document).order_by(document.c.id)).mappings():
        documents.setdefault(uuid.UUID(str(row["service_id"])).hex, []).append(dict(row))
    terms = {row["rowid"]: dict(row) for row in connection.execute(sa.select(index)).mappings()}
    following = max(terms) + 1
    made: list[Row] = []
    written: list[Row] = []
    for key, (source, number) in sources.items():
        for one in documents[source.hex]:
            as_stored = key if isinstance(one["service_id"], uuid.UUID) else key.hex
            length = one["name_length"] + 1
            made.append({**one, "id": following, "service_id": as_stored, "name_length": length})
            own = terms[one["id"]]
            named = f"{own['name']} {number}".strip()
            written.append({**own, "rowid": following, "name": named})
            following += 1
    _insert(document, made)
    _insert(index, written)


def _insert(table: Any, rows: list[Row]) -> None:
    for start in range(0, len(rows), _AT_ONCE):
        db.session.execute(table.insert(), rows[start : start + _AT_ONCE])


def _rows(model: Any, key: str) -> dict[uuid.UUID, list[Row]]:
    found: dict[uuid.UUID, list[Row]] = {}
    for row in db.session.execute(sa.select(sa.inspect(model, raiseerr=True).local_table)).mappings():
        found.setdefault(row[key], []).append(dict(row))
    return found
