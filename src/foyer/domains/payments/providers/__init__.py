"""Who carries the money, by name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from foyer.domains.payments.providers.free import FreeProvider
from foyer.domains.payments.providers.manual import ManualProvider
from foyer.domains.payments.providers.protocol import Provider

PROVIDERS: Final[Mapping[str, Provider]] = MappingProxyType(
    {one.name: one for one in (FreeProvider(), ManualProvider())}
)

__all__ = ["PROVIDERS", "FreeProvider", "ManualProvider", "Provider"]
