"""Every audited change is a keyword-only verb that takes who and when, in one transaction, with one entry."""

import ast

import pytest

from tests.architecture.code import functions, product_files
from tests.architecture.names import SHARED_BY_ACTIONS


def faults(text: str, place: str) -> list[str]:
    """What is wrong with the public functions of a file of actions."""
    found = []
    tree = ast.parse(text)
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        keywords = {argument.arg for argument in node.args.kwonlyargs}
        if node.args.args or node.args.posonlyargs:
            found.append(f"{place}: {node.name} takes positional arguments")
        found += [
            f"{place}: {node.name} does not take {name}" for name in ("actor", "now") if name not in keywords
        ]
        if "transaction.atomic" not in ast.unparse(node):
            found.append(f"{place}: {node.name} is not one transaction")
        if not leaves_an_entry(node, tree):
            found.append(f"{place}: {node.name} leaves no audit entry")
    return found


def leaves_an_entry(node: ast.FunctionDef, tree: ast.Module) -> bool:
    """Whether the function records, itself or through a function of its file or another action."""
    own = {function.name: function for function in functions(tree)}
    seen: set[str] = set()
    waiting = [node]
    while waiting:
        for call in (n for n in ast.walk(waiting.pop()) if isinstance(n, ast.Call)):
            name = ast.unparse(call.func)
            if name.split(".")[-1] in {"record", "_record"} or any(k.arg == "actor" for k in call.keywords):
                return True
            if name in own and name not in seen:
                seen.add(name)
                waiting.append(own[name])
    return False


def action_files() -> list[tuple[str, str]]:
    return [
        (path.read_text(encoding="utf-8"), path.as_posix().partition("vertebra/")[2])
        for path in product_files()
        if path.stem == "actions"
        or (path.parent.name == "actions" and path.stem not in {"__init__", *SHARED_BY_ACTIONS})
    ]


@pytest.mark.parametrize(
    ("text", "place"), action_files(), ids=lambda value: value[:40] if "/" in value[:60] else ""
)
def test_actions_take_who_and_when_and_leave_an_entry(text: str, place: str) -> None:
    assert faults(text, place) == []


def test_an_action_without_actor_transaction_or_entry_is_seen() -> None:
    assert faults("def rename_unit(unit, name):\n    unit.save()\n", "org/actions.py") == [
        "org/actions.py: rename_unit takes positional arguments",
        "org/actions.py: rename_unit does not take actor",
        "org/actions.py: rename_unit does not take now",
        "org/actions.py: rename_unit is not one transaction",
        "org/actions.py: rename_unit leaves no audit entry",
    ]
