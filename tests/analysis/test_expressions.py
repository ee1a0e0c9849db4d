"""A company's own checks as expressions: what they say, what they cannot, and that every one of them ends."""

import datetime as dt
import time

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vertebra.analysis.expressions.compiling import compiled
from vertebra.analysis.expressions.completing import complete
from vertebra.analysis.expressions.names import FIELDS, PEOPLE, Type
from vertebra.analysis.expressions.parsing import Expression, parse
from vertebra.analysis.expressions.tokens import ExpressionError, Wrong
from vertebra.connectors import trail

TODAY = dt.date(2026, 11, 2)
_TYPES = {
    Type.TEXT: "string",
    Type.NUMBER: "float64",
    Type.DAY: "date",
    Type.WORDS: "array<string>",
    Type.YES: "boolean",
}
SCHEMA: dict[str, str] = {
    **{name: _TYPES[kind] for name, kind in FIELDS.items()},
    "fields": "string",
    "held_by": "string",
    "today": "date",
}
ITEMS: dict[str, dict[str, object]] = {
    "A-1": {
        "status": "In Review", "category": "doing", "kind": "Bug", "points": None, "due": dt.date(2026, 10, 1),
        "created": dt.date(2026, 1, 5), "labels": ["Web", "urgent"], "assigned": True, "title": "Till is slow",
        "links": ["blocks"], "fields": '{"Team": "Blue", "description": ""}', "held_by": "secret", "priority": "",
    },
    "A-2": {
        "status": "Done", "category": "done", "kind": "Story", "points": 5.0, "due": None,
        "created": dt.date(2026, 10, 30), "labels": [], "assigned": False, "title": "It's \"new\"; DROP",
        "links": None, "fields": '{"Team": "Red", "description": "…"}', "held_by": "secret", "priority": "High",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def states() -> ibis.Table:
    rows: list[dict[str, object]] = [
        {**dict.fromkeys(SCHEMA), **item, "key": key, "today": TODAY} for key, item in ITEMS.items()
    ]
    return ibis.duckdb.connect(":memory:").create_table(
        "states", ibis.memtable(rows, schema=SCHEMA).to_pyarrow()
    )


def pointed_at(states: ibis.Table, text: str) -> list[str]:
    """The keys of the items that an expression points at."""
    found = states.filter(compiled(parse(text), states)).key.to_pyarrow().to_pylist()
    return sorted(found)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ('status = "in review"', ["A-1"]),
        ("status = “In Review”", ["A-1"]),
        ("status = « In Review »", ["A-1"]),
        ('category in ("todo", "doing") and points is empty', ["A-1"]),
        ("points is not empty", ["A-2"]),
        ("points > 3 and points <= 5", ["A-2"]),
        ("not assigned", ["A-2"]),
        ("due < today", ["A-1"]),
        ("due < today - 40", []),
        ("created >= 2026-10-30", ["A-2"]),
        ("days_since(created) > 100", ["A-1"]),
        ('labels contains "web"', ["A-1"]),
        ("count(labels) = 2", ["A-1"]),
        ("links is empty", ["A-2"]),
        ('title contains "TILL"', ["A-1"]),
        ("length(title) > 12", ["A-2"]),
        ('field("Team") = "blue"', ["A-1"]),
        ('field("description") is empty', ["A-1"]),
        ('field("nothing like it") is empty', ["A-1", "A-2"]),
        ('not (kind = "Bug" or kind = "Story")', []),
        ('kind = "Bug" or kind = "Story" and not assigned', ["A-1", "A-2"]),
        ('kind not in ("Bug")', ["A-2"]),
        ("priority is empty", ["A-1"]),
        ('not (due < today)', ["A-2"]),
        ("""title contains '"new"; drop'""", ["A-2"]),
    ],
)  # fmt: skip
def test_what_expressions_say(states: ibis.Table, text: str, keys: list[str]) -> None:
    assert pointed_at(states, text) == keys


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ("", Wrong.EMPTY, 0),
        ('statu = "Done"', Wrong.UNKNOWN_NAME, 0),
        ('assignee = "Zoe"', Wrong.IS_OF_PEOPLE, 0),
        ("held_by is empty", Wrong.UNKNOWN_NAME, 0),
        ('field("assignee") = "x"', Wrong.IS_OF_PEOPLE, 6),
        ('category = "finished"', Wrong.UNKNOWN_CATEGORY, 11),
        ("points >", Wrong.EXPECTED_VALUE, 8),
        ("points 3", Wrong.EXPECTED_COMPARISON, 7),
        ("points", Wrong.NOT_YES_OR_NO, 0),
        ('points = "3"', Wrong.NOT_TOGETHER, 9),
        ('status > "a"', Wrong.NOT_FOR, 7),
        ("labels = labels", Wrong.NOT_TOGETHER, 9),
        ("days_since(status) > 3", Wrong.NOT_FOR, 11),
        ("(points > 3", Wrong.EXPECTED_SIGN, 11),
        ("points > 3)", Wrong.LEFT_OVER, 10),
        ('status = "open', Wrong.TEXT_OPEN, 9),
        ("due < 2026-02-31", Wrong.NO_SUCH_DAY, 6),
        ("points > 99999999999", Wrong.NUMBER_LARGE, 9),
        ('status = "a\x00"', Wrong.STRANGE_SIGN, 11),
        ("points > 3; DROP TABLE items", Wrong.STRANGE_SIGN, 10),
        ("not " * 40 + "assigned", Wrong.TOO_DEEP, 120),
        ("assigned or " * 170 + "assigned", Wrong.TOO_LONG, 2000),
        ("assigned or " * 160 + "assigned", Wrong.TOO_MANY, 1800),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(text: str, code: Wrong, at: int) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse(text)
    assert (refused.value.code, refused.value.at) == (code, at)


def test_a_name_that_is_nearly_right_is_offered() -> None:
    with pytest.raises(ExpressionError) as refused:
        parse('prioritty = "High"')
    assert refused.value.particulars["near"] == "priority"


@pytest.mark.parametrize(
    "text",
    [
        "read_csv('/etc/passwd') = 1",
        "read_text(\"/etc/passwd\") contains \"root\"",
        "status in (SELECT content FROM read_text('/etc/passwd'))",
        "(SELECT 1)",
        "status = \"a\" UNION SELECT * FROM items",
        "COPY items TO '/tmp/x'",
        "getenv('HOME') = \"x\"",
        "__import__('os').system('true')",
        "repeat(title, 1000000000) = title",
        "count(range(100000000)) > 1",
        "title ~ '(a+)+$'",
        "title like '%'",
        "field(read_text(\"/etc/passwd\")) = \"x\"",
        "fields contains \"Blue\"",
        "author = \"x\"",
        "reporter is empty",
    ],
)  # fmt: skip
def test_nothing_else_can_be_asked(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)


def test_texts_that_look_like_statements_are_texts(states: ibis.Table) -> None:
    for text in ("' OR 1=1 --", "$.*", "\\", "%", "{0}", "\\x00", "');DROP TABLE states;--"):
        assert (
            pointed_at(states, f'status = "{text}" or labels contains "{text}" or field("{text}") = "{text}"')
            == []
        )
    assert pointed_at(states, "assigned or not assigned") == ["A-1", "A-2"]


def test_a_check_that_matches_everything_is_only_a_check(states: ibis.Table) -> None:
    assert pointed_at(states, "count(labels) >= 0") == ["A-1", "A-2"]


PIECES = st.sampled_from(
    [*FIELDS, "and", "or", "not", "in", "contains", "is", "empty", "(", ")", ",", "=", "!=", "<", ">=", "today", "-", "+", '"a"', '"done"', "3", "2026-01-31", "days_since(", "count(", "length(", 'field("x")', "'", "\\", "«", ";", "é"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=25).map(" ".join)))
def test_whatever_is_typed_is_an_expression_or_is_refused_with_its_place(text: str) -> None:
    try:
        parse(text)
    except ExpressionError as wrong:
        assert 0 <= wrong.at <= len(text)
        assert isinstance(wrong.code, Wrong)
    for at in {0, len(text) // 2, len(text)}:
        for one in complete(text, at, {"status": ["Done", 'a "b"']}):
            assert 0 <= one.start <= at


FIELD = st.sampled_from(sorted(FIELDS))


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3) -> str:
    """An expression that can be read."""
    if depth and draw(st.booleans()):
        parts = draw(st.lists(expressions(depth - 1), min_size=1, max_size=3))
        text = draw(st.sampled_from([" and ", " or "])).join(parts)
        return f"not ({text})" if draw(st.booleans()) else f"({text})"
    name = draw(FIELD)
    kind = FIELDS[name]
    word = draw(st.text(alphabet="abé'%_{}$;-", max_size=6))
    sign = draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">="]))
    if kind is Type.YES:
        return name
    if kind is Type.WORDS:
        return draw(
            st.sampled_from([f'{name} contains "{word}"', f"{name} is empty", f"count({name}) {sign} 2"])
        )
    if kind is Type.DAY:
        return draw(
            st.sampled_from([f"{name} {sign} today - 9", f"days_since({name}) {sign} 3", f"{name} is empty"])
        )
    if kind is Type.NUMBER:
        return f"{name} {sign} {draw(st.integers(0, 99))}"
    if name == "category":
        return f'{name} = "done"'
    return draw(
        st.sampled_from([f'{name} = "{word}"', f'{name} contains "{word}"', f'{name} in ("{word}", "b")'])
    )


@settings(max_examples=60, deadline=None)
@given(expressions())
def test_whatever_can_be_read_runs_and_is_yes_or_no_of_every_item(states: ibis.Table, text: str) -> None:
    read: Expression = parse(text)
    yes = states.filter(compiled(read, states)).count().execute()
    no = states.filter(~compiled(read, states)).count().execute()
    assert yes + no == len(ITEMS)


def test_the_longest_expression_is_read_and_run_in_a_moment(states: ibis.Table) -> None:
    text = " or ".join(['title contains "aaaaaaaa"'] * 65)
    began = time.perf_counter()
    assert pointed_at(states, text) == []
    assert time.perf_counter() - began < 20


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("", "status"),
        ("sta", "status_since"),
        ("status ", "is not empty"),
        ("status = ", '"Done"'),
        ('status = "d', '"Done"'),
        ('status in ("Done", ', '"Open"'),
        ('status = "Done" ', "and"),
        ('status = "Done" and pri', "priority"),
        ("category = ", '"doing"'),
        ("assigned ", "and"),
        ("due < ", "today"),
        ("labels ", "contains"),
    ],
)
def test_what_may_come_next_is_offered(text: str, offered: str) -> None:
    found = [one.text for one in complete(text, len(text), {"status": ["Done", "Open"]})]
    assert offered in found


def test_nothing_is_offered_after_a_mistake() -> None:
    assert complete("points ; ", 9, {}) == []


@pytest.mark.parametrize("name", sorted(trail.PEOPLE))
def test_no_field_of_people_of_a_trail_can_be_asked_for(name: str) -> None:
    assert name in PEOPLE
    for text in (f'{name} = "Zoe"', f'field("{name.title()}") = "Zoe"'):
        with pytest.raises(ExpressionError) as refused:
            parse(text)
        assert refused.value.code is Wrong.IS_OF_PEOPLE
