"""Putting the product's own content in place: municipalities, themes and tools."""

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

from sqlalchemy import exists, select

from servicetray.core.db import db
from servicetray.core.municipalities import Municipality
from themes.tools.operations import ToolKind, ToolRecord, add_tools, has_tools
from themes.topics.models import Theme
from themes.topics.queries import theme_ids

SEED = Path(__file__).resolve().parent / "seed"


def load_seed(now: dt.datetime | None = None) -> dict[str, int]:
    """Fill the tables of municipalities, themes and tools where they are empty.

    A table that has rows belongs to its editors: nothing in it is changed, and what they have removed does
    not come back. So this may run at every start.

    Returns:
        How many rows were added, by table.
    """
    del now  # Nothing here depends on the day; every loader is called alike.
    added = {
        "municipality": 0 if _filled(Municipality.code) else _add_municipalities(),
        "theme": 0 if _filled(Theme.id) else _add_themes(),
    }
    added["tool"] = 0 if has_tools() else _add_tools()
    return added


def _filled(key: Any) -> bool:
    return bool(db.session.scalar(select(exists().where(key.is_not(None)))))


def _add_municipalities() -> int:
    rows = [Municipality(**row) for row in _read("municipalities", "municipality")]
    db.session.add_all(rows)
    db.session.flush()
    return len(rows)


def _add_themes() -> int:
    rows = [
        Theme(
            slug=row["slug"],
            position=position,
            name=row.get("name", {}),
            summary=row.get("summary", {}),
            lead=row.get("lead", {}),
            colour=row["colour"],
            icon=row["icon"],
            published_from=row.get("published_from"),
            thl_theme=row["thl_theme"],
        )
        for position, row in enumerate(_read("themes", "theme"), start=1)
    ]
    db.session.add_all(rows)
    db.session.flush()
    return len(rows)


def _add_tools() -> int:
    ids = theme_ids()
    return add_tools(
        [
            ToolRecord(
                slug=row["slug"],
                kind=ToolKind(row["kind"]),
                name=row["name"],
                provider_name=row["provider_name"],
                summary=row["summary"],
                url=row["url"],
                theme_id=ids[row["theme"]],
                municipality_code=row.get("municipality"),
                minutes=row.get("minutes"),
                sign_in=row["sign_in"],
                languages=row["languages"],
            )
            for row in _read("tools", "tool")
            # An editor may have removed a theme before there were any tools.
            if row["theme"] in ids
        ]
    )


def _read(name: str, table: str) -> list[dict[str, Any]]:
    with (SEED / f"{name}.toml").open("rb") as file:
        rows: list[dict[str, Any]] = tomllib.load(file)[table]
    return rows
