"""`vertebra import org`: the same import, at a terminal or for a program."""

import datetime as dt
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vertebra.accounts import demo_sign_in
from vertebra.connectors.recipe import BadRecipe, Extract, load_recipe, run, shipped_recipes
from vertebra.kit import clock, console
from vertebra.kit.refusal import Refusal
from vertebra.org.importing import preview, repeats
from vertebra.org.importing.actions import (
    AnotherImportRuns,
    HasErrors,
    NoLongerFits,
    TooMuchToClose,
    import_organisation,
)
from vertebra.org.importing.closing import needs_confirmation
from vertebra.org.importing.plan import Plan
from vertebra.org.importing.planning import plan_import
from vertebra.org.importing.words import EFFECT_WORDS, KIND_WORDS, Trouble, left_out_lines, of_problem
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
    on: str = "",
    confirm_closing: int | None = None,
    is_dry_run: bool = False,
    explain: bool = False,
    as_json: bool = False,
) -> int:
    """Import files by a recipe and say what was done; 0: done, 1: not possible now, 2: something to correct."""
    now = clock.now()
    day = _day(on, now)
    try:
        chosen = load_recipe(recipe)
    except BadRecipe as error:
        return _say_troubles([of_problem(problem) for problem in error.problems], as_json)
    name = source.strip()[:100] or chosen.name
    mark = "" if explain else repeats.fingerprint(chosen, sources, is_full=is_full)
    if done := repeats.already_done(mark, name, day):
        return _say(done, Extract(), is_dry_run=is_dry_run, as_json=as_json)
    warning = demo_sign_in.warning_of_closing()
    extract = run(chosen, sources, explain=explain)
    try:
        plan = _carry_out(extract, recipe, name, day, now, is_full, confirm_closing, is_dry_run, mark)
    except HasErrors as error:
        is_shipped = recipe in shipped_recipes()
        troubles = [replace(one, has_own_recipe=not is_shipped) for one in error.plan.troubles]
        return _say_troubles(troubles, as_json)
    except TooMuchToClose as error:
        again = f"--confirm-closing {error.closing}"
        if as_json:
            facts = {
                "error": str(error),
                "closing": error.closing,
                "open_rows": error.open_rows,
                "remedy": again,
            }
            console.answer(facts, "")
            return 1
        raise Refusal(str(error), _("Run it again with %(option)s.") % {"option": again}, 1) from error
    except (AnotherImportRuns, NoLongerFits) as error:
        raise Refusal(str(error), "", 1) from error
    return _say(plan, extract, is_dry_run=is_dry_run, as_json=as_json, warning=warning)


def _day(on: str, now: dt.datetime) -> dt.date:
    if not on:
        return clock.today(now)
    try:
        return dt.date.fromisoformat(on)
    except ValueError as error:
        raise Refusal(_("“%(day)s” is not a day.") % {"day": on}, _("Write it as 2026-11-02."), 2) from error


def _carry_out(
    extract: Extract,
    recipe: str,
    name: str,
    day: dt.date,
    now: dt.datetime,
    is_full: bool,
    confirm_closing: int | None,
    is_dry_run: bool,
    mark: str,
) -> Plan:
    if is_dry_run or extract.is_blocked:
        plan = plan_import(
            extract.records, source=name, on=day, now=now, is_full=is_full, problems=extract.problems
        )
        if plan.is_blocked:
            raise HasErrors(plan)
        return plan
    outcome = import_organisation(
        actor=None,
        records=extract.records,
        source=name,
        on=day,
        now=now,
        is_full=is_full,
        confirmed_closing=confirm_closing,
        problems=extract.problems,
        remember=lambda plan: repeats.to_remember(plan, mark),
        run=ImportRun(
            target="org", recipe=recipe, files=[{"name": file} for file in extract.files[:100]], made_at=now
        ),
    )
    return outcome.plan


# Telling


def _say_troubles(troubles: list[Trouble], as_json: bool) -> int:
    if as_json:
        console.answer(
            {"error": _("Nothing was changed."), "problems": [one.as_json() for one in troubles]}, ""
        )
        return 2
    blocking = [one for one in troubles if one.is_blocking]
    for one in blocking[:200]:
        console.say(_line(one))
    count = len(blocking)
    text = ngettext(
        "%(count)d thing to correct: nothing was changed.",
        "%(count)d things to correct: nothing was changed.",
        count,
    )
    console.say(text % {"count": count})
    return 2


def _say(plan: Plan, extract: Extract, *, is_dry_run: bool, as_json: bool, warning: str = "") -> int:
    told = {"warning": warning} if warning and plan.writes else {}
    if as_json:
        console.answer({**_facts(plan, extract, is_dry_run=is_dry_run), **told}, "")
    else:
        _show(plan, extract, is_dry_run=is_dry_run)
        for text in told.values():
            console.say(text)
    return 0


def _line(one: Trouble) -> str:
    place = (
        one.file
        + (f":{one.line}" if one.line else "")
        + (f", {one.shown_column}" if one.shown_column else "")
    )
    return f"{place}: {one.what} {one.remedy}"


def _facts(plan: Plan, extract: Extract, *, is_dry_run: bool) -> dict[str, Any]:
    summary = plan.summary()
    facts: dict[str, Any] = {
        "source": plan.source,
        "on": plan.on.isoformat(),
        "is_dry_run": is_dry_run,
        "closing_needs_confirmation": needs_confirmation(plan),
        "closing": plan.closing,
    }
    for effect in EFFECTS:
        facts[effect] = {kind: counts[effect] for kind, counts in summary.items()}
    facts["unknown"] = [
        {
            "kind": one.kind,
            "text": one.text,
            "field": one.field,
            "of": one.of_kind,
            "count": one.count,
            "candidates": one.candidates,
            "is_left_out": one.is_left_out,
            "file": one.origin.file,
            "line": one.origin.line,
        }
        for one in plan.unknowns
    ]
    facts["left_out"] = dict(plan.left_out)
    facts["problems"] = [one.as_json() for one in plan.troubles]
    if is_dry_run:
        facts["changes"] = list(preview.lines(plan))
    if extract.explanation:
        facts["explanation"] = [
            {name: getattr(one, name) for name in one.__dataclass_fields__} for one in extract.explanation
        ]
    return facts


def _show(plan: Plan, extract: Extract, *, is_dry_run: bool) -> None:
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
    if is_dry_run:
        _show_changes(plan, out)
    for sentence in left_out_lines(plan.left_out):
        out.print(sentence)
    _show_unknowns(plan, out)
    for one in plan.troubles[:SHOWN]:
        out.print(_line(one))
    for told in extract.explanation[:1000]:
        steps = " → ".join(told.functions)
        place = f"{told.file}:{told.line or ''} {told.place}"
        out.print(
            f"{told.kind} {told.external_id}: {told.field} = {told.value}   [{place}] {steps}", soft_wrap=True
        )
    if not plan.writes:
        out.print(_("Nothing to change: everything is already as the files say."))


def _show_changes(plan: Plan, out: Any) -> None:
    for change in _first(plan.changes):
        told = preview.line(plan, change)
        fields = "; ".join(
            f"{one['label']}: {one['before'] or '–'} → {one['after'] or '–'}" for one in told["fields"]
        )
        effect = EFFECT_WORDS[change.effect]
        out.print(f"{effect}  {KIND_WORDS[change.kind]}  {told['name']}  {fields}", soft_wrap=True)
    _more(len(plan.changes), out)


def _show_unknowns(plan: Plan, out: Any) -> None:
    if not plan.unknowns:
        return
    out.print(_("Mentioned, but nobody here bears that name:"))
    for one in _first(plan.unknowns):
        place = f"{one.origin.file}:{one.origin.line or ''}"
        out.print(f"  {one.text}  ×{one.count}  ({one.of_kind}.{one.field}, {place})", soft_wrap=True)
    _more(len(plan.unknowns), out)


def _first(things: list[Any]) -> Iterable[Any]:
    return things[:SHOWN]


def _more(count: int, out: Any) -> None:
    if count > SHOWN:
        out.print(_("… and %(count)d more (--json gives them all).") % {"count": count - SHOWN})
