"""`vertebra import roadmap`: the same import, at a terminal or for a program."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vertebra.connectors.recipe import BadRecipe, Extract, load_recipe, run, shipped_recipes
from vertebra.kit import clock, console
from vertebra.kit.refusal import Refusal
from vertebra.org.importing.words import EFFECT_WORDS, Trouble, of_problem
from vertebra.roadmap.importing.actions import HasErrors, TooMuchToArchive, import_roadmap
from vertebra.roadmap.importing.plan import Plan
from vertebra.roadmap.importing.planning import plan_import
from vertebra.roadmap.importing.words import KIND_WORDS, left_out_lines
from vertebra.sources.models import ImportRun
from vertebra.sources.target import EFFECTS

# A terminal shows this many of what there may be thousands of; `--json` gives all.
SHOWN = 20


def run_command(
    *,
    sources: list[Path],
    recipe: str,
    source: str = "",
    is_full: bool = False,
    confirm_closing: int | None = None,
    is_dry_run: bool = False,
    as_json: bool = False,
) -> int:
    """Import a roadmap by a recipe and say what was done; 0: done, 1: not possible now, 2: something to correct."""
    try:
        chosen = load_recipe(recipe)
    except BadRecipe as error:
        return _say_troubles([of_problem(problem) for problem in error.problems], as_json)
    name = source.strip()[:100] or chosen.name
    extract = run(chosen, sources)
    try:
        plan = _carry_out(extract, recipe, name, is_full, confirm_closing, is_dry_run)
    except HasErrors as error:
        is_shipped = recipe in shipped_recipes("roadmap")
        return _say_troubles(
            [replace(one, has_own_recipe=not is_shipped) for one in error.plan.troubles], as_json
        )
    except TooMuchToArchive as error:
        again = f"--confirm-closing {error.closing}"
        raise Refusal(str(error), _("Run it again with %(option)s.") % {"option": again}, 1) from error
    facts: dict[str, Any] = {"source": name, "is_dry_run": is_dry_run, "left_out": dict(plan.left_out)}
    for effect in EFFECTS:
        facts[effect] = {kind: counts[effect] for kind, counts in plan.summary().items()}
    facts["unknown"] = plan.unknowns
    facts["problems"] = [one.as_json() for one in plan.troubles]
    if as_json:
        console.answer(facts, "")
    else:
        _show(plan, is_dry_run)
    return 0


def _carry_out(
    extract: Extract, recipe: str, name: str, is_full: bool, confirm_closing: int | None, is_dry_run: bool
) -> Plan:
    now = clock.now()
    if is_dry_run or extract.is_blocked:
        plan = plan_import(extract.records, source=name, now=now, is_full=is_full, problems=extract.problems)
        if plan.is_blocked:
            raise HasErrors(plan)
        return plan
    files = [{"name": file} for file in extract.files[:100]]
    return import_roadmap(
        actor=None,
        records=extract.records,
        source=name,
        now=now,
        is_full=is_full,
        confirmed_closing=confirm_closing,
        problems=extract.problems,
        run=ImportRun(target="roadmap", recipe=recipe, files=files, made_at=now),
    ).plan


def _say_troubles(troubles: list[Trouble], as_json: bool) -> int:
    if as_json:
        told = {"error": _("Nothing was changed."), "problems": [one.as_json() for one in troubles]}
        console.answer(told, "")
        return 2
    blocking = [one for one in troubles if one.is_blocking]
    for one in blocking[:200]:
        console.say(_line(one))
    text = ngettext(
        "%(count)d thing to correct: nothing was changed.",
        "%(count)d things to correct: nothing was changed.",
        len(blocking),
    )
    console.say(text % {"count": len(blocking)})
    return 2


def _line(one: Trouble) -> str:
    line = f":{one.line}" if one.line else ""
    column = f", {one.shown_column}" if one.shown_column else ""
    return f"{one.file}{line}{column}: {one.what} {one.remedy}"


def _show(plan: Plan, is_dry_run: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    out = Console(file=sys.stdout, highlight=False, markup=False)
    table = Table(title=_("What would change") if is_dry_run else _("What changed"), title_justify="left")
    table.add_column("")
    for effect in EFFECTS:
        table.add_column(str(EFFECT_WORDS[effect]), justify="right")
    for kind, counts in plan.summary().items():
        table.add_row(str(KIND_WORDS.get(kind, kind)), *(str(counts[effect]) for effect in EFFECTS))
    out.print(table)
    for sentence in left_out_lines(plan.left_out):
        out.print(sentence)
    if plan.unknowns:
        out.print(_("Mentioned, but nobody here bears that name:"))
        for one in plan.unknowns[:SHOWN]:
            out.print(
                f"  {one['text']}  ×{one['count']}  ({one['file']}:{one['line'] or ''})", soft_wrap=True
            )
    for trouble in plan.troubles[:SHOWN]:
        out.print(_line(trouble))
    if not plan.writes:
        out.print(_("Nothing to change: everything is already as the files say."))
