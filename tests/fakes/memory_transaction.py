"""ports.Transaction in memory."""

from __future__ import annotations

from tests.fakes.memory_chains import MemoryChains
from tests.fakes.memory_desk import MemoryDesk
from tests.fakes.memory_devices import MemoryDevices
from tests.fakes.memory_downlinks import MemoryDownlinks
from tests.fakes.memory_incidents import MemoryIncidents
from tests.fakes.memory_places import MemoryPlaces
from tests.fakes.memory_plans import MemoryPlans
from tests.fakes.memory_service import MemoryService
from tests.fakes.memory_signals import MemorySignals
from tests.fakes.memory_vigils import MemoryVigils


class MemoryTransaction(
    MemorySignals,
    MemoryIncidents,
    MemoryVigils,
    MemoryChains,
    MemoryPlaces,
    MemoryPlans,
    MemoryDevices,
    MemoryDownlinks,
    MemoryDesk,
    MemoryService,
):
    """All its parts on the same tables; one at a time, so that every row it touches is held."""
