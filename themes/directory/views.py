"""Addresses of the directory: all services, and one of them."""

import uuid
from collections.abc import Sequence

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from servicetray.core import access, clock
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipalities
from servicetray.core.pages import render
from themes.directory import labels, queries
from themes.directory.details import ChannelView, service_details
from themes.directory.listing import Making
from themes.directory.pages import ServicePage, ServicesPage

blueprint = Blueprint("directory", __name__)


@blueprint.get("/palvelut")
@access.public
def services() -> Response:
    """Show all services by name, narrowed by the choices in the address."""
    language, today = current_language(), clock.helsinki_day(clock.now())
    making = Making(
        entries=queries.entries(language=language, today=today),
        places=municipalities(),
        arguments=request.args,
        address=lambda parameters: url_for("directory.services", **parameters),
        language=language,
        today=today,
    )
    return render(ServicesPage(title=_("All services"), listing=making.listing()))


@blueprint.get("/palvelut/<uuid:service_id>")
@access.public
def service(service_id: uuid.UUID) -> Response:
    """Show one service."""
    language, today = current_language(), clock.helsinki_day(clock.now())
    found = service_details(service_id, language=language, today=today)
    return render(
        ServicePage(
            title=found.name.text,
            service=found,
            languages=", ".join(labels.language_name(code, language) for code in found.languages),
            only_in=labels.only_in(found.only_in, language) if found.only_in else None,
            hours={at: _open(channel, language) for at, channel in enumerate(found.channels)},
        )
    )


def _open(channel: ChannelView, language: str) -> Sequence[str]:
    lines: list[str] = []
    today = clock.helsinki_day(clock.now())
    for hours in channel.hours:
        if hours.valid_to is not None and hours.valid_to < today:
            continue
        times = labels.opening(hours.days, hours.opens, hours.closes, language, closed=hours.closed)
        # A period that has begun and has no end is simply how it is.
        begun = hours.valid_to is None and (hours.valid_from is None or hours.valid_from <= today)
        when = "" if begun else labels.period(hours.valid_from, hours.valid_to)
        line = " ".join(part for part in (when, times) if part)
        booked = _("by appointment") if hours.by_reservation else ""
        lines.append(", ".join(part for part in (line, booked, hours.info.text) if part))
    return [line for line in lines if line]
