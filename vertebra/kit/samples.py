"""What the style guide shows: invented rows, the longest names, every state."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django import forms

from vertebra.kit.listing import Listing, ShownChoice, ShownColumn, ShownFilter
from vertebra.kit.pictures import Line, Marked, TimeChart

LONG_NAME = "Payments, settlements and reconciliation for marketplaces and their sub-merchants"
SPACES = [
    ("Refunds after a dispute", "Two tools, no owner; 14 tickets without a team since March", "Billing · Cash", "open", "attention", 9),
    ("The first month of a German customer", "A journey cut between four teams; nobody sees its end", "Activation · Germany · Support", "being filled", "accent", 6),
    ("The documentation of the public API", "Two teams say that it is theirs", "Platform · Partners", "open", "attention", 4),
    (LONG_NAME, "Five releases of the quarter concern this market, and it has no champion", "Support · Italy", "open", "attention", 3),
    ("Presence data in shops", "Explained: the Data team took them over in June", "Till · Data", "explained", "good", 2),
]  # fmt: skip


TRAIL = [
    {"label": "34 verbatims", "url": "#trail", "why": "Said in eleven interviews."},
    {
        "label": "this pain point",
        "is_here": True,
        "why": "Twenty-one people of nine teams say it costs them.",
    },
    {"label": "topic of Q2", "url": "#trail"},
    {"label": "decision of 4 April", "url": "#trail", "why": "Ranked first by four directors of five."},
    {"label": "Product Champions", "url": "#trail"},
    {"label": "measured: 7.1 to 3.4", "url": "#trail"},
]
CHANGES = [
    {"label": "Owner", "before": "nobody", "after": "Karim Diallo"},
    {"label": "Purpose", "before": "", "after": LONG_NAME},
    {"label": "Manager", "before": "Sofia Marin", "after": ""},
]
TABS = [
    {"label": "What we own", "url": "#tabs", "is_current": True, "count": 12},
    {"label": "Who", "url": "#tabs", "count": 9},
    {"label": "How to work with us", "url": "#tabs", "count": None},
]
STEPS = [
    {"label": "File", "url": "#steps", "is_done": True},
    {"label": "Columns", "url": "#steps", "is_done": True},
    {"label": "What will change", "is_current": True},
    {"label": "Done"},
]
PROBLEMS = [
    {
        "file": "people.csv",
        "line": 14,
        "column": "manager",
        "what": "Nobody is called ines.b",
        "remedy": "Add her to the file, or correct the reference; the nearest is ines.bertrand.",
    },
    {
        "file": "people.csv",
        "line": 1203,
        "column": "starts_on",
        "what": "“31/02/2026” is not a date",
        "remedy": "Write it as 2026-02-28 or 28/02/2026.",
    },
]
MATRIX = {
    "columns": ["Product", "Design", "Engineering", "Data", "Support"],
    "rows": [
        ("Payments", [12, 6, 40, 7, None]),
        ("Cash and treasury", [9, None, 31, 0, 14]),
        (LONG_NAME, [5, 5, 22, 11, 25]),
    ],
}
LOOP = ["Listen", "Understand", "Decide", "Roll out", "Tell", "Learn", "Measure", "Review"]


class SpaceForm(forms.Form):
    """An example of every kind of field, one of them wrong."""

    between = forms.CharField(label="Between which teams?", help_text="Two names or more, with commas.")
    what = forms.CharField(label="What does nobody take care of?", widget=forms.Textarea, max_length=500)
    since = forms.DateField(
        label="Since when?", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    market = forms.ChoiceField(
        label="Market", choices=[("fr", "France"), ("de", "Germany"), ("it", LONG_NAME)]
    )
    harm = forms.ChoiceField(
        label="Whom does it cost?",
        choices=[("customers", "Customers"), ("field", "The field"), ("teams", "The teams themselves")],
        widget=forms.RadioSelect,
    )
    is_named = forms.BooleanField(
        label="Say that it comes from me", required=False, help_text="Otherwise only Product Ops knows."
    )


def spaces() -> list[SimpleNamespace]:
    """Rows of the example list."""
    names = ("title", "detail", "between", "state", "tone", "count")
    return [
        SimpleNamespace(pk=number, **dict(zip(names, row, strict=True)))
        for number, row in enumerate(SPACES, 1)
    ]


def column(key: str, label: str, *, is_sorted: str = "", is_numeric: bool = False) -> ShownColumn:
    """One column that can be sorted and hidden."""
    address = f"?page=list&sort={key}", f"?page=list&columns={key}"
    return ShownColumn(key, label, key != "between", is_sorted, is_numeric, False, *address)


def filters(state: str) -> list[ShownFilter]:
    """Filters of each kind, the first of them in force."""
    names = ("open", "explained", "filled")
    choices = [ShownChoice(name, name, f"?page=list&state={name}", name == state) for name in names]
    return [
        ShownFilter("state", "State", "choice", state, state, choices, "?page=list"),
        ShownFilter("tribe", "Tribe", "choice", "", "", choices, "?page=list"),
        ShownFilter("since", "Since", "date", "", "", [], "?page=list"),
    ]


def listing(*, is_empty: bool = False) -> Listing:
    """A list with a filter in force, saved views and more pages; or one that has nothing at all."""
    views = [("My tribe", True), (LONG_NAME, False)]
    return Listing(
        rows=[] if is_empty else spaces(),
        columns=[
            column("space", "Space"),
            column("between", "Between"),
            column("state", "State"),
            column("count", "Reported by", is_sorted="desc", is_numeric=True),
        ],
        filters=filters("" if is_empty else "open"),
        query="",
        total=0 if is_empty else 12,
        next_url="?page=list&after=x",
        previous_url="",
        first_url="?page=list",
        export_urls={"csv": "?format=csv", "xlsx": "?format=xlsx"},
        share_url="?page=list",
        clear_url="?page=list",
        kept=[("page", "list")],
        page="styleguide",
        is_searchable=True,
        saved_views=[
            {"label": label, "url": "?page=list", "is_current": current} for label, current in views
        ],
    )


def time_chart() -> TimeChart:
    """Values with a gap, what was expected of them, a target, what happened, and the year before."""
    days = [dt.date(2024 + month // 12, month % 12 + 1, 1) for month in range(24)]
    seen = [(day, 60 + 1.1 * at + (at * 7) % 5) for at, day in enumerate(days) if at not in {15, 16}]
    return TimeChart(
        title="Orders collected within two hours, in percent",
        lines=[
            Line("a year before", [(day, 58 + 0.4 * at) for at, day in enumerate(days)], "7", is_faint=True),
            Line("orders", seen),
        ],
        step=32,
        target=88,
        target_label="target: 88 %",
        band=[(day, 70 + 0.5 * at, 76 + 0.9 * at) for at, day in enumerate(days[12:])],
        marks=[
            Marked(dt.date(2025, 2, 1), "New rooms"),
            Marked(dt.date(2025, 8, 1), "Tills out of order", kind="incident"),
        ],
        today=dt.date(2025, 11, 20),
    )


def samples(now: dt.datetime) -> dict[str, Any]:
    """Everything the examples read."""
    form = SpaceForm({"between": "", "what": "", "market": "fr", "harm": "field", "since": "2026-03-02"})
    form.full_clean()
    return {
        "long_name": LONG_NAME,
        "moment": now - dt.timedelta(hours=3),
        "long_ago": now - dt.timedelta(days=40),
        "spaces": spaces(),
        "form": form,
        "trail": TRAIL,
        "changes": CHANGES,
        "tabs": TABS,
        "steps": STEPS,
        "problems": PROBLEMS,
        "matrix": MATRIX,
        "time_chart": time_chart(),
        "steps_of_the_loop": list(enumerate(LOOP, 1)),
    }
