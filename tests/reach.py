"""What axe finds out of reach of somebody in a page, asked inside the page: only what is wrong leaves it."""

from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, Page

GRAVE = frozenset({"serious", "critical"})
# What is made alike is judged so many times.
ENOUGH = 3
TAKE_OUT_ALIKE = Path(__file__).with_name("alike.js").read_text(encoding="utf-8")
ASK = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.map(({ id, impact, nodes }) => [id, impact, nodes[0].html]);
}"""


@dataclass(frozen=True)
class Fault:
    """Something out of reach: axe's name for it, how grave it is, and the first element that has it."""

    name: str
    impact: str
    html: str

    @property
    def is_grave(self) -> bool:
        return self.impact in GRAVE

    def __str__(self) -> str:
        return f"{self.name}: {self.html[:200]}"


def out_of_reach(page: Page) -> list[Fault]:
    """Everything that is out of reach in a page."""
    page.evaluate(AXE_SCRIPT)
    return _asked(page)


def bring_axe(context: BrowserContext) -> None:
    """Let every page of these windows be walked through: sent once, axe need not be sent for each of them."""
    context.add_init_script(AXE_SCRIPT)


def _asked(page: Page) -> list[Fault]:
    return [Fault(*one) for one in page.evaluate(ASK)]


class Walked:
    """Pages seen one after the other in one look: what most of them hold is judged in the first that hold it."""

    def __init__(self) -> None:
        self._judged = ""

    def faults(self, page: Page) -> list[Fault]:
        """What is gravely out of reach in the next page, which is of no use afterwards: what was judged is out."""
        self._judged = page.evaluate(f"told => ({TAKE_OUT_ALIKE})(told, {ENOUGH})", self._judged)
        return [one for one in _asked(page) if one.is_grave]
