"""Whatever the bytes, a reader answers with values or with faults, never with an accident."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.kit.files.test_tables import workbook
from vertebra.kit.files import values
from vertebra.kit.files.documents import read_document
from vertebra.kit.files.problems import Code, Refused
from vertebra.kit.files.suffixes import FORMAT_OF_SUFFIX
from vertebra.kit.files.tables import read_table
from vertebra.kit.text import fold

MARKUP = st.text(alphabet="abé01 \n\t-:,;{}[]&*!|>'\"#%@?=.+\\/\u2028\ufeff\x00\x85", max_size=120)
ENCODINGS = st.sampled_from(["utf-8", "utf-16", "cp1252", "mac_roman"])
BYTES = st.one_of(
    st.binary(max_size=200),
    st.builds(lambda text, encoding: text.encode(encoding, "replace"), MARKUP, ENCODINGS),
)


@settings(max_examples=150, deadline=None)
@given(data=BYTES, suffix=st.sampled_from(sorted(FORMAT_OF_SUFFIX)))
@example(data=b"\x0b", suffix=".jsonl")
def test_no_bytes_break_a_reader_of_documents(data: bytes, suffix: str) -> None:
    found = read_document(data, f"any{suffix}")
    assert found.documents or found.problems or data.strip()


@pytest.mark.parametrize("suffix", [".yaml", ".json", ".jsonl", ".toml", ".md"])
def test_a_file_of_blanks_and_marks_is_empty(suffix: str) -> None:
    found = read_document(" \ufeff \x0b\n".encode(), f"any{suffix}")
    assert [problem.code for problem in found.problems] == [Code.FILE_EMPTY]


@settings(max_examples=150, deadline=None)
@given(data=BYTES, suffix=st.sampled_from([".csv", ".tsv", ".xlsx"]))
def test_no_bytes_break_a_reader_of_tables(data: bytes, suffix: str) -> None:
    try:
        table = read_table(data, f"any{suffix}")
    except Refused as refusal:
        assert refusal.problem.code
        return
    rows = list(table.rows())
    assert all(len(row.cells) == len(table.header) for row in rows)
    assert [row.line for row in rows] == sorted({row.line for row in rows})


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=60))
def test_no_text_breaks_a_reader_of_values(text: str) -> None:
    for read in (values.parse_date, values.parse_number, values.parse_percent, values.is_true):
        read(text)
    assert "-" not in values.slug(text)[:1]
    values.html_text(text)


@settings(max_examples=100, deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=4))
def test_no_damage_to_a_workbook_breaks_its_reader(changes: list[tuple[int, int]]) -> None:
    data = bytearray(workbook([["Nom", "Part"], ["Zoé", 0.8], ["Loïc", 1]]))
    for place, byte in changes:
        data[place % len(data)] = byte
    try:
        table = read_table(bytes(data), "x.xlsx")
    except Refused:
        return
    list(table.rows())


@settings(max_examples=100, deadline=None)
@given(text=st.text(alphabet=st.characters(max_codepoint=0x24F), max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


CELLS = st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=20)


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6))
def test_what_a_spreadsheet_writes_is_read_back(rows: list[list[str]]) -> None:
    import csv
    import io

    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerows([["first", "second", "third"], *rows])
    table = read_table(stream.getvalue().encode("utf-8-sig"), "x.csv")
    wanted = [tuple(row) for row in rows if any(not cell.isspace() for cell in row)]
    assert [row.cells for row in table.rows()] == wanted


@pytest.mark.deep
@settings(max_examples=5_000, deadline=None)
@given(data=BYTES, suffix=st.sampled_from(sorted(FORMAT_OF_SUFFIX)))
def test_many_more_bytes_do_not_break_a_reader_either(data: bytes, suffix: str) -> None:
    read_document(data, f"any{suffix}")
