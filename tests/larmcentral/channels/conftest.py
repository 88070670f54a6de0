"""Receivers and channels that meet over loopback, with deadlines short enough for tests of silence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from devices.peers.apns_server import ApnsServer
from devices.peers.credentials import Credentials, make_credentials
from devices.peers.fcm_server import FcmServer
from devices.peers.sms_server import SmsServer
from larmcentral.channels.apns import ApnsChannel, ApnsSettings
from larmcentral.channels.fcm import FcmChannel, FcmSettings
from larmcentral.channels.sms_46elks import SmsChannel, SmsSettings
from larmcentral.clock import SystemClock
from tests.larmcentral.channels.support import PATIENT, WORDING, running


@pytest.fixture(scope="session")
def credentials() -> Credentials:
    return make_credentials()


@pytest.fixture(scope="session")
def key_folder(credentials: Credentials, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("peers")
    credentials.write(folder)
    return folder


@pytest.fixture
async def loop_faults() -> AsyncIterator[list[dict[str, Any]]]:
    """What the loop had to report: exceptions that no task took, such as an InvalidStateError in a protocol."""
    loop = asyncio.get_running_loop()
    faults: list[dict[str, Any]] = []
    before = loop.get_exception_handler()
    loop.set_exception_handler(lambda _, context: faults.append(context))
    yield faults
    loop.set_exception_handler(before)
    assert faults == []


@pytest.fixture
async def apns_server(
    credentials: Credentials, key_folder: Path, loop_faults: list[dict[str, Any]]
) -> AsyncIterator[ApnsServer]:
    server = ApnsServer(credentials, credentials.server_tls(key_folder))
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def fcm_server(
    credentials: Credentials, key_folder: Path, loop_faults: list[dict[str, Any]]
) -> AsyncIterator[FcmServer]:
    server = FcmServer(credentials, credentials.server_tls(key_folder))
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def sms_server(
    credentials: Credentials, key_folder: Path, loop_faults: list[dict[str, Any]]
) -> AsyncIterator[SmsServer]:
    server = SmsServer(credentials, credentials.server_tls(key_folder))
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def apns_settings(credentials: Credentials, key_folder: Path, apns_server: ApnsServer) -> Callable[..., ApnsSettings]:
    def make(**changes: Any) -> ApnsSettings:
        settings: dict[str, Any] = {
            "key_pem": credentials.apns_key_pem,
            "key_id": credentials.apns_key_id,
            "team_id": credentials.apns_team_id,
            "topic": credentials.apns_topic,
            "host": "localhost",
            "port": apns_server.port,
            "ca_file": str(key_folder / "ca.pem"),
            "deadline": PATIENT,
        }
        return ApnsSettings(**settings | changes)

    return make


@pytest.fixture
async def apns(apns_settings: Callable[..., ApnsSettings]) -> AsyncIterator[ApnsChannel]:
    async with running(ApnsChannel(apns_settings(), SystemClock(), WORDING)) as channel:
        yield channel


@pytest.fixture
def fcm_settings(key_folder: Path, fcm_server: FcmServer) -> Callable[..., FcmSettings]:
    def make(**changes: Any) -> FcmSettings:
        settings: dict[str, Any] = {
            "service_account_json": fcm_server.service_account(),
            "endpoint": fcm_server.endpoint,
            "ca_file": str(key_folder / "ca.pem"),
            "deadline": PATIENT,
        }
        return FcmSettings(**settings | changes)

    return make


@pytest.fixture
async def fcm(fcm_settings: Callable[..., FcmSettings]) -> AsyncIterator[FcmChannel]:
    async with running(FcmChannel(fcm_settings(), SystemClock(), WORDING)) as channel:
        yield channel


@pytest.fixture
def sms_settings(credentials: Credentials, key_folder: Path, sms_server: SmsServer) -> Callable[..., SmsSettings]:
    def make(**changes: Any) -> SmsSettings:
        settings: dict[str, Any] = {
            "username": credentials.sms_username,
            "password": credentials.sms_password,
            "sender": "Larmet",
            "endpoint": sms_server.endpoint,
            "ca_file": str(key_folder / "ca.pem"),
            "deadline": PATIENT,
        }
        return SmsSettings(**settings | changes)

    return make


@pytest.fixture
async def sms(sms_settings: Callable[..., SmsSettings]) -> AsyncIterator[SmsChannel]:
    async with running(SmsChannel(sms_settings(), SystemClock(), WORDING)) as channel:
        yield channel
