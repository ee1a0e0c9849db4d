"""Files of work items that are cut, damaged, endless or meant to do harm: told with their place, never taken."""

import gzip
import json
import lzma
import os
import resource
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.connectors.tracker_files import NOW, history, issue, items_of, lines_of, opened, step, told
from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.histories import noted
from vertebra.connectors.trail import Item
from vertebra.connectors.trail_files import open_trail
from vertebra.kit.files.problems import Code

THREE = lines_of(issue("A-1"), issue("A-2"), issue("A-3"))
ANSWER = json.dumps({"issues": [issue("A-1"), issue("A-2"), issue("A-3")]}, indent=1)


def trouble(tmp_path: Path, content: str | bytes, form: Any = "jira") -> tuple[list[Item], Trouble]:
    """The items that were given before the trouble, and the trouble."""
    given: list[Item] = []
    with pytest.raises(Trouble) as raised:
        given.extend(opened(tmp_path, content, form).items())
    return given, raised.value


def place(raised: Trouble) -> tuple[Any, Any]:
    """What is wrong with a file, and on which line."""
    assert raised.fault is Fault.FILE_REFUSED
    assert raised.is_permanent
    return raised.particulars["code"], raised.particulars["line"]


@pytest.mark.parametrize("cut", [1, 5, 200])
def test_a_file_cut_in_its_last_line_is_refused_there(tmp_path: Path, cut: int) -> None:
    assert place(trouble(tmp_path, THREE.rstrip()[:-cut])[1]) == (Code.TRUNCATED, 3)


@pytest.mark.parametrize(
    "content", ['{"issues": [', "[", "[1,", '{"issues": [{"key": "A-1', '{"a"', "{", '["a']
)
def test_an_answer_that_is_cut_is_refused(tmp_path: Path, content: str) -> None:
    assert place(trouble(tmp_path, content)[1]) == (Code.TRUNCATED, 1)


def test_an_answer_cut_in_the_middle_is_refused_on_its_line(tmp_path: Path) -> None:
    half = ANSWER[: ANSWER.index("A-2") + 20]
    code, line = place(trouble(tmp_path, half)[1])
    assert code == Code.TRUNCATED
    assert 1 < line <= half.count("\n") + 1


def test_a_line_that_is_no_json_is_refused_on_its_line(tmp_path: Path) -> None:
    lines = THREE.splitlines()
    lines.insert(2, lines[0].replace(",", ";", 1))
    code, line = place(trouble(tmp_path, "\n".join(lines))[1])
    assert (code, line) == (Code.SYNTAX, 3)


def test_a_fault_inside_an_answer_is_refused_on_its_line(tmp_path: Path) -> None:
    broken = ANSWER.replace('"A-2",', '"A-2";')
    code, line = place(trouble(tmp_path, broken + " " * 100)[1])
    assert (code, line) == (Code.SYNTAX, broken[: broken.index('"A-2";')].count("\n") + 1)


def test_letters_that_are_none_are_refused(tmp_path: Path) -> None:
    for content in (THREE, ANSWER):
        raw = content.encode().replace(b"Invoices", b"F\xe9vrier", 1)
        assert place(trouble(tmp_path, raw)[1])[0] == Code.ENCODING_UNKNOWN


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_a_packed_file_that_is_cut_or_damaged_is_refused(tmp_path: Path, pack: Any) -> None:
    noise = lines_of(*(issue(f"A-{n}", summary=os.urandom(40).hex()) for n in range(60)))
    packed = pack(noise.encode())
    assert place(trouble(tmp_path, packed[: len(packed) * 2 // 3])[1])[0] == Code.TRUNCATED
    damaged = bytearray(packed)
    damaged[len(packed) // 2 : len(packed) // 2 + 40] = b"\0" * 40
    assert place(trouble(tmp_path, bytes(damaged))[1])[0] in {
        Code.SYNTAX,
        Code.TRUNCATED,
        Code.ENCODING_UNKNOWN,
    }


def test_a_cut_zstandard_file_is_refused(tmp_path: Path) -> None:
    arrow: Any = pytest.importorskip("pyarrow")
    packed = bytes(arrow.compress(THREE.encode() * 50, codec="zstd", asbytes=True))
    assert place(trouble(tmp_path, packed[: len(packed) // 2])[1])[0] in {Code.TRUNCATED, Code.SYNTAX}


def test_zstandard_without_its_library_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("vertebra.connectors.histories.packed.import_module", missing)
    raised = trouble(tmp_path, b"\x28\xb5\x2f\xfd....")[1]
    assert (raised.fault, raised.particulars) == (Fault.LIBRARY_MISSING, {"name": "pyarrow"})


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    for form in ("jira", "events", "xes"):
        with pytest.raises(Trouble) as raised:
            list(open_trail(tmp_path / "gone", "gone.json", form, now=NOW).items())
        assert place(raised.value) == (Code.FILE_MISSING, 1)
        with pytest.raises(Trouble) as raised:
            list(open_trail(tmp_path, "folder", form, now=NOW).items())
        assert place(raised.value)[0] == Code.FILE_MISSING


@pytest.mark.parametrize(
    "nested", ["[" * 100_000, '{"a":' * 100_000, '{"key":"A-1","fields":{"x":' + "[" * 50_000]
)
def test_nesting_without_end_is_refused(tmp_path: Path, nested: str) -> None:
    for content in (nested, THREE + nested + "\n", THREE + nested + "]" * nested.count("[") + "\n"):
        assert place(trouble(tmp_path, content)[1])[0] in {Code.TOO_DEEP, Code.TRUNCATED, Code.SYNTAX}


def _packed(begin: bytes, filled: bytes, megabytes: int) -> Iterator[bytes]:
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    yield packer.compress(begin)
    block = filled * (2**20 // len(filled))
    for _block in range(megabytes):
        yield packer.compress(block)
    yield packer.flush()


@pytest.mark.parametrize(
    ("form", "begin", "filled"),
    [
        ("jira", b"", b"\0"),
        ("jira", b'{"key": "A-1", "x": "', b"a"),
        ("jira", THREE.encode() + b'{"key": "A-1", "x": "', b"a"),
        ("jira", b'{"issues": [', b"     "),
        ("xes", b'<log><trace><string key="', b"a"),
        ("xes", b"<log><trace>", b"<event/>"),
    ],
)
def test_a_file_packed_to_fill_the_memory_is_refused(
    tmp_path: Path, form: Any, begin: bytes, filled: bytes
) -> None:
    path = tmp_path / "bomb.gz"
    with path.open("wb") as stream:
        for block in _packed(begin, filled, 100):
            stream.write(block)
    assert path.stat().st_size < 1_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Trouble) as raised:
        list(open_trail(path, "bomb.gz", form, now=NOW).items())
    assert raised.value.fault in {Fault.PIECE_TOO_LONG, Fault.PACKED_TABLE}
    assert raised.value.particulars["file"] == "bomb.gz"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500 * 1024


def test_only_some_hundred_flaws_are_kept(tmp_path: Path) -> None:
    file = opened(tmp_path, lines_of(*({"key": f"A-{n}"} for n in range(1000)), issue("A-1")))
    assert len(list(file.items())) == 1
    assert len(file.flaws) == noted.MOST + 1
    assert told(file)[-1] == ("more", 0, {"count": str(1000 - noted.MOST)})


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text()
    | st.sampled_from(["A-1", "2026-01-01", "soon"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)
FIELDS = [
    *issue()["fields"],
    "labels",
    "components",
    "issuelinks",
    "sprint",
    "comment",
    "parent",
    "customfield_10020",
]
ODD_ISSUES = st.fixed_dictionaries(
    {},
    optional={
        "id": VALUES,
        "key": VALUES | st.just("A-1"),
        "fields": VALUES
        | st.dictionaries(st.sampled_from(FIELDS), VALUES).map(lambda odd: {**issue()["fields"], **odd}),
        "changelog": VALUES
        | st.lists(VALUES).map(lambda odd: {"histories": odd})
        | st.tuples(VALUES, VALUES).map(lambda two: {"histories": [history(two[0], step("x", two[1], "b"))]}),
        "issues": VALUES,
        "names": VALUES,
    },
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ODD_ISSUES | VALUES, max_size=4), st.sampled_from(["lines", "list", "answer"]))
def test_whatever_json_a_file_holds_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, values: list[Any], wrapped: str
) -> None:
    folder = tmp_path_factory.mktemp("odd")
    content = {
        "list": json.dumps(values),
        "answer": json.dumps({"issues": values}),
        "lines": lines_of(*values),
    }
    mapping = {"points": "customfield_10020", "x": "labels"}
    try:
        for item in items_of(folder, content[wrapped], mapping=mapping):
            texts = [
                item.title,
                item.status,
                *item.labels,
                *item.fields.values(),
                *(c.before for c in item.changes),
            ]
            assert item.key
            assert "\0" not in "".join(texts).encode().decode()
    except Trouble as found:
        assert found.particulars["file"] == "file"


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=300) | st.text(max_size=200).map(str.encode),
    st.sampled_from(["jira", "events", "xes"]),
)
def test_whatever_bytes_a_file_holds_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, form: Any
) -> None:
    folder = tmp_path_factory.mktemp("odd")
    for begin in (b"", b"{", b'[{"key": ', b"\x1f\x8b\x08", b"<log>", b"case;at;status\n"):
        try:
            items_of(folder, begin + content, form)
        except Trouble as found:
            assert found.particulars["file"] == "file"
