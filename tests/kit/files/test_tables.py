"""CSV of every kind and workbooks, whole or broken."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from vertebra.kit.files import tables
from vertebra.kit.files.formulas import Uncalculated
from vertebra.kit.files.limits import Limits
from vertebra.kit.files.problems import Code, Refused

PEOPLE = "Prénom;Équipe;Rôle\nZoé;Données;Responsable qualité\nLoïc;Paiement à l'étranger;Intérim\n"


def workbook(rows: list[list[object]], name: str = "Équipes") -> bytes:
    """A workbook of one sheet."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet(name)
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return stream.getvalue()


def refusal(data: bytes, name: str = "people.csv", limits: Limits | None = None) -> Code:
    """The code with which a table is refused."""
    with pytest.raises(Refused) as caught:
        tables.read_table(data, name, limits=limits or Limits())
    return caught.value.problem.code


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman", "cp850", "iso8859-15"],
)
def test_letters_are_right_in_every_encoding_that_offices_write(encoding: str) -> None:
    table = tables.read_table(PEOPLE.encode(encoding), "people.csv")
    assert table.header == ("Prénom", "Équipe", "Rôle")
    assert [row.cells for row in table.rows()] == [
        ("Zoé", "Données", "Responsable qualité"),
        ("Loïc", "Paiement à l'étranger", "Intérim"),
    ]


@pytest.mark.parametrize("separator", list(",;\t|:^~\x1f"))
def test_any_separator_is_recognised(separator: str) -> None:
    text = PEOPLE.replace(";", separator)
    assert tables.read_table(text.encode(), "people.csv").header == ("Prénom", "Équipe", "Rôle")


def test_a_comma_inside_quotes_or_decimals_does_not_decide() -> None:
    text = 'nom;part;notes\nA;0,5;"a, b, c"\nB;0,8;"d, e, f"\n'
    assert tables.read_table(text.encode(), "x.csv").separator == ";"


def test_a_first_line_that_declares_the_separator_is_believed() -> None:
    table = tables.read_table(b"sep=|\r\nname|team\r\nA|B\r\n", "x.csv")
    assert (table.header, table.header_line) == (("name", "team"), 2)
    assert [(row.line, row.cells) for row in table.rows()] == [(3, ("A", "B"))]


def test_each_row_knows_the_line_it_starts_on_across_quoted_newlines_and_blank_lines() -> None:
    text = 'name,notes\r\nA,"one\r\ntwo"\r\n\r\nB,three\r\n'
    rows = list(tables.read_table(text.encode(), "x.csv").rows())
    assert [(row.line, row.cells) for row in rows] == [(2, ("A", "one\r\ntwo")), (5, ("B", "three"))]


def test_rows_can_be_walked_twice() -> None:
    table = tables.read_table(PEOPLE.encode(), "x.csv")
    assert list(table.rows()) == list(table.rows())


def test_short_rows_are_filled_and_long_rows_are_told_with_their_line() -> None:
    table = tables.read_table(b"a,b\n1\n1,2,3\n1,2,\n", "x.csv")
    assert [row.cells for row in table.rows()] == [("1", None), ("1", "2"), ("1", "2")]
    assert [(problem.line, problem.code) for problem in table.problems] == [(3, Code.ROW_TOO_LONG)]


def test_every_faulty_row_is_told_not_only_the_first() -> None:
    table = tables.read_table(b"a,b\n1,2,3\n1,2\n4,5,6\n", "x.csv")
    assert len(list(table.rows())) == 3
    assert [problem.line for problem in table.problems] == [2, 4]


def test_a_file_cut_inside_a_quote_is_refused() -> None:
    table = tables.read_table(b'a,b\n1,2\n1,"cut here', "x.csv")
    list(table.rows())
    assert [(p.line, p.code) for p in table.problems] == [(3, Code.QUOTE_UNCLOSED)]


def test_a_file_cut_inside_a_letter_is_refused() -> None:
    assert refusal("é;b\né".encode()[:-1]) == Code.TRUNCATED


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Code.FILE_EMPTY),
        (b"\n\n \n", Code.FILE_EMPTY),
        (b"\xef\xbb\xbf", Code.FILE_EMPTY),
        (b"a,a\n1,2\n", Code.HEADER_REPEATED),
        (b"a,b\n1,\x002\n", Code.NUL_BYTES),
        (b",".join([b"c%d" % n for n in range(1001)]), Code.TOO_MANY_COLUMNS),
    ],
)
def test_a_table_that_cannot_be_read_says_why(data: bytes, code: Code) -> None:
    assert refusal(data) == code


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(Refused) as caught:
            tables.read_table(path, "none.csv")
        assert caught.value.problem.code == Code.FILE_MISSING


def test_a_gigabyte_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as stream:
        stream.truncate(1 << 30)
    with pytest.raises(Refused) as caught:
        tables.read_table(path, "large.csv")
    assert caught.value.problem.code == Code.FILE_TOO_LARGE
    assert caught.value.problem.particulars == {"megabytes": 1024, "limit": 200}


def test_too_many_rows_stop_the_reading() -> None:
    table = tables.read_table(b"a,b\n" + b"1,2\n" * 30, "x.csv", limits=Limits(max_rows=10))
    assert len(list(table.rows())) == 10
    assert [problem.code for problem in table.problems] == [Code.TOO_MANY_ROWS]


def test_a_cell_of_ten_thousand_characters_is_read_whole() -> None:
    table = tables.read_table(b"a,b\n" + b"x" * 10_000 + b",1\n", "x.csv")
    assert len(str(next(table.rows()).cells[0])) == 10_000


def test_a_workbook_gives_text_numbers_and_days_with_their_rows() -> None:
    data = workbook([["Nom", "Depuis", "Part"], ["Zoé", date(2024, 12, 31), 0.8], [None], ["Loïc", None, 3]])
    table = tables.read_table(data, "people.xlsx")
    assert [(row.line, row.cells) for row in table.rows()] == [
        (2, ("Zoé", date(2024, 12, 31), 0.8)),
        (4, ("Loïc", None, 3)),
    ]


def test_a_workbook_is_recognised_whatever_its_name_and_its_sheets_are_chosen_by_name() -> None:
    data = workbook([["Nom"], ["Zoé"]])
    assert tables.read_table(data, "people.csv", sheet="équipes").header == ("Nom",)
    assert tables.sheet_names(data, "x.xlsx") == ["Équipes"]
    with pytest.raises(Refused) as caught:
        tables.read_table(data, "people.xlsx", sheet="Autres")
    assert caught.value.problem.code == Code.SHEET_MISSING


def rezipped(data: bytes, change: dict[str, bytes]) -> bytes:
    """The same workbook with some parts exchanged."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, change.get(part.filename, old.read(part)))
    return stream.getvalue()


def test_a_workbook_that_would_explode_is_refused_before_it_is_opened() -> None:
    data = rezipped(workbook([["Nom"]]), {"xl/worksheets/sheet1.xml": b" " * 30_000_000})
    assert len(data) < 100_000
    assert refusal(data, "bomb.xlsx") == Code.WORKBOOK_BOMB


def test_a_workbook_with_one_cell_at_the_end_of_the_world_is_refused() -> None:
    plain = workbook([["Nom"], ["Zoé"]])
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert refusal(
        rezipped(plain, {"xl/worksheets/sheet1.xml": sheet.replace(b'"A2"', b'"XFD1048576"')}), "x.xlsx"
    ) == (Code.TOO_MANY_VALUES)


@pytest.mark.parametrize("cut", [10, 100, 1000, -30])
def test_a_truncated_workbook_is_refused(cut: int) -> None:
    assert refusal(workbook([["Nom"], ["Zoé"]])[:cut], "x.xlsx") == Code.WORKBOOK_BROKEN


def test_a_workbook_with_a_password_is_refused_with_its_reason() -> None:
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "x.xlsx") == Code.WORKBOOK_ENCRYPTED


def test_other_archives_are_not_workbooks() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "hello")
    assert refusal(stream.getvalue(), "x.xlsx") == Code.WORKBOOK_BROKEN


def formulas(*cells: str, sheet: str = "Équipes & Cie") -> bytes:
    """A workbook with these cells in its second row, as the XML has them."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    book.add_worksheet("Autre")
    page = book.add_worksheet(sheet)
    page.write_row(0, 0, ["Nom", "Total"])
    page.write_row(1, 0, ["here", "there"])
    book.close()
    plain = stream.getvalue()
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        xml = archive.read("xl/worksheets/sheet2.xml").decode()
    row = xml[xml.index('<row r="2"') :].split("</row>")[0]
    filled = row[: row.index(">") + 1] + "".join(cells)
    return rezipped(plain, {"xl/worksheets/sheet2.xml": xml.replace(row, filled).encode()})


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B2"><f>SUM(C1:C9)</f><v></v></c>', '<c r="B2" s="1"><f>A1&amp;"x"</f><v/></c>',
        '<c r="B2"><f>A1</f></c>', '<c r="B2"><f t="shared" si="0"/><v /></c>', "<c s='1' r='B2'>\n<f>1+1</f>\n</c>",
    ],
)  # fmt: skip
def test_a_formula_that_was_never_calculated_is_told_with_its_sheet_and_cell(cell: str) -> None:
    data = formulas('<c r="A2"><v>7</v></c>', cell)
    table = tables.read_table(data, "book.xlsx", sheet="équipes & cie")
    assert [row.cells for row in table.rows()] == [(7, None)]
    [problem] = table.problems
    assert (problem.code, problem.line, problem.column) == (Code.FORMULA_NOT_CALCULATED, 2, "B2")
    assert problem.particulars == {"sheet": "Équipes & Cie", "cell": "B2"}
    assert problem.is_blocking


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B2"><f>1+1</f><v>2</v></c>', '<c r="B2" t="str"><f>IF(1,"","x")</f><v></v></c>', '<c r="B2"/>',
        '<c r="B2"></c>',
    ],
)  # fmt: skip
def test_a_formula_with_its_value_and_an_empty_cell_are_no_fault(cell: str) -> None:
    table = tables.read_table(formulas('<c r="A2"><v>7</v></c>', cell), "book.xlsx", sheet="Équipes & Cie")
    assert len(list(table.rows())) == 1
    assert table.problems == []


def test_a_cell_that_comes_in_pieces_is_found_once() -> None:
    text = b'<row><c r="A1"><v>1</v></c><c r="B1"><f>SUM(A1)</f></c><c r="C1"><f>A1</f><v/></c></row>'
    for size in range(1, len(text)):
        seen = Uncalculated()
        for start in range(0, len(text), size):
            seen.feed(text[start : start + size])
        assert seen.close() == ["B1", "C1"], size
