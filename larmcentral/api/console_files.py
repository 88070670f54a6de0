"""The built pages: files with a hash in their name may be kept for ever, the page that names them never."""

from __future__ import annotations

from os import PathLike, stat_result
from pathlib import Path
from typing import Final

from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

PAGE: Final = "index.html"
HASHED: Final = "assets"
"""Vite's folder for them."""
UNSERVED: Final = frozenset({"sizes.json"})
"""The build's own account of itself."""
FOR_EVER: Final = "public, max-age=31536000, immutable"
ASK_EACH_TIME: Final = "no-cache"


class _Folder(StaticFiles):
    def __init__(self, folder: Path, caching: str) -> None:
        super().__init__(directory=folder)
        self._caching = caching

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = self._caching
        return response


def console_routes(dist: Path) -> list[BaseRoute]:
    """Return a route for each page, for each file beside the first and for each folder, as they are now.

    No path is built from what a browser sends outside the folders, and nothing can hide a route of the API.
    """
    routes: list[BaseRoute] = []
    for child in sorted(dist.iterdir()):
        if child.name in UNSERVED:
            continue
        if (child / PAGE).exists():
            routes += [_page(f"/{child.name}"), _file(f"/{child.name}/", child / PAGE)]
        if child.is_dir():
            caching = FOR_EVER if child.name == HASHED else ASK_EACH_TIME
            routes.append(Mount(f"/{child.name}", _Folder(child, caching), name=child.name))
        else:
            routes.append(_file("/" if child.name == PAGE else f"/{child.name}", child))
    return routes


def _page(path: str) -> Route:
    """A page's address without its last stroke leads to it: people type it so."""

    async def send_on(request: object) -> Response:
        return RedirectResponse(f"{path}/", 308)

    return Route(path, send_on, methods=["GET"])


def _file(path: str, file: Path) -> Route:
    async def send(request: object) -> Response:
        return FileResponse(file, headers={"Cache-Control": ASK_EACH_TIME})

    return Route(path, send, methods=["GET"])
