"""Fields that a company added to its tool."""

import ibis
import pyarrow as pa
import pytest

from vertebra.analysis.fields import own_field

TOLD = {"$.a": "x", "a.b": "y", "/a": "z"}


@pytest.mark.parametrize("is_map", [False, True])
def test_a_name_is_a_key_whatever_it_looks_like(is_map: bool) -> None:
    json = ['{"$.a": "x", "a.b": "y", "/a": "z", "a": {"b": "no"}}', "{}"]
    held = pa.array([list(TOLD.items()), []], pa.map_(pa.string(), pa.string())) if is_map else json
    items = ibis.memtable(pa.table({"number": [1, 2], "fields": held}))
    for name, value in {**TOLD, "none": None}.items():
        rows = items.select("number", told=own_field(items, name), or_none=own_field(items, name, "-"))
        found = rows.order_by("number").to_pyarrow().to_pydict()
        assert (found["told"], found["or_none"]) == ([value, None], [value or "-", "-"])
