"""What is written down in Älvmården: what helpers should know of two people, a site plan, and the beacons on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from escalation.ids import PersonId, PlaceId
from larmcentral.domain.beacons import PlacedBeacon, plain_id
from larmcentral.domain.dossier import DossierText, NextOfKin
from larmcentral.domain.place import Area
from larmcentral.domain.register import Home, SitePlan
from larmcentral.store.register import Register

DOSSIERS: Final = {
    "Anna Lindqvist": DossierText(
        notes="Epilepsi: anfallen går över på några minuter; lägg henne på sidan och stanna hos henne.",
        next_of_kin=(
            NextOfKin(name="Olof Lindqvist", relation="make", phone="070-174 06 31"),
            NextOfKin(name="Vera Lindqvist", relation="dotter", phone="070-174 06 32"),
        ),
    ),
    "Bosse Åkerlund": DossierText(
        notes="Hör dåligt på höger öra. Har blivit hotad av en anhörig till en brukare.",
        next_of_kin=(NextOfKin(name="Siv Åkerlund", relation="syster", phone="070-174 06 33"),),
    ),
}

BEACONS: Final = (("02:5A:00:00:00:01", "Plan 0, receptionen"), ("02:5A:00:00:00:02", "Plan 0, korridor B"))

LIES: Final = Area(south=59.32995, west=18.05965, north=59.33025, east=18.06075)
"""Sixty metres by thirty."""

PLAN: Final = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 320" font-family="sans-serif" font-size="20">
<rect width="600" height="320" fill="#fbfaf6"/>
<g fill="none" stroke="#333" stroke-width="6">
<rect x="6" y="6" width="588" height="308"/>
<path d="M6 130h170m50 0h368M200 130v-124M400 130v-124M6 190h270m50 0h268M300 190v124"/>
</g>
<g fill="#333" text-anchor="middle">
<text x="100" y="75">Receptionen</text><text x="300" y="75">Matsal</text><text x="500" y="75">Personal</text>
<text x="130" y="167">Korridor A</text><text x="470" y="167">Korridor B</text>
<text x="150" y="260">Rum 1–6</text><text x="450" y="260">Rum 7–12</text>
</g>
<path d="M2 140v40" stroke="#0a6" stroke-width="10"/><text x="16" y="122" fill="#0a6">Entré</text>
</svg>
"""


async def write_down(register: Register, home: Home, an_id: Callable[[str], UUID], now: datetime) -> None:
    """Enter it all; repeatable. an_id: the play's own names to ids."""
    for name, text in DOSSIERS.items():
        await register.dossier(home, PersonId(an_id(name)), text, now)
    house = PlaceId(an_id("Solgården"))
    plan = SitePlan(place_id=house, media_type="image/svg+xml", body=PLAN.encode(), bounds=LIES)
    await register.site_plan(home, plan, now)
    hanging = [
        PlacedBeacon(id=beacon, said=said, label=label)
        for said, label in BEACONS
        if (beacon := plain_id(said)) is not None
    ]
    await register.beacons(home, house, hanging)
