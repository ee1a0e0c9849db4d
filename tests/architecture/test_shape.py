"""Files stay short, functions too, and each name inside a module is a home of the architecture."""

import ast
from pathlib import Path

from tests.architecture import names
from tests.architecture.code import PACKAGE, ROOT, files, functions, module_name, product_files

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
# A journey is one story, told from its beginning to its end.
LONGEST_JOURNEY = 70


def too_long(text: str, place: str) -> list[str]:
    """What is too long in a file."""
    found = []
    if (lines := text.count("\n")) > LONGEST_FILE:
        found.append(f"{place}: {lines} lines")
    if place.endswith(".py"):
        for node in functions(ast.parse(text)):
            longest = LONGEST_JOURNEY if place.startswith("tests/journeys/") else LONGEST_FUNCTION
            if (length := length_of(node)) > longest:
                found.append(f"{place}:{node.lineno} {node.name}: {length} lines")
    return found


def length_of(node: ast.FunctionDef) -> int:
    """Lines of the body, without the signature and the docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


def stray(module: str) -> bool:
    """Whether a module's name is no home of the architecture."""
    home = names.home_of(module)
    return home is not None and names.rank(home) is None and home != "migrations"


def upward(module: str, imported: str) -> bool:
    """Whether an import inside one module goes from a home to one above it."""
    if module.split(".")[:2] != imported.split(".")[:2]:
        return False
    mine, theirs = names.home_of(module), names.home_of(imported)
    if not mine or not theirs or mine == theirs:
        return False
    here, there = names.rank(mine), names.rank(theirs)
    return here is not None and there is not None and there < here


def imports_of(path: Path) -> set[str]:
    """Dotted names that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.startswith("vertebra.")}


def test_no_file_and_no_function_is_too_long() -> None:
    found = [
        fault
        for path in files(".py", ".html", ".css", ".js")
        for fault in too_long(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())
    ]
    assert found == []


def test_every_name_inside_a_module_is_a_home() -> None:
    assert [module_name(p) for p in product_files() if stray(module_name(p))] == []


def test_inside_a_module_imports_go_down() -> None:
    found = [
        f"{module_name(path)} imports {imported}"
        for path in product_files()
        for imported in sorted(imports_of(path))
        if upward(module_name(path), imported)
    ]
    assert found == []


def test_packages_are_those_of_the_architecture() -> None:
    known = {*names.ROOTS, "analysis", "connectors", "locale", "__pycache__"}
    assert {path.name for path in PACKAGE.iterdir() if path.is_dir()} <= known


def test_a_long_function_is_seen() -> None:
    text = "def long():\n" + "    pass\n" * 45
    assert too_long(text, "vertebra/org/actions.py") == ["vertebra/org/actions.py:1 long: 45 lines"]


def test_a_long_file_is_seen() -> None:
    assert too_long("\n" * 401, "vertebra/kit/kit.css") == ["vertebra/kit/kit.css: 401 lines"]


def test_a_stray_name_is_seen() -> None:
    assert stray("vertebra.org.services")
    assert not stray("vertebra.org.queries.units")


def test_an_import_upwards_is_seen() -> None:
    assert upward("vertebra.org.models.units", "vertebra.org.actions.units")
    assert not upward("vertebra.org.actions.units", "vertebra.org.models")
