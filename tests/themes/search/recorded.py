"""Recorded PTV services as documents of the search; they stand beside the repository, and not everywhere."""

import json
import uuid
from functools import cache
from pathlib import Path
from typing import Any

from themes.search.operations import SearchDocument

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "ptv" / "recorded" / "services"


@cache
def documents() -> list[SearchDocument]:
    """Return them in the order of their ids; none where the folder isn't there."""
    if not FOLDER.is_dir():
        return []
    return [_document(json.loads(path.read_text(encoding="utf-8"))) for path in sorted(FOLDER.glob("*.json"))]


def _document(body: dict[str, Any]) -> SearchDocument:
    keywords: dict[str, list[str]] = {}
    for row in body.get("keywords") or ():
        keywords.setdefault(row["language"], []).append(row["value"])
    for kind in ("serviceClasses", "ontologyTerms", "lifeEvents"):
        for row in (name for term in body.get(kind) or () for name in term["name"]):
            keywords.setdefault(row["language"], []).append(row["value"])
    return SearchDocument(
        service_id=uuid.UUID(body["id"]),
        name=_texts(body["serviceNames"], "Name"),
        alternative_name=_texts(body["serviceNames"], "AlternativeName", "AlternateName"),
        keywords=keywords,
        summary=_texts(body["serviceDescriptions"], "Summary", "ShortDescription"),
        body=_texts(body["serviceDescriptions"], "Description", "GD_Description"),
    )


def _texts(rows: list[dict[str, Any]], *kinds: str) -> dict[str, str]:
    return {row["language"]: row["value"] for row in rows if row["type"] in kinds and row["value"]}
