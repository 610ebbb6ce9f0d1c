"""`forfald import FILE…`: e-invoices from files, through the same intake as the page and the API."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from rich.console import Console
from rich.markup import escape

from forfald.house import builder, surroundings_of
from services.sync.acts import intake
from services.sync.model.einvoice import NotAnInvoice
from services.sync.model.safe_xml import UnsafeXml
from services.sync.model.ubl import read
from shared.runtime import Runtime
from shared.settings import Settings
from shared.work import Work


def import_files(settings: Settings, client: UUID, files: Iterable[Path], console: Console) -> bool:
    """Take each file in for a client; true if all were. One that is refused stops no other.

    What is taken in and cannot be paid as it stands is told with its reasons.
    """
    surroundings = surroundings_of(settings)
    runtime = Runtime(builder("sync")(surroundings), surroundings)
    vault = surroundings.opened()
    well = True
    try:
        for file in files:
            document = file.read_bytes()

            def receive(work: Work, document: bytes = document) -> UUID:
                return intake.receive(work, vault, document)

            try:
                received = runtime.work(client, "service:import", receive)
            except (UnsafeXml, NotAnInvoice) as refused:
                well = False
                console.print(f"[red]✗[/] {escape(f'{file}: {refused}')}", soft_wrap=True)
            else:
                console.print(
                    f"[green]✓[/] {escape(f'{file}: document {received}')}", soft_wrap=True
                )
                for finding in read(document).findings:
                    if finding.blocks:
                        said = f"  blocked: {finding.field}: {finding.text}"
                        console.print(escape(said), soft_wrap=True)
    finally:
        runtime.close()
        vault.close()
    return well
