"""The facts of a page for machines, in the words of schema.org (JSON-LD)."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request, url_for

from servicetray.core.i18n import current_language
from servicetray.core.settings import current_settings
from themes.directory.details import ServiceDetails
from themes.directory.models import ProviderKind
from themes.directory.providers import ProviderDetails

CONTEXT = "https://schema.org"
_LONGEST = 160

_ORGANISATIONS = {
    ProviderKind.COUNTY: "GovernmentOrganization",
    ProviderKind.MUNICIPALITY: "GovernmentOrganization",
    ProviderKind.ASSOCIATION: "NGO",
    ProviderKind.PARISH: "ReligiousOrganization",
    ProviderKind.COMPANY: "Organization",
    ProviderKind.OTHER: "Organization",
}


def whole(path: str) -> str:
    """Return a path of ours with the host before it."""
    return f"{current_settings().public_url}{path}"


def here() -> str:
    """Return the address of the page being made, without its choices."""
    return whole(f"{request.script_root}{request.path}")


def breadcrumbs(trail: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return where a page stands: names and paths from the top down, the page itself last."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": at, "name": name, "item": whole(path) if path else here()}
            for at, (name, path) in enumerate(trail, start=1)
        ],
    }


def graph(*nodes: Mapping[str, Any]) -> dict[str, Any]:
    """Return nodes as one document."""
    return {"@context": CONTEXT, "@graph": list(nodes)}


def service(found: ServiceDetails) -> dict[str, Any]:
    """Return a service as a GovernmentService; what nobody has told is left out."""
    node = {
        "@type": "GovernmentService",
        "@id": here(),
        "url": here(),
        "name": found.name.text,
        "alternateName": found.alternative_name.text,
        "description": found.summary.text,
        "inLanguage": current_language(),
        "availableLanguage": list(found.languages),
        "areaServed": found.where.text,
        "audience": {"@type": "Audience", "audienceType": found.for_whom.text} if found.for_whom else None,
        "isAccessibleForFree": found.is_free or None,
        "provider": _provider_of(found),
        "availableChannel": [_channel(channel) for channel in found.channels],
        "serviceType": [theme.name.text for theme in found.themes],
        "dateModified": found.checked_on.isoformat() if found.checked_on else None,
    }
    return {name: value for name, value in node.items() if value}


def provider(found: ProviderDetails) -> dict[str, Any]:
    """Return a provider as an organisation."""
    node = {
        "@type": _ORGANISATIONS[found.kind],
        "@id": here(),
        "name": found.name.text,
        "url": found.url,
        "telephone": found.phone,
        "email": found.email,
    }
    return {name: value for name, value in node.items() if value}


def summary(*texts: str) -> str:
    """Return the first text that says something, cut at a word to what search engines show."""
    text = next((" ".join(each.split()) for each in texts if each.strip()), "")
    if len(text) <= _LONGEST:
        return text
    return text[:_LONGEST].rsplit(" ", 1)[0].rstrip(",;:–-") + "…"


def _provider_of(found: ServiceDetails) -> dict[str, Any] | None:
    if not found.provider:
        return None
    node: dict[str, Any] = {"@type": "Organization", "name": found.provider.text}
    if found.provider_id is not None:
        node["@id"] = whole(url_for("directory.provider", provider_id=found.provider_id))
    return node


def _channel(channel: Any) -> dict[str, Any]:
    node: dict[str, Any] = {"@type": "ServiceChannel", "name": channel.name.text, "serviceUrl": channel.url}
    phone = next((each.number for each in channel.phones), "")
    if phone:
        node["servicePhone"] = {"@type": "ContactPoint", "telephone": phone}
    if channel.street:
        node["serviceLocation"] = {
            "@type": "Place",
            "address": {
                "@type": "PostalAddress",
                "streetAddress": channel.street.text,
                "postalCode": channel.postal.partition(" ")[0],
                "addressLocality": channel.postal.partition(" ")[2],
                "addressCountry": "FI",
            },
        }
    return {name: value for name, value in node.items() if value}
