"""The embedded server's supervisor, against the real thing: every test here starts a PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs

from larmcentral.store import embedded_binaries, embedded_waiting
from larmcentral.store.embedded import EmbeddedServer, start
from larmcentral.store.embedded_account import NOBODY
from larmcentral.store.embedded_cluster import SOCKET_PATH_LIMIT_BYTES, ClusterFolder
from larmcentral.store.embedded_errors import NoServerBinaries, SettingRefused, StartFailed
from larmcentral.store.embedded_waiting import until
from tests.larmcentral.store.processes import ROOT, START_AND_WAIT, start_of

AS_ROOT = os.geteuid() == 0


async def ask(server: EmbeddedServer, query: str) -> Any:
    connection = await asyncpg.connect(server.dsn("postgres"))
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def killed(server: EmbeddedServer) -> None:
    os.kill(server.pid, signal.SIGKILL)
    assert await until(lambda: not server.is_running(), limit_s=10)


async def test_a_first_start_makes_a_durable_private_server(empty_folder: Path) -> None:
    server = await start(empty_folder, settings={"work_mem": "7MB"})

    assert not server.adopted
    assert await ask(server, "show server_version_num") >= "180000"
    kept = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "data_checksums": "on"}
    shown = {"listen_addresses": "", "unix_socket_permissions": "0700", "timezone": "UTC", "work_mem": "7MB"}
    encoding = {"server_encoding": "UTF8"}
    wanted = kept | shown | encoding
    assert {name: await ask(server, f"show {name}") for name in wanted} == wanted
    assert (empty_folder / "data").stat().st_mode & 0o777 == 0o700
    assert server.socket_folder.stat().st_mode & 0o777 == 0o700


async def test_a_stopped_server_starts_again_with_its_rows(folder: Path) -> None:
    first = await start(folder, settings={})
    await ask(first, "create table kept as select 41 as n")
    await first.stop()
    second = await start(folder, settings={})

    assert (second.adopted, second.pid == first.pid) == (False, False)
    assert await ask(second, "select n from kept") == 41


async def test_a_running_server_is_adopted(folder: Path) -> None:
    first = await start(folder, settings={})
    second = await start(folder, settings={})

    assert (second.adopted, second.pid, second.dsn("x")) == (True, first.pid, first.dsn("x"))


async def test_the_server_outlives_an_application_that_is_killed(folder: Path) -> None:
    program = [sys.executable, "-c", start_of(START_AND_WAIT), folder]
    application = subprocess.Popen(program, stdout=subprocess.PIPE, cwd=ROOT)
    with application:
        assert application.stdout is not None
        while not (line := application.stdout.readline()).startswith(b"pid "):
            assert line, "the application ended too soon"
        application.kill()
    server = await start(folder, settings={})

    assert (server.adopted, server.pid) == (True, int(line.split()[1]))
    assert os.getsid(server.pid) == server.pid  # a terminal's Ctrl-C goes to the session of the application


async def test_starters_at_the_same_time_share_one_server(empty_folder: Path) -> None:
    servers = await asyncio.gather(*(start(empty_folder, settings={}) for _ in range(4)))

    assert len({server.pid for server in servers}) == 1
    assert sorted(server.adopted for server in servers) == [False, True, True, True]


async def test_stopping_twice_is_like_stopping_once(folder: Path) -> None:
    server = await start(folder, settings={})
    again = await start(folder, settings={})
    await server.stop()
    await server.stop()
    await again.stop()

    assert not again.is_running()


async def test_rows_committed_before_a_kill_are_there_after_the_next_start(folder: Path) -> None:
    first = await start(folder, settings={})
    connection = await asyncpg.connect(first.dsn("postgres"))
    await connection.execute("create table acked (n int)")
    for n in range(200):
        await connection.execute("insert into acked values ($1)", n)
    await killed(first)
    connection.terminate()
    second = await start(folder, settings={})

    assert not second.adopted
    assert await ask(second, "select array_agg(n order by n) from acked") == list(range(200))


async def test_a_start_waits_for_orphans_that_still_hold_the_shared_memory(folder: Path) -> None:
    """A backend that is stopped in its tracks outlives its postmaster; two servers on one folder would be ruin."""
    first = await start(folder, settings={})
    connection = await asyncpg.connect(first.dsn("postgres"))
    backend = connection.get_server_pid()
    os.kill(backend, signal.SIGSTOP)
    await killed(first)
    cluster = ClusterFolder(folder)
    log_start_bytes = cluster.log.stat().st_size
    starting = asyncio.create_task(start(folder, settings={}))
    try:
        assert await until(lambda: "pre-existing shared memory block" in cluster.log_since(log_start_bytes), limit_s=10)
        assert not starting.done()
    finally:
        os.kill(backend, signal.SIGKILL)
        connection.terminate()

    assert await ask(await starting, "select 1") == 1


@pytest.mark.parametrize("age", ["living", "zombie"])
async def test_a_pid_file_that_names_a_foreign_process_does_not_hold_up_the_start(folder: Path, age: str) -> None:
    first = await start(folder, settings={})
    await killed(first)
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as foreign:
        if age == "zombie":
            foreign.kill()
            os.waitid(os.P_PID, foreign.pid, os.WEXITED | os.WNOWAIT)
        pid_file = folder / "data" / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
        pid_file.write_text("\n".join([str(foreign.pid), *lines[1:], ""]))
        second = await start(folder, settings={})

        assert not second.adopted
        assert foreign.poll() is None if age == "living" else True


async def test_an_empty_pid_file_does_not_hold_up_the_start(folder: Path) -> None:
    first = await start(folder, settings={})
    await first.stop()
    pid_file = folder / "data" / "postmaster.pid"
    pid_file.touch()
    if AS_ROOT:
        shutil.chown(pid_file, NOBODY)
    second = await start(folder, settings={})

    assert await ask(second, "select 1") == 1


async def test_an_initdb_that_was_cut_off_is_begun_anew(empty_folder: Path) -> None:
    half = empty_folder / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    server = await start(empty_folder, settings={})

    assert await ask(server, "select 1") == 1
    assert not half.exists()


@pytest.mark.parametrize("name", ["deep/" * 40, "with blank, comma & åäö"])
async def test_a_deep_or_odd_checkout_path_gets_a_short_socket_folder(empty_folder: Path, name: str) -> None:
    deep = empty_folder / name
    first = await start(deep, settings={})
    assert len(str(first.socket_folder / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT_BYTES
    assert (await start(deep, settings={})).adopted
    await killed(first)
    second = await start(deep, settings={})

    assert second.dsn("postgres") == first.dsn("postgres")
    assert await ask(second, "select 1") == 1
    await second.stop()
    assert not second.socket_folder.exists()


async def test_a_setting_that_postgresql_refuses_is_told_in_its_own_words(folder: Path) -> None:
    with pytest.raises(StartFailed, match="unrecognized configuration parameter"):
        await start(folder, settings={"no_such_setting": "1"})


@pytest.mark.parametrize("name", ["fsync", "Synchronous_Commit", "listen_addresses", "unix_socket_directories"])
async def test_what_makes_an_ack_a_promise_cannot_be_set_otherwise(empty_folder: Path, name: str) -> None:
    with pytest.raises(SettingRefused, match=name):
        await start(empty_folder, settings={name: "off"})

    assert not empty_folder.exists()


async def test_a_recovery_is_waited_for_with_a_word_to_the_log(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_waiting, "WORD_EVERY_S", 0.0)
    await killed(await start(folder, settings={}))
    with capture_logs() as words:
        second = await start(folder, settings={})

    assert [word["event"] for word in words if word["pid"] == second.pid][:1] == ["postgres_not_ready_yet"]
    assert words[-1]["event"] == "postgres_started"


async def test_a_start_that_takes_too_long_says_so_and_leaves_the_server_to_its_work(folder: Path) -> None:
    first = await start(folder, settings={})
    os.kill(first.pid, signal.SIGSTOP)
    try:
        with pytest.raises(StartFailed, match="still takes no connections"):
            await start(folder, settings={}, limit=timedelta(milliseconds=50))
    finally:
        os.kill(first.pid, signal.SIGCONT)

    assert (await start(folder, settings={})).pid == first.pid


async def test_data_of_another_version_needs_that_versions_programs(empty_folder: Path) -> None:
    (empty_folder / "data").mkdir(parents=True)
    (empty_folder / "data" / "PG_VERSION").write_text("9\n")

    with pytest.raises(NoServerBinaries, match=r"PostgreSQL 9 .*is version 18"):
        await start(empty_folder, settings={})


def test_without_any_server_programs_the_next_step_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(embedded_binaries, "_wheel_folders", lambda: ())
    monkeypatch.setattr(embedded_binaries, "DEBIAN_SERVERS", tmp_path)

    with pytest.raises(NoServerBinaries, match=r"\./dev setup"):
        embedded_binaries.find(None)


def test_debians_newest_server_comes_after_the_wheel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for major in (9, 15, 17):
        program = tmp_path / str(major) / "bin" / "postgres"
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {major}.4 (Debian)'\n")
        program.chmod(0o755)
    monkeypatch.setattr(embedded_binaries, "DEBIAN_SERVERS", tmp_path)
    with_wheel = embedded_binaries.find(None)
    monkeypatch.setattr(embedded_binaries, "_wheel_folders", lambda: ())

    assert with_wheel.folder.parent.name == "pginstall"
    assert embedded_binaries.find(None).major == 17
    assert embedded_binaries.find(15).folder == tmp_path / "15" / "bin"


@pytest.mark.parametrize("name", ["Larm", 'x"; drop table y', "", "1st"])
async def test_a_database_name_that_would_need_quoting_is_refused(postgres: EmbeddedServer, name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        await postgres.ensure_database(name)
