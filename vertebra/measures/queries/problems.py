"""Problems of feeds as people read them: the place, what is wrong, what to do."""

from collections.abc import Iterable, Mapping
from typing import Any

from vertebra.connectors.faults import Fault
from vertebra.measures.labels import faults

_OURS = frozenset(str(fault) for fault in Fault)


def said(problem: Mapping[str, Any]) -> dict[str, Any]:
    """One problem, as the list of problems of a page takes it."""
    code, particulars = str(problem.get("code", "")), problem.get("particulars") or {}
    place = {name: problem.get(name) or "" for name in ("file", "line", "column")}
    if code in _OURS:
        return {**place, "what": faults.what(code, particulars), "remedy": faults.remedy(code, particulars)}
    from vertebra.kit.files import labels
    from vertebra.kit.files.problems import Code, Problem

    of_file = Problem(str(place["file"]), None, None, Code(code), particulars)
    return {**place, "what": labels.message(of_file), "remedy": labels.remedy(of_file)}


def all_said(problems: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """All problems, as the list of problems of a page takes them."""
    return [said(problem) for problem in problems]
