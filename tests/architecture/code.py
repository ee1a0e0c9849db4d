"""Reading the product's own source, for the guards."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "vertebra"


def files(*suffixes: str) -> Iterator[Path]:
    """Files of the product, the tests, the benchmarks and the tools, without what is vendored or generated."""
    for folder in ("vertebra", "tests", "benchmarks", "tools"):
        for path in sorted((ROOT / folder).rglob("*")):
            place = path.relative_to(ROOT).as_posix()
            if path.suffix in suffixes and "/vendor/" not in place and "/migrations/" not in place:
                yield path


def product_files() -> Iterator[Path]:
    """Python files of the product."""
    return (path for path in files(".py") if path.is_relative_to(PACKAGE))


def module_name(path: Path) -> str:
    """The dotted name of a file of the product."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    """Every function of a file, methods and inner ones included."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
