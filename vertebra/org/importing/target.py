"""The organisation as something that files can be imported into, for the pages that all modules share."""

import datetime as dt
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vertebra.accounts.models import User
from vertebra.connectors.recipe import BadRecipe, Extract, Recipe, load_recipe, run, shipped_recipes
from vertebra.connectors.recipe.inputs import find_files, is_complete
from vertebra.connectors.recipe.load import is_meant_as_recipe
from vertebra.kit.files.limits import DEFAULT
from vertebra.kit.files.problems import Code, Problem, Refused
from vertebra.kit.files.suffixes import TABLE_SUFFIXES
from vertebra.kit.files.tables import read_table
from vertebra.kit.files.values import header_name
from vertebra.kit.memory import many_objects
from vertebra.org.importing import actions, erasing, preview
from vertebra.org.importing.closing import needs_confirmation
from vertebra.org.importing.planning import plan_import
from vertebra.org.importing.tables import KIT, recipe_for, table_kinds
from vertebra.org.importing.words import KIND_WORDS, RECIPE_WORDS, left_out_lines, of_problem
from vertebra.sources.models import ImportRun
from vertebra.sources.target import HasToBeConfirmed, Preview, Target, Unfit, Way, refuse_unless_as_shown

CODE = "org"


class Misread(Exception):
    """The files cannot be read the way that was chosen; holds what is wrong."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__()
        self.problems = problems


def ways(files: list[Path]) -> list[Way]:
    """How these files could be read: as a plain table, by a shipped recipe, by a recipe among them."""
    found = []
    if len(files) == 1 and files[0].suffix.lower() in TABLE_SUFFIXES:
        found += [
            Way(f"table:{kind.code}", _("A table of %(kind)s") % {"kind": kind.label})
            for kind in table_kinds()
        ]
    for name in shipped_recipes():
        recipe = load_recipe(name)
        found.append(Way(f"recipe:{name}", str(RECIPE_WORDS.get(name, recipe.title))))
    for path in files:
        if len(files) > 1 and path.suffix.lower() in (".yaml", ".yml", ".json", ".toml"):
            try:
                title = load_recipe(path).title
            except BadRecipe:
                # One with faults is taken as well: what is wrong with it is told where faults are told.
                if not is_meant_as_recipe(path):
                    continue
                title = path.name
            found.append(Way(f"file:{path.name}", _("By your recipe: %(title)s") % {"title": title}))
    return found


def guess(files: list[Path]) -> str:
    """The way that fits best: a recipe that comes along, one that knows the file names, the table with the most known headings."""
    offered = [way.code for way in ways(files)]
    if own := [code for code in offered if code.startswith("file:")]:
        return own[0]
    fitting = Counter({name: _fit(name, files) for name in shipped_recipes()})
    for name, count in fitting.most_common(1):
        # A single table of the kit is read the same way by its columns, which can then be corrected.
        if count and (len(files) > 1 or name != KIT):
            return f"recipe:{name}"
    if len(files) == 1 and (headings := _headings(files[0])):
        scores = Counter(
            {
                f"table:{kind.code}": sum(1 for field in kind.fields if headings & set(field.hints))
                for kind in table_kinds()
            }
        )
        return scores.most_common(1)[0][0]
    return ""


def _fit(name: str, files: list[Path]) -> int:
    """How well the recipe knows the files by name; not at all unless it has all that it needs."""
    recipe, problems = load_recipe(name), list[Problem]()
    if len(files) == 1:
        # Many recipes take any single file of a format: only a file of the very name speaks for one.
        patterns = [given.files for given in recipe.inputs.values()]
        names = {name for one in patterns for name in ([one] if isinstance(one, str) else one)}
        if files[0].name not in names:
            return 0
    found = find_files(recipe, files, DEFAULT, problems)
    return sum(100 + len(one) for one in found.values() if one) if is_complete(problems) else 0


def _headings(path: Path) -> set[str]:
    try:
        return {header_name(heading) for heading in read_table(path, path.name).header}
    except Refused:
        return set()


def recipe_of(import_run: ImportRun, files: list[Path]) -> tuple[Recipe, list[Path]]:
    """The recipe that was chosen, and the files that it reads."""
    kind, _colon, name = import_run.recipe.partition(":")
    if kind == "table":
        return recipe_for(name, import_run.mapping.get("columns", {})), files
    if kind == "file":
        own = [path for path in files if path.name == name]
        if not own:
            raise BadRecipe([Problem(name, None, None, Code.FILE_MISSING)])
        return load_recipe(own[0]), [path for path in files if path not in own]
    return load_recipe(import_run.recipe), files


def read(import_run: ImportRun, files: list[Path]) -> Extract:
    """What the files tell, read the way that was chosen; raises Misread when there is no such way."""
    try:
        recipe, chosen = recipe_of(import_run, files)
    except BadRecipe as error:
        raise Misread(error.problems) from error
    return run(recipe, chosen)


def _day(import_run: ImportRun) -> dt.date:
    return dt.date.fromisoformat(import_run.options["on"])


def look(import_run: ImportRun, files: list[Path], now: dt.datetime) -> Preview:
    """What the files would do to the organisation."""
    try:
        extract = read(import_run, files)
    except Misread as error:
        return Preview(
            {}, [], problems=[of_problem(one).as_json() for one in error.problems], is_blocked=True
        )
    with many_objects():
        plan = plan_import(
            extract.records,
            source=import_run.source.name,
            on=_day(import_run),
            now=now,
            is_full=bool(import_run.options.get("is_full")),
            problems=extract.problems,
        )
    headings = import_run.mapping.get("columns", {}) if import_run.recipe.startswith("table:") else {}
    has_own_recipe = import_run.recipe.startswith("file:")
    return Preview(
        counts=plan.summary(),
        changes=preview.lines(plan, with_private=True),
        unknowns=[_unknown(one) for one in plan.unknowns],
        problems=[replace(one, has_own_recipe=has_own_recipe).as_json(headings) for one in plan.troubles],
        is_blocked=plan.is_blocked,
        closing=plan.closing,
        open_rows=plan.open_rows,
        must_confirm=needs_confirmation(plan),
        left_out=plan.left_out,
    )


def _unknown(one: Any) -> dict[str, Any]:
    return {
        "text": one.text,
        "kind": one.kind,
        "of_kind": one.of_kind,
        "count": one.count,
        "candidates": one.candidates,
        "is_left_out": one.is_left_out,
        "file": one.origin.file,
        "line": one.origin.line,
    }


def carry_out(actor: User, import_run: ImportRun, files: list[Path], now: dt.datetime) -> None:
    """Do to the organisation what the preview showed."""
    try:
        extract = read(import_run, files)
        actions.import_organisation(
            actor=actor,
            records=extract.records,
            source=import_run.source.name,
            on=_day(import_run),
            now=now,
            is_full=bool(import_run.options.get("is_full")),
            confirmed_closing=import_run.options.get("confirmed_closing"),
            problems=extract.problems,
            run=import_run,
            check=lambda plan: refuse_unless_as_shown(import_run, plan.summary()),
        )
    except actions.TooMuchToClose as error:
        raise HasToBeConfirmed(error.closing, str(error)) from error
    except (actions.HasErrors, actions.AnotherImportRuns, actions.NoLongerFits) as error:
        raise Unfit(str(error)) from error
    except Misread as error:
        raise Unfit(_("The files can no longer be read: upload them again.")) from error


def _enqueue(name: str, run_id: int) -> None:
    from vertebra.org.importing import jobs

    getattr(jobs, name).enqueue(run_id)


ORGANISATION = Target(
    code=CODE,
    label=gettext_lazy("Organisation"),
    kinds=KIND_WORDS,  # type: ignore[arg-type]
    tables=table_kinds,
    ways=ways,
    guess=guess,
    preview=look,
    apply=carry_out,
    enqueue_preview=lambda run_id: _enqueue("look_at_import", run_id),
    enqueue_apply=lambda run_id: _enqueue("apply_import", run_id),
    brought=erasing.brought,
    erase=erasing.erase,
    left_out_lines=left_out_lines,
)
TARGETS = {ORGANISATION.code: ORGANISATION}
