"""How the console draws 5,000 open rows under 100 changes a second: run by hand, `python -m tests.web.frames`.

Wall figures are what the eye meets on this machine just now; CPU figures are the page's own, whatever else it does.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import time
from typing import Any, Final

from playwright.async_api import APIRequestContext, Browser, Page, async_playwright

from tests.web.conftest import FLAGS, WEB, node

SECONDS: Final = 10
TRACED: Final = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"]
WATCH: Final = """() => { const gaps = window.gaps = []; let last = performance.now();
    const step = at => { gaps.push(at - last); last = at; requestAnimationFrame(step); };
    requestAnimationFrame(at => { last = at; requestAnimationFrame(step); }); }"""


async def measure() -> None:
    """Print a line for each of the two ways in which the queue draws."""
    found = node()
    assert found is not None
    process = await asyncio.create_subprocess_exec(
        found, str(WEB / "tools" / "fake-api.mjs"), "--port", "0", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    origin = f"http://127.0.0.1:{int((await process.stdout.readline()).split()[-1])}"
    try:
        await look(origin)
    finally:
        process.terminate()
        await process.wait()


async def look(origin: str) -> None:
    """Open the console on the stand-in's thousands and let the storm blow twice."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = await browser.new_page(viewport={"width": 1920, "height": 1080})
        ask = page.context.request
        await ask.post(f"{origin}/fake/reset", data={"scene": "thousands"})
        login = {"login": "sofia", "password": "natt"}
        await ask.post(f"{origin}/api/session", data=login, headers={"X-Larm": "1"})
        began = time.monotonic()
        await page.goto(origin)
        await page.locator(".row").first.wait_for()
        say(f"first rows after {(time.monotonic() - began) * 1000:.0f} ms")
        await page.keyboard.press("g")
        for flood in (False, True):
            say(f"{'groups' if flood else 'rows  '}: {await storm(browser, page, ask, origin, flood=flood)}")
        await browser.close()


async def storm(browser: Browser, page: Page, ask: APIRequestContext, origin: str, *, flood: bool) -> str:
    """Walk and scroll through the storm; return what the frames and the tasks of the page took."""
    await ask.post(f"{origin}/fake/house", data={"picture": {"flood": flood}})
    await ask.post(f"{origin}/fake/storm", data={"per_s": 100, "opens": 50})
    await page.wait_for_timeout(1500)
    await page.evaluate(WATCH)
    await browser.start_tracing(page=page, categories=TRACED)
    await page.mouse.move(200, 500)
    for turn in range(SECONDS * 2):
        await page.keyboard.press("j")
        await page.mouse.wheel(0, -300 if turn % 2 == 0 else 700)
        await page.wait_for_timeout(500)
    tasks_ms = page_tasks(json.loads(await browser.stop_tracing())["traceEvents"])
    await ask.post(f"{origin}/fake/storm", data={"per_s": 0})
    gaps = sorted(await page.evaluate("window.gaps"))
    rows = await page.locator(".queue .row").count()
    middle, late, last = gaps[len(gaps) // 2], gaps[int(len(gaps) * 0.99)], gaps[-1]
    return (
        f"{len(gaps)} frames, median {middle:.1f} ms, p99 {late:.0f} ms, longest {last:.0f} ms; "
        f"longest task {max(tasks_ms):.0f} ms of CPU, {sum(tasks_ms) / SECONDS / 10:.0f} % of a core; {rows} rows drawn"
    )


def page_tasks(events: list[dict[str, Any]]) -> list[float]:
    """CPU milliseconds of each task of the page's main threads."""
    mains = {
        (one["pid"], one["tid"])
        for one in events
        if one.get("name") == "thread_name" and one["args"]["name"] == "CrRendererMain"
    }
    return [
        one["tdur"] / 1000
        for one in events
        if one.get("name") == "RunTask" and "tdur" in one and (one["pid"], one["tid"]) in mains
    ]


def say(line: str) -> None:
    """Print at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(measure())
