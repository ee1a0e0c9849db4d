"""Finds a Chromium for the browser tests: the system's, else Playwright's own, else Debian's package."""

import os
import shutil
import subprocess
import sys

# As root (containers, CI) Chromium needs no sandbox of its own; the rest keeps it from calling home.
CHROMIUM_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
)
# The first is Chromium without a window of its own: the same pages for two thirds of the processor's time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium_path() -> str | None:
    """The path of a Chromium on this machine, or None."""
    if given := os.environ.get("VERTEBRA_CHROMIUM"):
        return given
    for name in NAMES:
        if found := shutil.which(name):
            return found
    return playwrights_own()


def playwrights_own() -> str | None:
    """The Chromium that Playwright has already downloaded, if it has."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.path.exists(path) else None


def install() -> str | None:
    """Install Debian's package where this account may."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    _apt("update", "-qq")
    for package in NAMES[:2]:
        _apt("install", "-y", "-qq", package)
        if found := chromium_path():
            return found
    return None


def _apt(*arguments: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", *arguments], stdout=sys.stderr, check=False, env=environment)


def main() -> int:
    found = chromium_path() or install()
    if found is None:
        print(
            "No Chromium for the browser tests.\n"
            "Install one (Debian: apt-get install chromium; elsewhere: .venv/bin/playwright install chromium), "
            "or name one: VERTEBRA_CHROMIUM=/path/to/chromium.",
            file=sys.stderr,
        )
        return 1
    print(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
