"""Draws the icons of the installed app from `static/icons/floyd.svg`, with Chromium: `make icons`."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parent.parent.parent / "static" / "icons"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
#: name → size, and whether the ground reaches to the corners: systems cut such a picture to the shape of their own icons.
ICONS = {"floyd-192.png": (192, False), "floyd-512.png": (512, False), "floyd-512-maskable.png": (512, True)}


def draw() -> None:
    """Writes every icon."""
    picture = (FOLDER / "floyd.svg").read_text()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"] if os.getuid() == 0 else [])
        for name, (size, to_the_corners) in ICONS.items():
            svg = re.sub(r' rx="\d+"', "", picture, count=1) if to_the_corners else picture
            page = chromium.new_page(viewport={"width": size, "height": size})
            page.set_content(f"<style>body{{margin:0}}svg{{display:block;width:{size}px;height:{size}px}}</style>{svg}")
            page.screenshot(path=str(FOLDER / name), omit_background=True)
        chromium.close()


if __name__ == "__main__":
    draw()
