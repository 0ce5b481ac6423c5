"""The pages of the sandbox and what they are made of. Their data comes from the control API; they hold no inline script or style."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent / "pages"
#: The files of the two typefaces lie beside the sandbox; without them its pages use the device's own.
FONTS = Path(__file__).parent.parent / "static" / "fonts"
#: Address → file. Addresses of phones carry a number, which the page reads by itself.
PAGES = {
    "/": "index.html",
    "/demo": "demo.html",
    "/mail": "mail.html",
    "/faults": "faults.html",
    "/phones/{number}": "phone.html",
    "/texts/{number}": "texts.html",
}


def add_pages(app: web.Application, site_url: str) -> None:
    """Adds the pages to the program's HTTP.

    Args:
        site_url: the application's own pages, which the side-by-side page shows; empty without any.
    """
    frames = f"'self' {site_url}".strip()
    policy = f"default-src 'self'; frame-src {frames}; frame-ancestors 'self'; base-uri 'none'; form-action 'self'; object-src 'none'"
    headers = {"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
    app.add_routes([web.get(address, _page(name)) for address, name in PAGES.items()])
    app.add_routes([web.static("/pages", FOLDER)])
    if FONTS.is_dir():
        app.add_routes([web.static("/fonts", FONTS)])

    async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
        if not request.path.startswith(("/control/", "/2010-04-01/", "/v1/", "/v2/")):
            response.headers.update(headers)

    app.on_response_prepare.append(add_headers)


def _page(name: str) -> Callable[[web.Request], Awaitable[web.FileResponse]]:
    async def page(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(FOLDER / name)

    return page
