"""The settings of the server's processes in the house under load, as an administrator would write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation.ids import CommitteeId, OrganisationId
from load import centres

if TYPE_CHECKING:
    from load.house import House


def listener(family: str, receiver: int) -> str:
    """Return the name of a receiver's port for a family. receiver: counted from 0, whose ports have no number."""
    return f"{family} {receiver + 1}" if receiver else family


def role_of(server: str) -> str:
    """Return the role of a server's process: `receiver 2` is one of several."""
    return server.partition(" ")[0]


def settings_of(house: House, server: str, organisation_id: OrganisationId, committee_id: CommitteeId) -> list[str]:
    """Return the lines of one process's settings."""
    apns, fcm = house.peers["apns"], house.peers["fcm"]
    ca_file = house.peers["ca_file"]
    return [
        "[organisation]",
        f'id = "{organisation_id}"',
        'name = "Lastköping"',
        f'committee_id = "{committee_id}"',
        "[database]",
        f'dsns = ["{house.dsn}"]',
        "[secrets]",
        f'sealing_key_file = "{house.sealing_key_file}"',
        "[http]",
        f"port = {house.ports['web']}",
        "secure_cookies = false",
        "[http.limits]",
        "strangers = 5000",
        "strangers_per_address = 5000",  # here all of them are at one address, which a town's phones are not
        "[metrics]",
        f"port = {house.ports[server]}",
        "[log]",
        'level = "warning"',
        *_receivers(house, server),
        "[channels.apns]",
        *(f'{name} = "{apns[name]}"' for name in ("key_file", "key_id", "team_id", "topic", "host")),
        f"port = {apns['port']}",
        f'ca_file = "{ca_file}"',
        "[channels.fcm]",
        f'service_account_file = "{fcm["service_account_file"]}"',
        f'endpoint = "{fcm["endpoint"]}"',
        f'ca_file = "{ca_file}"',
        *(centres.settings(house.peers, house.folder, house.profile.path_deadline_s) if house.profile.centres else []),
    ]


def _receivers(house: House, server: str) -> list[str]:
    """One for each family. Several processes have ports of their own; who is none is told of the first one's."""
    number = int(server.partition(" ")[2] or 1) - 1
    lines = []
    for family, port in house.listeners(number).items():
        lines += [
            f"[receivers.{family}]",
            f'protocol = "{family}"',
            f'listen = "tcp:port={port}:interface=127.0.0.1"',
            f"[receivers.{family}.limits]",
            "connections_per_address = 25000",
        ]
    return lines
