"""The steps of the loop and the pages of each: what the navigation shows, and the tabs above every page of a step."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a step, and the right that opens it."""

    name: str
    label: str | Promise
    right: Right = Right.READ


@dataclass(frozen=True, slots=True)
class Section:
    """One step of the loop: its pages, the first that a person may open being its door."""

    label: str | Promise
    icon: str
    key: str
    pages: tuple[Page, ...]


SECTIONS = (
    Section(
        pgettext_lazy("step of the loop", "Listen"),
        "ear",
        "l",
        (
            Page("discovery:interview-list", _("Interviews"), Right.PRODUCT_OPS),
            Page("discovery:campaign-list", _("Campaigns"), Right.PRODUCT_OPS),
            Page("discovery:coverage", _("Who was heard"), Right.PRODUCT_OPS),
            Page("discovery:guide-list", _("Guides"), Right.PRODUCT_OPS),
            Page("evidence:pulse-list", _("Pulses")),
            Page("evidence:incident-list", _("Incidents")),
            Page("discovery:help-request-list", _("Help requests")),
        ),
    ),
    Section(
        pgettext_lazy("step of the loop", "Understand"),
        "lightbulb",
        "u",
        (
            Page("discovery:pain-point-list", _("Pain points")),
            Page("discovery:audit-list", pgettext_lazy("of discovery", "Audits")),
            Page("discovery:quick-win-list", _("Quick wins")),
            Page("discovery:stance-list", _("Stances"), Right.PRODUCT_OPS),
            Page("discovery:diagnosis-list", _("Diagnosis"), Right.PRODUCT_OPS),
            Page("discovery:stage-list", _("Stage of the function"), Right.PRODUCT_OPS),
            Page("discovery:charter-show", _("Charter")),
        ),
    ),
    Section(
        pgettext_lazy("step of the loop", "Decide"),
        "scale",
        "d",
        (
            Page("roadmap:initiative-list", _("Roadmap")),
            Page("roadmap:launch-list", _("Launches")),
            Page("roadmap:cycle-list", _("Quarterly tables")),
            Page("roadmap:topic-list", _("Topics")),
            Page("roadmap:objective-list", _("Objectives")),
            Page("roadmap:result-list", _("Results")),
            Page("roadmap:report-list", _("Reports")),
            Page("roadmap:time-given-back", _("Time given back")),
            Page("roadmap:load", pgettext_lazy("of the function", "Load"), Right.PRODUCT_OPS),
        ),
    ),
    Section(
        pgettext_lazy("step of the loop", "Measures"),
        "chart-column",
        "m",
        (
            Page("measures:metric-list", _("Metrics")),
            Page("measures:board-list", _("Boards")),
            Page("measures:ratio-list", _("Ratios")),
            Page("measures:lever-tree", _("What moves what")),
            Page("measures:dashboard-list", _("Dashboards of other tools")),
            Page("measures:request-list", _("Questions to the data team")),
            Page("measures:coverage", _("What nothing measures")),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab above the pages of a step."""

    label: str
    url: str
    is_current: bool
    count: int | None = None


def tabs_of(section: Section, user: User, path: str) -> list[Tab]:
    """The pages of a step that the person may open; the one whose address begins the path is current."""
    urls = {page.name: reverse(page.name) for page in section.pages if may(user, page.right)}
    here = max((url for url in urls.values() if path.startswith(url)), key=len, default="")
    return [
        Tab(str(page.label), urls[page.name], urls[page.name] == here)
        for page in section.pages
        if page.name in urls
    ]


def sections_of(user: User, path: str) -> Iterator[tuple[Section, list[Tab]]]:
    """Each step of the loop with the pages that the person may open."""
    for section in SECTIONS:
        if tabs := tabs_of(section, user, path):
            yield section, tabs
