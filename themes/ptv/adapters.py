"""The versions of PTV's API that can be read: each makes the internal model of its own JSON."""

from collections.abc import Callable
from dataclasses import dataclass

from themes.ptv import v11, v12
from themes.ptv.model import ImportedChannel, ImportedOrganisation, ImportedService


@dataclass(frozen=True, kw_only=True)
class Adapter:
    """How one version's records are read; each function raises UnreadableError of what is no record."""

    service: Callable[[object], ImportedService]
    channel: Callable[[object], ImportedChannel]
    organisation: Callable[[object], ImportedOrganisation]


V11 = Adapter(service=v11.service, channel=v11.channel, organisation=v11.organisation)
V12 = Adapter(service=v12.service, channel=v12.channel, organisation=v12.organisation)
