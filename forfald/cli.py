"""`forfald`: the operator's and the newcomer's verbs."""

from __future__ import annotations

import getpass
import json
import os
from pathlib import Path
from typing import Annotated
from uuid import UUID

import psycopg
import typer
from aiokafka.errors import KafkaError
from rich.console import Console
from rich.text import Text

from forfald import doctor as doctors
from forfald import follow as following
from forfald import installing
from forfald import parked as parking
from forfald.demo.feed import NotReady
from forfald.demo.folder import Taken
from forfald.house import SERVICES, builder, surroundings_of
from forfald.process import run_service, serve_until_told
from forfald.verify import facts as checking
from forfald.verify import report
from forfald.verify.check import check
from shared.postgres import PostgresError
from shared.projecting.rebuild import differences
from shared.projecting.rebuild import rebuild as rebuild_tables
from shared.settings import BadSetting, Settings
from shared.stream.broker import BROKERS, EMBEDDED
from shared.stream.relay import publish_again
from shared.stream.topics import WrongTopic

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
console = Console()
_FOLDER = Path(".demo")

ServiceName = Annotated[str, typer.Argument(help="one of: " + ", ".join(SERVICES))]


def installation_settings() -> Settings:
    """From the environment, or from the demonstration that runs in this folder."""
    settings = Settings.of(os.environ)
    kept = _FOLDER / "settings.json"
    if "postgres_host" not in settings and kept.exists():
        return Settings({**json.loads(kept.read_text()), **settings.values})
    return settings


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="port of the page, 0 for any free one")] = 8000,
    script: Annotated[str, typer.Option(help="play a journey: payables or receivables")] = "",
    exit_: Annotated[bool, typer.Option("--exit", help="end when the script has ended")] = False,
    break_: Annotated[
        str, typer.Option("--break", help="switch one guarantee off; verify names the damage")
    ] = "",
    broker: Annotated[
        str, typer.Option(envvar="FORFALD_BROKER", help=f"the feed: {BROKERS}")
    ] = EMBEDDED,
    fresh_topics: Annotated[
        bool, typer.Option("--fresh-topics", help="remove what its topics hold on that broker")
    ] = False,
    folder: Annotated[Path, typer.Option(help="where its data stands")] = _FOLDER,
) -> None:
    """The whole house on this machine, with a clock that can be moved and a kill button."""
    from forfald.demo import show

    if break_:
        raise typer.Exit(show.show_broken(folder, console, break_))
    code = show.show(
        folder,
        console,
        port=port,
        broker=broker,
        fresh_topics=fresh_topics,
        script=script,
        exit_after=exit_,
    )
    raise typer.Exit(code)


@app.command()
def run(
    service: ServiceName,
    port: Annotated[int, typer.Option(help="port of its pages and API, 0 for none")] = 8000,
    only: Annotated[str, typer.Option(help="parts, comma-separated: inbox, api, relay …")] = "",
) -> None:
    """Run one service until told to stop."""
    run_service(service, installation_settings(), port, [p for p in only.split(",") if p])


@app.command()
def migrate(
    service: Annotated[str, typer.Argument(help="one service, or all of them")] = "",
) -> None:
    """Bring databases up to date; where a superuser is given, make what is missing first."""
    settings = installation_settings()
    password = settings.get("postgres_superuser_password")
    for name in [service] if service else SERVICES:
        installing.bring_up_to_date(settings, name, password)
        console.print(f"{name} is up to date")


@app.command("import")
def import_(
    files: Annotated[
        list[Path], typer.Argument(help="e-invoices (UBL)", exists=True, dir_okay=False)
    ],
    client: Annotated[
        UUID | None, typer.Option(help="the client's id; the demonstration's first one")
    ] = None,
) -> None:
    """Take e-invoices in, as the page and the interface do."""
    from forfald.importing import import_files

    settings = installation_settings()
    if not import_files(settings, client or installing.first_client(), files, console):
        raise typer.Exit(code=1)


@app.command()
def quote(
    file: Annotated[
        typer.FileBinaryRead, typer.Argument(help="the claim as JSON; - reads it from the input")
    ],
) -> None:
    """Say what a claim may carry on a day, and why no more. Needs no installation, stores nothing."""
    from forfald.quoting import quoted

    answered, told = quoted(file.read())
    typer.echo(told)
    if not answered:
        raise typer.Exit(code=1)


@app.command()
def ingress(port: Annotated[int, typer.Option()] = 8080) -> None:
    """One port for all pages: each path goes to the service that owns it."""
    from forfald.ingress import ingress as gate

    settings = installation_settings()
    routes = {name: settings.url(f"{name}_url") for name in SERVICES}
    serve_until_told(
        gate(routes, routes["tenants"]), settings.get("listen_host", "127.0.0.1"), port
    )


@app.command()
def simulate(
    name: Annotated[str, typer.Argument(help="bank, economic, mailbox or push")],
    folder: Annotated[Path, typer.Option(help="where its books stand")] = Path(),
) -> None:
    """Run one part of the simulated outside world."""
    from forfald.outside import SIMULATORS, run_outside

    if name not in SIMULATORS:
        raise typer.BadParameter(f"one of {', '.join(SIMULATORS)}")
    run_outside(installation_settings(), folder, [name])


@app.command()
def topics(replicas: Annotated[int, typer.Option(help="copies of each partition")] = 3) -> None:
    """Make the topics that are missing on the broker; nobody else makes any."""
    made = installing.make_topics(installation_settings(), replicas)
    console.print(f"{len(made)} topics made")


@app.command()
def republish(
    service: ServiceName,
    after: Annotated[int, typer.Option(help="a position of its log; 0 for all of it")] = 0,
) -> None:
    """Publish again what the broker has lost; consumers drop what they have had."""
    publish_again(installation_settings().address.dsn(service, "reader"), after)
    console.print(f"{service} publishes again what it told after position {after}")


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
    following.show(steps, _cast(settings), console)


def _cast(settings: Settings) -> dict[UUID, str]:
    """In a demonstration people are invented, and may be called by their names."""
    if settings.get("demo", "") != "on":
        return {}
    from services.tenants.acts import demo as cast

    return {persona.user_id: persona.name for persona in cast.PEOPLE}


@app.command()
def parked(
    service: ServiceName,
    replay: Annotated[str, typer.Option(metavar="KEY", help="handle this key again")] = "",
    skip: Annotated[
        tuple[str, int, int] | None,
        typer.Option(metavar="TOPIC PARTITION SEQ", help="let this message go for --reason"),
    ] = None,
    reason: Annotated[str, typer.Option(help="why; recorded with your name")] = "",
) -> None:
    """List the messages that a service has set aside, replay a key, or skip one message."""
    if skip and not reason.strip():
        raise typer.BadParameter("a message is skipped for a reason", param_hint="--reason")
    surroundings = surroundings_of(installation_settings())
    by = f"operator:{getpass.getuser()}"
    with parking.Aside.of(builder(service)(surroundings), surroundings) as aside:
        if skip:
            skipped = aside.skip(*skip, by, reason)
            console.print("skipped" if skipped else "no message waits there")
            raise typer.Exit(code=not skipped)
        if replay:
            mended = parking.tell(aside.replay(replay, by, reason), console)
            raise typer.Exit(code=not mended)
        parking.show(aside.waiting(), console)


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
    """The entry point: what is missing or wrong is said in a sentence, not in a traceback."""
    try:
        app()
    except (BadSetting, KafkaError, NotReady, PostgresError, Taken, WrongTopic) as bad:
        console.print(Text(str(bad), "red"), soft_wrap=True)
        raise SystemExit(2) from bad
    except psycopg.OperationalError as error:
        why = str(error).partition("\n")[0]
        console.print(Text(f"PostgreSQL does not answer: {why}", "red"), soft_wrap=True)
        console.print("Is it running? `make demo` starts a demonstration with its own.")
        raise SystemExit(2) from error
