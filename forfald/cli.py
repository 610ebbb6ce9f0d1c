"""`forfald`: the operator's and the newcomer's verbs."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from forfald import doctor as doctors
from forfald import follow as following
from forfald.house import SERVICES, builder, surroundings_of
from forfald.process import run_service
from forfald.verify import facts as checking
from forfald.verify import report
from forfald.verify.check import check
from shared.projecting.rebuild import differences
from shared.projecting.rebuild import rebuild as rebuild_tables
from shared.provision import migrate as migrate_database
from shared.settings import MissingSetting, Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
console = Console()
_FOLDER = Path(".demo")

ServiceName = Annotated[str, typer.Argument(help="one of: " + ", ".join(SERVICES))]


def installation_settings() -> Settings:
    """From the environment, or from the demonstration that runs in this folder."""
    settings = Settings.of(os.environ)
    kept = _FOLDER / "settings.json"
    if "postgres_host" not in settings.values and kept.exists():
        return Settings({**json.loads(kept.read_text()), **settings.values})
    return settings


@app.command()
def run(
    service: ServiceName,
    port: Annotated[int, typer.Option(help="port of its pages and API, 0 for none")] = 8000,
    only: Annotated[str, typer.Option(help="parts, comma-separated: inbox, api, relay …")] = "",
) -> None:
    """Run one service until told to stop."""
    run_service(service, installation_settings(), port, [p for p in only.split(",") if p])


@app.command()
def migrate(service: ServiceName) -> None:
    """Bring a service's database up to date (as its owner)."""
    settings = installation_settings()
    built = builder(service)(surroundings_of(settings))
    own = [built.migrations] if built.migrations else []
    migrate_database(settings.address.dsn(service, "owner"), service, built.read, own)


@app.command()
def rebuild(
    service: ServiceName,
    shadow: Annotated[bool, typer.Option(help="only compare, change nothing")] = False,
) -> None:
    """Make a service's read tables anew from its log, or say where they differ from it."""
    settings = installation_settings()
    built = builder(service)(surroundings_of(settings))
    owner = settings.address.dsn(service, "owner")
    if shadow:
        found = differences(owner, built)
        for difference in found:
            console.print(f"{difference.table}: only in the {difference.where}: {difference.row}")
        console.print(f"{len(found)} differences")
        raise typer.Exit(code=bool(found))
    console.print(f"rebuilt up to position {rebuild_tables(owner, built)}")


@app.command()
def verify(
    shadow: Annotated[bool, typer.Option(help="also rebuild beside and compare (I6)")] = True,
) -> None:
    """Check the invariants against the databases and the outside world's own books."""
    settings = installation_settings()
    answers = check(surroundings_of(settings), shadow=shadow)
    if not report.show(answers, console):
        raise typer.Exit(code=1)


@app.command()
def follow(invoice: Annotated[str, typer.Argument(help="an invoice's number or id")]) -> None:
    """Print the causal chain of one invoice across the services."""
    settings = installation_settings()
    steps = following.follow(checking.read(settings.address, SERVICES), invoice)
    if not steps:
        console.print(f"no service has heard of an invoice {invoice!r}")
        raise typer.Exit(code=1)
    following.show(steps, console)


@app.command()
def doctor() -> None:
    """Look the installation over and say how to mend what is not well."""
    if not doctors.show(doctors.examine(installation_settings()), console):
        raise typer.Exit(code=1)


@app.command()
def settings(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Show the effective settings, secrets masked."""
    shown = installation_settings().shown()
    if as_json:
        typer.echo(json.dumps(shown, indent=2))
        return
    for name, value in shown.items():
        console.print(f"{name} = {value}")


def main() -> None:
    """The entry point: a missing setting is said in a sentence, not in a traceback."""
    try:
        app()
    except MissingSetting as missing:
        console.print(f"[red]{missing}[/]")
        raise SystemExit(2) from missing
