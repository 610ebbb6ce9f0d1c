"""The Berlin Group's own description of its interface."""

from __future__ import annotations

from functools import cache
from typing import Final

import yaml
from openapi_core import OpenAPI

from tests.simulators.judging import Description, file_of

_AT: Final = "http://bank"


@cache
def description() -> OpenAPI:
    """The description, relaxed where it is narrower than the standard it describes.

    `payment-product` lists the pan-European products only, while the standard leaves each bank to publish
    its own: a Danish bank's domestic transfers are added.
    """
    file = file_of("berlin-group-psd2-api-1.3.11.yaml")
    loaded = yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)
    product = loaded["components"]["parameters"]["paymentProduct"]
    product["schema"]["enum"].append("domestic-credit-transfers")
    loaded["servers"] = [{"url": _AT}]
    return OpenAPI.from_dict(loaded)


BERLIN_GROUP: Final = Description(_AT, description, lambda path: path.startswith("/v1/"))
