"""`vertebra import …`: what other tools know, at a terminal, one command for each module that takes it."""

from pathlib import Path
from typing import Annotated

import typer

from vertebra.kit import console

importing = typer.Typer(help="Bring in what other tools know.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def _ready() -> None:
    """Refuse to touch a database that is not up to date; make a new one ready."""
    from vertebra.kit import database

    database.prepare()


@importing.command("org")
def import_org(
    sources: Annotated[list[Path], typer.Argument(metavar="SOURCE…", help="Files or folders.")],
    recipe: Annotated[
        str, typer.Option(metavar="NAME_OR_FILE", help="A shipped recipe, or a file.")
    ] = "csv-kit",
    source: Annotated[str, typer.Option(metavar="NAME", help="Name of the source.")] = "",
    full: Annotated[bool, typer.Option("--full", help="Close what the source no longer holds.")] = False,
    on: Annotated[str, typer.Option(metavar="DATE", help="Day of the change (default: today).")] = "",
    confirm_closing: Annotated[
        int | None, typer.Option(metavar="N", help="Exact number of rows to close.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show where each value comes from.")] = False,
    as_json: Json = False,
) -> None:
    """Import units, people, memberships, mandates, areas and markets by a recipe."""
    console.start()
    from vertebra.org.importing.commands import run_command

    _ready()
    code = run_command(
        sources=sources,
        recipe=recipe,
        source=source,
        is_full=full,
        on=on,
        confirm_closing=confirm_closing,
        is_dry_run=dry_run,
        explain=explain,
        as_json=as_json,
    )
    if code:
        raise typer.Exit(code)


@importing.command("roadmap")
def import_roadmap(
    sources: Annotated[list[Path], typer.Argument(metavar="SOURCE…", help="Files or folders.")],
    recipe: Annotated[
        str, typer.Option(metavar="NAME_OR_FILE", help="A shipped recipe, or a file.")
    ] = "roadmap-table",
    source: Annotated[str, typer.Option(metavar="NAME", help="Name of the source.")] = "",
    full: Annotated[bool, typer.Option("--full", help="Archive what the source no longer holds.")] = False,
    confirm_closing: Annotated[
        int | None, typer.Option(metavar="N", help="Exact number of initiatives to archive.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change.")] = False,
    as_json: Json = False,
) -> None:
    """Import initiatives, their history and the days of releases by a recipe."""
    console.start()
    from vertebra.roadmap.importing.commands import run_command

    _ready()
    code = run_command(
        sources=sources,
        recipe=recipe,
        source=source,
        is_full=full,
        confirm_closing=confirm_closing,
        is_dry_run=dry_run,
        as_json=as_json,
    )
    if code:
        raise typer.Exit(code)


@importing.command("releases")
def import_releases(
    sources: Annotated[list[Path], typer.Argument(metavar="SOURCE…", help="Files or folders.")],
    source: Annotated[str, typer.Option(metavar="NAME", help="Name of the source.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change.")] = False,
    as_json: Json = False,
) -> None:
    """Import releases from changelogs and release notes (Markdown, text, JSON)."""
    console.start()
    from vertebra.releases.importing.commands import run_command

    _ready()
    code = run_command(sources=sources, source=source, is_dry_run=dry_run)
    if code:
        raise typer.Exit(code)


@importing.command("incidents")
def import_incidents(
    sources: Annotated[list[Path], typer.Argument(metavar="SOURCE…", help="Files or folders.")],
    source: Annotated[str, typer.Option(metavar="NAME", help="Name of the source.")] = "status-page",
    as_json: Json = False,
) -> None:
    """Import incidents of a status page (cState Markdown), a table or JSON."""
    console.start()
    from vertebra.evidence.importing.incidents import run_command

    _ready()
    code = run_command(sources=sources, source=source)
    if code:
        raise typer.Exit(code)


@importing.command("trail")
def import_trail(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="Files, plain or packed (.gz, .xz, .zst).")
    ],
    form: Annotated[str, typer.Option("--format", metavar="FORM", help="jira, events or xes.")] = "",
    mapping: Annotated[
        Path | None,
        typer.Option("--map", metavar="FILE", help="Which column or field is what (TOML, YAML, JSON)."),
    ] = None,
    source: Annotated[str, typer.Option(metavar="NAME", help="Name of the source.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change.")] = False,
    as_json: Json = False,
) -> None:
    """Import work items with their history: Jira (JSON, CSV), event logs (CSV, XES)."""
    console.start()
    from vertebra.evidence.importing.trail_command import run_command

    _ready()
    code = run_command(files=files, form=form, mapping=mapping, source=source, is_dry_run=dry_run)
    if code:
        raise typer.Exit(code)
