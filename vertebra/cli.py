"""The command line: `vertebra serve | demo | import | export | check | backup | restore | user | worker | migrate`."""

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from vertebra.kit import console
from vertebra.kit.depth import with_room
from vertebra.web.importing import importing

app = typer.Typer(
    name="vertebra",
    help="The self-hosted operating system of a product organisation.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
users = typer.Typer(help="Accounts, from the terminal.", no_args_is_help=True)
app.add_typer(importing, name="import")
app.add_typer(users, name="user")

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(envvar="PORT", min=1, max=65535, help="Port to listen on.")]
System = Annotated[str, typer.Argument(metavar="SOURCE", help="Name or number of a connected system.")]
Email = Annotated[str, typer.Argument(help="E-mail of the account.")]


@app.command()
def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Web processes.")] = 1,
    no_worker: Annotated[bool, typer.Option("--no-worker", help="Serve pages only.")] = False,
) -> None:
    """Bring the database up to date, then serve pages and run jobs until Ctrl-C."""
    os.environ["PORT"] = str(port)
    console.start()
    _serve(host, port, workers, has_worker=not no_worker)


@app.command()
def demo(
    profile: Annotated[str, typer.Option(help="small (60 people) or scale-up (1,800 people).")] = "scale-up",
    scale: Annotated[int, typer.Option(min=1, max=50, help="How many times the profile.")] = 1,
    until: Annotated[str, typer.Option(metavar="DATE", help="Last day of the past (YYYY-MM-DD).")] = "",
    then_serve: Annotated[bool, typer.Option("--serve", help="Serve it afterwards.")] = False,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    as_json: Json = False,
) -> None:
    """Fill an empty instance with a fictitious company of three years."""
    os.environ["PORT"] = str(port)
    console.start()
    from vertebra.demo.command import run_command, words
    from vertebra.kit import database, server
    from vertebra.web.terminal import is_in_use

    if then_serve:
        server.refuse_if_taken(host, port)
    database.prepare()
    if then_serve and is_in_use():
        _serve(host, port, 1, has_worker=True)
        return
    made = run_command(profile=profile, scale=scale, until=until, say=console.say)
    if made:
        console.answer(made.facts(), words(made))
    if then_serve:
        # A new process: what making a company loaded into memory is not needed to serve it.
        again = [sys.executable, "-m", "vertebra.cli", "serve", "--host", host, "--port", str(port)]
        os.execv(sys.executable, again)  # noqa: S606


def _serve(host: str, port: int, workers: int, *, has_worker: bool) -> None:
    from django.conf import settings

    from vertebra.kit import checks, database, server

    server.refuse_unless_writable(settings.DATA)
    server.refuse_if_taken(host, port)
    database.prepare()
    for warning in checks.before_serving(host):
        console.say(f"! {warning.msg} {warning.hint}")
    server.serve(
        host=host,
        port=port,
        workers=workers,
        run_worker=_run_worker if has_worker else None,
        ready=lambda: _greet(host, port),
    )


def _greet(host: str, port: int) -> None:
    from django.conf import settings
    from django.db import connections
    from django.utils.translation import gettext as _

    from vertebra.web.terminal import how_to_sign_in

    shown = host if host not in {"0.0.0.0", "::"} else "127.0.0.1"  # noqa: S104
    address = settings.PUBLIC_URL if settings.IS_SECURE else f"http://{shown}:{port}"
    console.say(
        _("Vertebra %(version)s is ready: %(address)s") % {"version": settings.VERSION, "address": address}
    )
    for line in how_to_sign_in(address):
        console.say(line)
    console.say(_("Press Ctrl-C to stop."))
    connections.close_all()


def _run_worker(*, until_empty: bool = False) -> None:
    from vertebra.kit.jobs.worker import Worker
    from vertebra.schedule import SCHEDULE

    Worker(SCHEDULE, until_empty=until_empty).run()


@app.command()
def worker(
    once: Annotated[bool, typer.Option("--once", help="Stop when nothing is due.")] = False,
    beside: Annotated[bool, typer.Option("--beside", hidden=True, help="End with the server.")] = False,
) -> None:
    """Run jobs until told to stop (as many workers as you like, on PostgreSQL on any machine)."""
    console.start()
    from vertebra.kit import database, processes

    if beside:  # the server has brought the database up to date
        processes.die_with_parent()
    else:
        database.prepare()
    _run_worker(until_empty=once)


@app.command()
def migrate(as_json: Json = False) -> None:
    """Bring the database up to date."""
    console.start()
    from django.utils.translation import ngettext

    from vertebra.kit import database

    missing = database.unapplied()
    database.prepare()
    words = ngettext(
        "The database is up to date (%(count)d change applied).",
        "The database is up to date (%(count)d changes applied).",
        len(missing),
    )
    console.answer({"applied": missing}, words % {"count": len(missing)})


@app.command()
def sync(source: System, as_json: Json = False) -> None:
    """Read a connected system now: what it gives becomes releases and work items."""
    console.start()
    from vertebra.sources.commands import run_sync
    from vertebra.web.targets import TARGETS

    _ready()
    code, facts, words = run_sync(source=source, targets=dict(TARGETS))
    console.answer(facts, words)
    raise typer.Exit(code)


@app.command()
def export(
    destination: Annotated[Path, typer.Argument(help="A new folder, or a new .zip file.")],
    as_json: Json = False,
) -> None:
    """Write everything the organisation owns as CSV and JSON, without secrets or private answers."""
    console.start()
    from django.utils.translation import gettext as _

    from vertebra.web.open_export import export_to

    _ready()
    done = export_to(destination)
    words = _("%(rows)d rows of %(tables)d tables written to %(place)s.")
    told = {"rows": done.rows, "tables": len(done.tables), "place": destination}
    console.answer(done.facts(), words % told)


@app.command()
def check(as_json: Json = False) -> None:
    """Look for what is wrong with this instance, and say what to do about it."""
    console.start()
    from django.utils.translation import gettext as _

    from vertebra.kit import checks

    found = checks.everything()
    facts = {"problems": [checks.facts_of(problem) for problem in found]}
    words = "\n".join(checks.words_of(problem) for problem in found) or _("Nothing to say: all is well.")
    console.answer(facts, words)
    if any(problem.is_serious() for problem in found):
        raise typer.Exit(1)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The archive to write (.tar).")], as_json: Json = False
) -> None:
    """Write one archive with everything but the secret key, while Vertebra runs or not."""
    console.start()
    from django.utils.translation import gettext as _

    from vertebra.kit import backup as archive

    _ready()
    done = archive.write(file)
    words = _("%(rows)d rows and %(files)d files in %(file)s (%(size)d KiB).")
    told = {"rows": done.rows, "files": done.files, "file": file, "size": done.bytes // 1024}
    console.answer(done.facts(), words % told)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="An archive made by `vertebra backup`.")], as_json: Json = False
) -> None:
    """Put an archive back, into an empty instance only."""
    console.start()
    from django.utils.translation import gettext as _

    from vertebra.kit import backup as archive
    from vertebra.kit import database, restoring

    database.prepare()
    done: archive.Done = restoring.read(file, may_go=("accounts.onetimelink",))
    words = _("%(rows)d rows and %(files)d files restored from %(file)s.")
    console.answer(done.facts(), words % {"rows": done.rows, "files": done.files, "file": file})


@app.command()
def messages(
    send: Annotated[bool, typer.Option("--send", help="Send now what is due.")] = False, as_json: Json = False
) -> None:
    """Say how many messages wait, went, or failed."""
    console.start()
    from vertebra.accounts import outbox
    from vertebra.accounts.labels import DeliveryState
    from vertebra.kit import clock

    _ready()
    if send:
        outbox.deliver(clock.machine())
    counted = outbox.count_by_state()
    lines = (f"{count:8} {DeliveryState(state).label}" for state, count in counted.items())
    console.answer(counted, "\n".join(lines))


@app.command("returned-mail")
def returned_mail(as_json: Json = False) -> None:
    """Read one mail that came to Vertebra's own address (on the standard input) and note if it says that one came back."""
    console.start()
    from vertebra.accounts import outbox
    from vertebra.kit import clock

    _ready()
    found = outbox.take_returned(sys.stdin.buffer.read(), clock.machine())
    console.answer({"returned": found.value}, found.value)


@users.command("owner-link")
def owner_link(as_json: Json = False) -> None:
    """Print a new one-time link for the first administrator."""
    _account("owner_link")


@users.command("list")
def list_users(as_json: Json = False) -> None:
    """List the accounts."""
    _account("list_users")


@users.command()
def role(
    email: Email,
    role: Annotated[str, typer.Argument(help="reader, contributor, product_ops or administrator.")],
    as_json: Json = False,
) -> None:
    """Give an account another role."""
    _account("set_role", email=email, role=role)


@users.command()
def deactivate(email: Email, as_json: Json = False) -> None:
    """Close an account: it can no longer sign in."""
    _account("deactivate", email=email)


@users.command("reset-link")
def reset_link(email: Email, as_json: Json = False) -> None:
    """Print a link by which somebody chooses a new password."""
    _account("reset_link", email=email)


def _account(command: str, **given: Any) -> None:
    console.start()
    from vertebra.web import terminal

    _ready()
    facts, words = getattr(terminal, command)(**given)
    console.answer(facts, words)


def _ready() -> None:
    """Refuse to touch a database that is not up to date; make a new one ready."""
    from vertebra.kit import database

    database.prepare()


@with_room
def main() -> None:
    """The entry of the `vertebra` command."""
    console.run(app)


if __name__ == "__main__":
    sys.argv[0] = "vertebra"
    main()
