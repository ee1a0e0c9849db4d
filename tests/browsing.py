"""What every test in a browser does alike."""

from playwright.sync_api import BrowserContext, ConsoleMessage, TimeoutError

# What htmx says when somebody leaves a page before its answer came; an answer that fails is "htmx:responseError".
CUT_SHORT = ("htmx:afterRequest", "htmx:sendAbort", "htmx:sendError")


def is_trouble(message: ConsoleMessage) -> bool:
    """Whether the browser's console tells of something that ought not to happen."""
    return message.type == "error" and not message.text.startswith(CUT_SHORT)


def leave(context: BrowserContext) -> None:
    """Close a browser's pages once they stand still.

    Chromium may never answer to the closing of a page that is on its way to another (microsoft/playwright#41900).
    """
    for page in context.pages:
        # A page on its way back may swallow where it is sent next: sent again it goes.
        try:
            page.goto("about:blank", timeout=5_000)
        except TimeoutError:
            page.goto("about:blank")
    context.close()
