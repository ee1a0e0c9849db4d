"""What every test in a browser does alike."""

from playwright.sync_api import BrowserContext


def leave(context: BrowserContext) -> None:
    """Close a browser's pages once they stand still.

    Chromium may never answer to the closing of a page that is on its way to another (microsoft/playwright#41900).
    """
    for page in context.pages:
        page.goto("about:blank")
    context.close()
