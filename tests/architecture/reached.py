"""What running a function loads, read from the source: the functions and classes it names, and what these import.

What is found by name only when it runs (a table of readers, a method of whatever is handed over) is not followed.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tests.architecture.code import module_name, product_files

Definition = ast.FunctionDef | ast.ClassDef
_HOPS = 5


@dataclass
class Module:
    """One file: what its names stand for, what it defines, what importing it imports."""

    name: str
    tree: ast.Module
    definitions: dict[str, Definition] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.definitions = {
            node.name: node for node in self.tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)
        }

    @cached_property
    def imported(self) -> dict[str, str]:
        """What the names stand for that are imported at once."""
        return dict(_imports(_run_at_once(self.tree.body)))


def _run_at_once(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run when a file is imported; what is only for types does not."""
    for node in body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        yield node
        for part in ("body", "orelse", "finalbody"):
            if not isinstance(node, ast.FunctionDef):
                yield from _run_at_once(getattr(node, part, []))


def _imports(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, str]]:
    """Names with the dotted name that each stands for."""
    for node in nodes:
        if isinstance(node, ast.Import):
            for one in node.names:
                yield one.asname or one.name, one.name
        elif isinstance(node, ast.ImportFrom) and node.module:
            for one in node.names:
                yield one.asname or one.name, f"{node.module}.{one.name}"


class Code:
    """The product, to be asked what running one of its functions loads."""

    def __init__(self, modules: Mapping[str, ast.Module]) -> None:
        self.modules = {name: Module(name, tree) for name, tree in modules.items()}
        self._known: dict[str, frozenset[str]] = {}

    @classmethod
    def of_product(cls) -> "Code":
        """The product as it stands."""
        return cls({module_name(path): _read(path) for path in product_files()})

    def jobs(self) -> Iterator[tuple[str, str, bool]]:
        """Module and name of every job, and whether it runs apart."""
        for module in self.modules.values():
            for name, node in module.definitions.items():
                if declared := _declared(node):
                    apart = [word.value for word in declared.keywords if word.arg == "apart"]
                    yield (
                        module.name,
                        name,
                        any(isinstance(one, ast.Constant) and one.value is True for one in apart),
                    )

    def loads(self, module: str, name: str) -> dict[str, str]:
        """The libraries that running a function loads, each with where."""
        found = dict.fromkeys(self._with_all_it_imports(module), module)
        seen, waiting = set[tuple[str, str]](), [(module, name)]
        while waiting:
            at = waiting.pop()
            if at in seen:
                continue
            seen.add(at)
            here, node = self.modules[at[0]], self.modules[at[0]].definitions[at[1]]
            inside = dict(_imports(ast.walk(node)))
            for target in inside.values():
                for library in self._with_all_it_imports(target):
                    found.setdefault(library, ".".join(at))
            for named in _names(node):
                meant = self._resolved({**here.imported, **inside}, here, named)
                if meant and not _declared(self.modules[meant[0]].definitions[meant[1]]):
                    waiting.append(meant)
        return found

    def _with_all_it_imports(self, target: str) -> frozenset[str]:
        """The libraries that importing something loads."""
        if target not in self._known:
            seen, waiting, libraries = set[str](), [target], set[str]()
            while waiting:
                one = waiting.pop()
                if one.partition(".")[0] != "vertebra":
                    libraries.add(one.partition(".")[0])
                    continue
                name = one if one in self.modules else one.rpartition(".")[0]
                if name in self.modules and name not in seen:
                    seen.add(name)
                    waiting += self.modules[name].imported.values()
            self._known[target] = frozenset(libraries)
        return self._known[target]

    def _resolved(self, names: Mapping[str, str], here: Module, named: str) -> tuple[str, str] | None:
        """The function or class of ours that a name, or a name of a module, stands for."""
        head, _dot, rest = named.partition(".")
        if head in here.definitions and head not in names:
            return here.name, head
        target = names.get(head, "")
        for _hop in range(_HOPS):
            if target in self.modules and rest:
                target, rest = f"{target}.{rest.partition('.')[0]}", ""
            module, _dot, last = target.rpartition(".")
            if module not in self.modules:
                return None
            if last in self.modules[module].definitions:
                return module, last
            target = self.modules[module].imported.get(last, "")
        return None


def _read(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _declared(node: Definition) -> ast.Call | None:
    """How a job is declared; nothing for what is none."""
    for one in node.decorator_list:
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "job":
            return one
    return None


def _names(node: ast.AST) -> set[str]:
    """The names that a piece of source uses, with the first name after the dot."""
    found = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name):
            found.add(f"{one.value.id}.{one.attr}")
        elif isinstance(one, ast.Name):
            found.add(one.id)
    return found
