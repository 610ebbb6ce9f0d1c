"""A fault that ends by itself: it meets so many of what comes next, or all."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field


class Passing(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    times: int | None = Field(default=None, ge=1, description="how many it meets; none for all")

    def used(self) -> Self | None:
        """What is left of the fault after one more."""
        if self.times is None:
            return self
        return self.model_copy(update={"times": self.times - 1}) if self.times > 1 else None
