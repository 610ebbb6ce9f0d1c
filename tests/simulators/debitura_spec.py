"""Debitura's own description of its interface."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from openapi_core import Config, OpenAPI

from tests.simulators.judging import Description, file_of

_AT: Final = "http://agency"


@cache
def description() -> OpenAPI:
    """The description as it is, served at an address of our own."""
    loaded: dict[str, Any] = json.loads(file_of("debitura-customer-api.json").read_bytes())
    loaded["servers"] = [{"url": _AT}]
    # The vendor's own client writes its JSON under the name of JSON Patch.
    also: dict[str, Callable[[bytes], Any]] = {"application/json-patch+json": json.loads}
    return OpenAPI.from_dict(loaded, Config(extra_media_type_deserializers=also))


DEBITURA: Final = Description(_AT, description, lambda path: not path.startswith("/control/"))
