"""What of a service can be found: its texts, gathered for the search index."""

import uuid
from collections.abc import Iterator, Mapping

from sqlalchemy import select

from servicetray.core.db import Texts, db
from servicetray.core.municipalities import Municipality
from themes.directory.models import (
    Classification,
    ClassificationKind,
    Facet,
    Provider,
    Service,
    ServiceClassification,
    ServiceFacet,
    ServiceStatus,
    ServiceTheme,
)
from themes.search.operations import SearchDocument, index_service, rebuild, remove_service
from themes.topics.queries import theme_names

# Target groups such as "citizens" stand on nearly every service: they would find everything.
_FINDING = (
    ClassificationKind.SERVICE_CLASS,
    ClassificationKind.ONTOLOGY_TERM,
    ClassificationKind.LIFE_EVENT,
)


def index(service: Service) -> None:
    """Bring the index up to date with a service (flushed); unchanged texts cost next to nothing."""
    if service.status is ServiceStatus.PUBLISHED:
        index_service(_document(service))
    else:
        remove_service(service.id)


def index_services_of(provider_id: uuid.UUID) -> None:
    """Bring the index up to date with all services of a provider whose name changed."""
    for service in db.session.scalars(
        select(Service).where(Service.provider_id == provider_id).order_by(Service.id)
    ).all():
        index(service)


def rebuild_index() -> int:
    """Empty the index and fill it with every published service; return how many there were."""
    return rebuild(documents())


def documents() -> Iterator[SearchDocument]:
    """Yield what of every published service can be found."""
    ids = db.session.scalars(
        select(Service.id).where(Service.status == ServiceStatus.PUBLISHED).order_by(Service.id)
    ).all()
    for service_id in ids:
        service = db.session.get_one(Service, service_id)
        yield _document(service)


def _document(service: Service) -> SearchDocument:
    provider = db.session.get(Provider, service.provider_id) if service.provider_id else None
    keywords: dict[str, list[str]] = {code: list(words) for code, words in service.keywords.items()}
    for names in (*_terms(service.id), *_themes(service.id), *_places(service.id)):
        for code, name in names.items():
            if name not in keywords.setdefault(code, []):
                keywords[code].append(name)
    return SearchDocument(
        service_id=service.id,
        name=service.name,
        alternative_name=service.alternative_name,
        keywords=keywords,
        # Its words are those that people use.
        summary=_joined(service.summary, service.easy),
        body=_joined(
            service.description,
            service.for_whom,
            service.instructions,
            service.whereabouts,
            provider.name if provider else {},
        ),
    )


def _joined(*parts: Mapping[str, str]) -> Texts:
    codes = dict.fromkeys(code for part in parts for code in part)
    return {code: "\n".join(part[code] for part in parts if part.get(code)) for code in codes}


def _terms(service_id: uuid.UUID) -> list[Texts]:
    return list(
        db.session.scalars(
            select(Classification.name)
            .join(ServiceClassification, ServiceClassification.uri == Classification.uri)
            .where(ServiceClassification.service_id == service_id, Classification.kind.in_(_FINDING))
            .order_by(Classification.uri)
        )
    )


def _themes(service_id: uuid.UUID) -> list[Texts]:
    ids = db.session.scalars(
        select(ServiceTheme.theme_id)
        .where(ServiceTheme.service_id == service_id)
        .order_by(ServiceTheme.position, ServiceTheme.theme_id)
    ).all()
    names = theme_names(ids)
    return [names[theme_id] for theme_id in ids]


def _places(service_id: uuid.UUID) -> list[Texts]:
    return list(
        db.session.scalars(
            select(Municipality.name)
            .join(ServiceFacet, ServiceFacet.value == Municipality.code)
            .where(ServiceFacet.service_id == service_id, ServiceFacet.facet == Facet.MUNICIPALITY)
            .order_by(Municipality.code)
        )
    )
