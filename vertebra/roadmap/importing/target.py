"""The roadmap as something that files can be imported into, for the pages that all modules share."""

import datetime as dt
from collections import Counter
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vertebra.accounts import search
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditRow, Link, User
from vertebra.connectors.recipe import BadRecipe, Extract, Recipe, load_recipe, run, shipped_recipes
from vertebra.connectors.recipe.inputs import find_files, is_complete
from vertebra.connectors.recipe.load import is_meant_as_recipe
from vertebra.kit import clock
from vertebra.kit.files.limits import DEFAULT
from vertebra.kit.files.problems import Code, Problem
from vertebra.kit.files.suffixes import TABLE_SUFFIXES
from vertebra.org.importing.words import of_problem
from vertebra.roadmap.importing import actions, preview
from vertebra.roadmap.importing.planning import plan_import
from vertebra.roadmap.importing.tables import KIND, KIT, recipe_for, table_kinds
from vertebra.roadmap.importing.words import KIND_WORDS, RECIPE_WORDS, left_out_lines
from vertebra.roadmap.models import Initiative
from vertebra.sources.models import ImportRun, Source
from vertebra.sources.target import HasToBeConfirmed, Preview, Target, Unfit, Way, refuse_unless_as_shown

CODE = "roadmap"


def ways(files: list[Path]) -> list[Way]:
    """How these files could be read: as a table of initiatives, by a shipped recipe, by a recipe among them."""
    found = []
    if len(files) == 1 and files[0].suffix.lower() in TABLE_SUFFIXES:
        found.append(Way(f"table:{KIND}", _("A table of %(kind)s") % {"kind": KIND_WORDS[KIND]}))
    for name in shipped_recipes(CODE):
        found.append(Way(f"recipe:{name}", str(RECIPE_WORDS[name])))
    for path in files:
        is_data = path.suffix.lower() not in (".yaml", ".yml", ".json", ".toml")
        if len(files) > 1 and not is_data and is_meant_as_recipe(path):
            found.append(Way(f"file:{path.name}", _("By your recipe: %(title)s") % {"title": path.name}))
    return found


def guess(files: list[Path]) -> str:
    """The way that fits best: a recipe that comes along, a table, the shipped recipe that knows most of the files."""
    offered = [way.code for way in ways(files)]
    if own := [code for code in offered if code.startswith(("file:", "table:"))]:
        return own[-1] if own[-1].startswith("file:") else own[0]
    fitting = Counter({name: _fit(name, files) for name in shipped_recipes(CODE)})
    [(name, count)] = fitting.most_common(1)
    return f"recipe:{name}" if count else ""


def _fit(name: str, files: list[Path]) -> int:
    recipe, problems = load_recipe(name), list[Problem]()
    found = find_files(recipe, files, DEFAULT, problems)
    return sum(len(of_input) for of_input in found.values()) if is_complete(problems) else 0


def recipe_of(import_run: ImportRun, files: list[Path]) -> tuple[Recipe, list[Path]]:
    """The recipe that was chosen, and the files that it reads."""
    kind, _colon, name = import_run.recipe.partition(":")
    if kind == "table":
        return recipe_for(import_run.mapping.get("columns", {})), files
    if kind == "file":
        own = [path for path in files if path.name == name]
        if not own:
            raise BadRecipe([Problem(name, None, None, Code.FILE_MISSING)])
        return load_recipe(own[0]), [path for path in files if path not in own]
    return load_recipe(name or import_run.recipe or KIT), files


def look(import_run: ImportRun, files: list[Path], now: dt.datetime) -> Preview:
    """What the files would do to the roadmap."""
    try:
        extract = _read(import_run, files)
    except BadRecipe as error:
        problems = [of_problem(one).as_json() for one in error.problems]
        return Preview({}, [], problems=problems, is_blocked=True)
    plan = plan_import(
        extract.records,
        source=import_run.source.name,
        now=now,
        is_full=bool(import_run.options.get("is_full")),
        problems=extract.problems,
    )
    headings = import_run.mapping.get("columns", {}) if import_run.recipe.startswith("table:") else {}
    return Preview(
        counts=plan.summary(),
        changes=preview.lines(plan, clock.today(now)),
        unknowns=plan.unknowns,
        problems=[one.as_json(headings) for one in plan.troubles],
        is_blocked=plan.is_blocked,
        closing=len(plan.gone),
        open_rows=plan.open_rows,
        must_confirm=plan.must_confirm,
        left_out=plan.left_out,
    )


def _read(import_run: ImportRun, files: list[Path]) -> Extract:
    recipe, chosen = recipe_of(import_run, files)
    return run(recipe, chosen)


def carry_out(actor: User, import_run: ImportRun, files: list[Path], now: dt.datetime) -> None:
    """Do to the roadmap what the preview showed."""
    try:
        extract = _read(import_run, files)
        actions.import_roadmap(
            actor=actor,
            records=extract.records,
            source=import_run.source.name,
            now=now,
            is_full=bool(import_run.options.get("is_full")),
            confirmed_closing=import_run.options.get("confirmed_closing"),
            problems=extract.problems,
            run=import_run,
            check=lambda plan: refuse_unless_as_shown(import_run, plan.summary()),
        )
    except actions.TooMuchToArchive as error:
        raise HasToBeConfirmed(error.closing, str(error)) from error
    except actions.HasErrors as error:
        raise Unfit(str(error)) from error
    except BadRecipe as error:
        raise Unfit(_("The files can no longer be read: upload them again.")) from error


def brought(source: Source) -> dict[str, int]:
    """How many initiatives the source brought."""
    count = Initiative.objects.filter(source=source).count()
    return {"initiative": count} if count else {}


def erase(actor: User, source: Source, now: dt.datetime) -> None:
    """Remove the initiatives that the source brought, with what the audit kept of them; the caller audits it."""
    ids = list(Initiative.objects.filter(source=source).values_list("pk", flat=True))
    search.unindex(Kind.INITIATIVE, ids)
    for start in range(0, len(ids), actions.BATCH):
        some = ids[start : start + actions.BATCH]
        AuditRow.objects.filter(model="roadmap.initiative", row_id__in=some).delete()
        for end in ("from", "to"):
            Link.objects.filter(**{f"{end}_kind": Kind.INITIATIVE, f"{end}_id__in": some}).delete()
        Initiative.objects.filter(pk__in=some).delete()


def _enqueue(name: str, run_id: int) -> None:
    from vertebra.roadmap.importing import jobs

    getattr(jobs, name).enqueue(run_id)


ROADMAP = Target(
    code=CODE,
    label=gettext_lazy("Roadmap"),
    kinds=KIND_WORDS,
    tables=table_kinds,
    ways=ways,
    guess=guess,
    preview=look,
    apply=carry_out,
    enqueue_preview=lambda run_id: _enqueue("look_at_roadmap", run_id),
    enqueue_apply=lambda run_id: _enqueue("apply_roadmap", run_id),
    brought=brought,
    erase=erase,
    left_out_lines=left_out_lines,
)
TARGETS = {ROADMAP.code: ROADMAP}
