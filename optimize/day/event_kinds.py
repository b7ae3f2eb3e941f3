"""What can happen in the course of a day, as documents that are told apart by their `kind`."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from optimize.day.model import DayOrder, DayPin
from scenarios.phrases import phrase


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _OfOrder(_Event):
    order: str
    at: AwareDatetime | None = None


class Departed(_OfOrder):
    """Whoever has an order has left for it; at an instant, now where absent."""

    kind: Literal["departed"] = "departed"


class Arrived(_OfOrder):
    """Whoever has an order is there: the attend clock stops."""

    kind: Literal["arrived"] = "arrived"


class Finished(_OfOrder):
    """The work of an order is done: who did it is free where he is, and what he used is gone from the van."""

    kind: Literal["finished"] = "finished"


class Cancelled(_OfOrder):
    """Nobody is to do an order any more."""

    kind: Literal["cancelled"] = "cancelled"


class RunningLate(_Event):
    """Something takes longer than was expected.

    Parameters
    ----------
    order
        Which.
    duration_h
        Hours of work that are now expected in all.
    delay_h
        Hours more than before: of the work, or of the way if somebody is under way.
    """

    kind: Literal["running_late"] = "running_late"
    order: str
    duration_h: Annotated[float, Field(gt=0.0, le=1000.0)] | None = None
    delay_h: Annotated[float, Field(gt=0.0, le=1000.0)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> RunningLate:
        if (self.duration_h is None) == (self.delay_h is None):
            raise ValueError(phrase("duration_h and delay_h: found both or none; allowed: one of them"))
        return self


class UrgentOrder(_Event):
    """An order has come in."""

    kind: Literal["urgent_order"] = "urgent_order"
    order: DayOrder


class SickEngineer(_Event):
    """An engineer cannot work.

    Parameters
    ----------
    engineer
        Who.
    start, end
        From when, now where absent, until when, until further notice where absent.
    """

    kind: Literal["sick_engineer"] = "sick_engineer"
    engineer: str
    start: AwareDatetime | None = None
    end: AwareDatetime | None = None


class BackToWork(_Event):
    """An engineer who is away can be sent again; at an instant, now where absent.

    What he will be away for later stays.
    """

    kind: Literal["back_to_work"] = "back_to_work"
    engineer: str
    at: AwareDatetime | None = None


class NewStock(_Event):
    """An engineer has got parts or tools into his van."""

    kind: Literal["new_stock"] = "new_stock"
    engineer: str
    parts: dict[str, Annotated[int, Field(ge=1)]] = {}
    tools: tuple[str, ...] = ()


class PinChange(_Event):
    """A dispatcher fixes something of an order, or lets it go."""

    kind: Literal["pin"] = "pin"
    order: str
    pin: DayPin | None


class Clock(_Event):
    """Time goes on."""

    kind: Literal["clock"] = "clock"
    now: AwareDatetime


DayEvent: TypeAlias = Annotated[
    Departed
    | Arrived
    | Finished
    | Cancelled
    | RunningLate
    | UrgentOrder
    | SickEngineer
    | BackToWork
    | NewStock
    | PinChange
    | Clock,
    Field(discriminator="kind"),
]
#: Reads an event by its kind.
EVENT: TypeAdapter[DayEvent] = TypeAdapter(DayEvent)


def changed(document: Any, **fields: Any) -> Any:
    """Return a copy of a document with other fields, checked; nothing derived is carried over."""
    same = {name: getattr(document, name) for name in type(document).model_fields}
    return type(document)(**(same | fields))
