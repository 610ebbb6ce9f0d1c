"""The catalogue in `docs/events/README.md`: one table per publisher, between two marks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from forfald.events_document.contracts import says
from forfald.events_document.schemas import schema_of, sealed_fields
from shared.contracts.base import Contract
from shared.stream.subscriptions import snake

BEGIN = "<!-- catalogue: written by `python -m forfald.events_document` -->"
END = "<!-- end of catalogue -->"


def with_catalogue(
    page: str, contracts: Iterable[type[Contract]], readers: Mapping[str, list[str]]
) -> str:
    """The page with everything between its marks written anew."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    assert end, f"the page has lost its mark {BEGIN if not begin else END}"
    lines = "\n".join(_lines(contracts, readers))
    return f"{before}{BEGIN}\n{lines}\n\n{END}{after}"


def _lines(contracts: Iterable[type[Contract]], readers: Mapping[str, list[str]]) -> Iterator[str]:
    for publisher, told in groupby(contracts, key=lambda contract: contract.publisher):
        yield f"\n### {publisher}\n"
        yield "| Event | Says | Topic | Read by | Sealed |"
        yield "|---|---|---|---|---|"
        for contract in told:
            yield _row(contract, readers.get(snake(contract.__name__), []))


def _row(contract: type[Contract], readers: Iterable[str]) -> str:
    cells = (
        f"[{contract.__name__}](schemas/{contract.type_name}.json)",
        says(contract).partition("\n\n")[0].replace("\n", " ").replace("|", r"\|"),
        f"`{contract.topic}`",
        ", ".join(readers),
        ", ".join(f"`{field}`" for field in sealed_fields(schema_of(contract))),
    )
    return f"| {' | '.join(cells)} |"
