"""What the tables of a trail hold, column by column; only jobs and commands load this."""

import sys
from importlib.abc import MetaPathFinder

import pyarrow as pa

MOMENT = pa.timestamp("us", tz="UTC")
WORDS = pa.list_(pa.string())

ITEMS = pa.schema(
    [
        ("external_id", pa.string()),
        ("key", pa.string()),
        ("project", pa.string()),
        ("kind", pa.string()),
        ("title", pa.string()),
        ("status", pa.string()),
        ("category", pa.string()),
        ("created_at", MOMENT),
        ("updated_at", MOMENT),
        ("resolved_at", MOMENT),
        ("due_on", pa.date32()),
        ("priority", pa.string()),
        ("resolution", pa.string()),
        ("parent", pa.string()),
        ("points", pa.float64()),
        ("reporter", pa.string()),
        ("assignee", pa.string()),
        ("comments", pa.int32()),
        ("labels", WORDS),
        ("components", WORDS),
        ("versions", WORDS),
        ("sprints", WORDS),
        ("fields", pa.string()),
        # Since when it is known to be deleted in its tool; nothing while it is there.
        ("gone_at", MOMENT),
    ]
)
CHANGES = pa.schema(
    [
        ("item", pa.string()),
        ("at", MOMENT),
        ("field", pa.string()),
        ("before", pa.string()),
        ("after", pa.string()),
        ("author", pa.string()),
        # The same thing may happen more than once at one moment: 0 for the first.
        ("nth", pa.int32()),
    ]
)
LINKS = pa.schema([("item", pa.string()), ("relation", pa.string()), ("other", pa.string())])
SPRINTS = pa.schema(
    [
        ("external_id", pa.string()),
        ("name", pa.string()),
        ("state", pa.string()),
        ("starts_at", MOMENT),
        ("ends_at", MOMENT),
        ("completed_at", MOMENT),
        ("told_at", MOMENT),
    ]
)
SCHEMAS = {"items": ITEMS, "changes": CHANGES, "links": LINKS, "sprints": SPRINTS}
# Of which item of the files a row comes: of an item told twice, the ties of the latest state hold.
TURNS = ("items", "links")
TURN = pa.field("turn", pa.int64())


class _WithoutPandas(MetaPathFinder):
    """Says that pandas is not there: Arrow loads it for the first column it makes, half a second for what nobody here has.

    Who asks Arrow for a table of pandas gets one all the same: it looks once more then.
    """

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Nothing of any other library."""
        if name == "pandas":
            raise ModuleNotFoundError(name=name)

    @classmethod
    def make_a_column(cls) -> None:
        """Have Arrow make its first one."""
        finder = cls()
        sys.meta_path.insert(0, finder)
        try:
            pa.array([0])
        finally:
            sys.meta_path.remove(finder)


_WithoutPandas.make_a_column()
