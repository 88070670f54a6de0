"""From settings to the contracted alarm receiving centres: each forwarder with its paths in the order of trying."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from escalation.chain import Channel
from larmcentral import config_forwarders as said
from larmcentral.assembly_files import secret
from larmcentral.channels.receiver import ForwarderChannel
from larmcentral.channels.receiver_dc09 import Dc09Path, Dc09Settings, key_of
from larmcentral.channels.receiver_number import NumberPath, NumberSettings, TellsCentre
from larmcentral.channels.receiver_path import ReceiverPath
from larmcentral.channels.receiver_sos_access import SosAccessPath
from larmcentral.channels.receiver_sos_access_settings import SosAccessSettings
from larmcentral.config import Config
from larmcentral.domain.forwarding import ForwarderOutline, PathOutline, Speech
from larmcentral.flows.forwarder_book import ForwarderBook
from larmcentral.flows.ways_out import WayOut
from larmcentral.ports import Clock, KeepsSecrets
from protocols.sos_access.position import PositionForm

AT_ONCE: Final = 16


def forwarders(
    config: Config, clock: Clock, book: ForwarderBook, keeper: KeepsSecrets | None, ways: Sequence[WayOut]
) -> list[ForwarderChannel]:
    """Build every forwarder of the settings. ways: those to people, some of which may lead to a centre's telephone."""
    return [_forwarder(name, one, config, clock, book, keeper, ways) for name, one in config.forwarders.items()]


def ways_to_centres(channels: Sequence[ForwarderChannel]) -> list[WayOut]:
    """Return each forwarder as a way out of its own."""
    return [
        WayOut(
            provider=f"receiver:{one.name}",
            channel=Channel.RECEIVER,
            port=one,
            at_once=AT_ONCE,
            receiver=one.name,
        )
        for one in channels
    ]


def outlines(config: Config) -> dict[str, ForwarderOutline]:
    """Return the centres as the mapping and the screens know them, without addresses and secrets."""
    return {
        name: ForwarderOutline(
            name=name,
            label=one.label,
            paths=tuple(map(_outline, one.paths)),
            telephone=one.telephone,
        )
        for name, one in config.forwarders.items()
    }


def _outline(path: said.Path_) -> PathOutline:
    match path:
        case said.SosAccessPath():
            return PathOutline(path.name, Speech.SOS_ACCESS, "latin1")
        case said.Dc09Path():
            speech = Speech.DC09_SIA if path.payload == "sia" else Speech.DC09_CID
            return PathOutline(path.name, speech, path.character_set)
        case said.NumberPath():
            return PathOutline(path.name, Speech.NUMBER)


def _forwarder(
    name: str,
    settings: said.Forwarder,
    config: Config,
    clock: Clock,
    book: ForwarderBook,
    keeper: KeepsSecrets | None,
    ways: Sequence[WayOut],
) -> ForwarderChannel:
    zone = config.organisation.zone
    return ForwarderChannel(
        name,
        settings.label,
        [_path(name, path, zone, clock, keeper, ways) for path in settings.paths],
        book,
        clock,
        duplicate_window=timedelta(seconds=settings.duplicate_window_s),
        zone=zone,
    )


def first_sos_access(config: Config, name: str, clock: Clock, keeper: KeepsSecrets) -> SosAccessPath:
    """Return the first path of a forwarder that speaks SOS Access. Raises LookupError, in words, if there is none."""
    settings = config.forwarders.get(name)
    if settings is None:
        known = ", ".join(sorted(config.forwarders)) or "none"
        raise LookupError(f"no forwarder is called {name}; there are: {known}")
    for one in settings.paths:
        path = _path(name, one, config.organisation.zone, clock, keeper, [])
        if isinstance(path, SosAccessPath):
            return path
    raise LookupError(f"{name} has no path that speaks SOS Access")


def _path(
    forwarder: str,
    settings: said.Path_,
    zone: str,
    clock: Clock,
    keeper: KeepsSecrets | None,
    ways: Sequence[WayOut],
) -> ReceiverPath:
    deadline = timedelta(seconds=settings.deadline_s)
    match settings:
        case said.SosAccessPath():
            return SosAccessPath(
                SosAccessSettings(
                    name=settings.name,
                    host=settings.host,
                    port=settings.port,
                    tls=settings.tls,
                    verify=settings.verify,
                    ca_file=_file(settings.ca_file),
                    receiver=settings.receiver,
                    transmitter_code=settings.transmitter_code,
                    transmitter_type=settings.transmitter_type,
                    password=secret(settings.password, settings.password_file) or "",
                    level=settings.level,
                    position=PositionForm(settings.position),
                    zone=zone,
                    deadline=deadline,
                    # primary and secondary share the password, so also the one that was renewed
                    kept_as=f"sos_access/{forwarder}/{settings.receiver}/{settings.transmitter_type}/{settings.transmitter_code}",
                ),
                clock,
                keeper,
            )
        case said.Dc09Path():
            return Dc09Path(_dc09(settings, deadline), clock)
        case said.NumberPath():
            channel = Channel.SMS if settings.protocol == "sms" else Channel.VOICE
            tellers = tuple(way.port for way in ways if way.channel is channel and isinstance(way.port, TellsCentre))
            return NumberPath(
                NumberSettings(name=settings.name, number=settings.number, medium=settings.protocol, deadline=deadline),
                tellers,
            )


def _dc09(settings: said.Dc09Path, deadline: timedelta) -> Dc09Settings:
    return Dc09Settings(
        name=settings.name,
        host=settings.host,
        port=settings.port,
        account=settings.account,
        transport=settings.transport,
        receiver=settings.receiver,
        line=settings.line,
        key=_key(settings),
        payload=settings.payload,
        character_set=settings.character_set,
        supervision=None if settings.supervision_s is None else timedelta(seconds=settings.supervision_s),
        deadline=deadline,
    )


def _key(settings: said.Dc09Path) -> bytes | None:
    text = secret(settings.key, settings.key_file)
    return None if text is None else key_of(text, settings.key_form)


def _file(path: Path | None) -> str | None:
    return None if path is None else str(path)
