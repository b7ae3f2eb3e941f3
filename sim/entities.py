"""Orders and engineers as the model moves them and as a dispatch policy sees them.

They hold what has been revealed. Drawn durations, fixes and part demands stay with the model.
"""

from __future__ import annotations

from scenarios.fault_specs import FaultSpec
from sim.activity import Activity


class Order:
    """A work order that has been reported.

    Attributes
    ----------
    row
        Position among the replication's orders, in order of their reports.
    kind
        Its fault type.
    site
        Location of its site.
    priority
        1 is most urgent.
    weight
        Weight of its customer tier.
    reported_at, due_at, ready_at
        Instants in hours: of the report, at which dispatch should have somebody there (NaN: never due), and
        since which its present visit could be given out.
    queue, stage, visit
        Where it waits, which stage it is at, and how many visits it has behind it.
    queues, wide_queues
        Where it waits at each stage, and where with permission to cross territories (empty: never given).
    crossed
        Whether that permission has been given.
    urged
        Whether its priority is one higher than that of its fault type, because of an alert.
    ticket
        Number of its present wait for an engineer, 0 while it does not wait.
    """

    __slots__ = (
        "crossed",
        "due_at",
        "kind",
        "priority",
        "queue",
        "queues",
        "ready_at",
        "reported_at",
        "row",
        "site",
        "stage",
        "ticket",
        "urged",
        "visit",
        "weight",
        "wide_queues",
    )

    def __init__(
        self,
        row: int,
        kind: FaultSpec,
        site: int,
        weight: float,
        reported_at: float,
        due_at: float,
        queues: tuple[int, ...],
        wide_queues: tuple[int, ...] = (),
        stage: int = 0,
    ) -> None:
        self.row = row
        self.kind = kind
        self.site = site
        self.priority = kind.priority
        self.weight = weight
        self.reported_at = reported_at
        self.due_at = due_at
        self.ready_at = reported_at
        self.queues = queues
        self.wide_queues = wide_queues
        self.queue = queues[stage]
        self.crossed = False
        self.urged = False
        self.stage = stage
        self.visit = 0
        self.ticket = 0

    @property
    def waiting(self) -> bool:
        """Return whether it waits for an engineer."""
        return self.ticket > 0

    @property
    def expected_hours(self) -> float:
        """Return the mean hours of work of its present stage."""
        return self.kind.stages[self.stage].expected_hours


class Engineer:
    """An engineer.

    Attributes
    ----------
    index
        Position among the World's engineers.
    category
        Position of the category that work rules see.
    breadth
        Sum over skill domains of level rank plus 1: how much he could do elsewhere.
    ranks
        Rank in each skill domain by position, -1 where he has none.
    home, location
        Locations of his centre, and where he is or is going.
    on_shift, off_at
        Whether he is on duty, and the instant at which his present or last shift ends.
    on_call
        Whether he may be called although he is off duty.
    idle_since
        Instant since which he has been free.
    order
        What he is travelling to or working on.
    mates
        Who works on it with him.
    held
        What he has left at the end of his shift and goes on with in the next.
    reserved
        Whether he is kept for a crew that is not complete yet.
    returning
        Whether he is on his way back from another city.
    visit
        Position of his last visit in the log.
    """

    __slots__ = (
        "activity",
        "breadth",
        "category",
        "held",
        "home",
        "idle_since",
        "index",
        "location",
        "mates",
        "name",
        "off_at",
        "on_call",
        "on_shift",
        "order",
        "ranks",
        "reserved",
        "returning",
        "successor",
        "visit",
    )

    def __init__(
        self, index: int, name: str, category: int, breadth: int, home: int, ranks: tuple[int, ...] = ()
    ) -> None:
        self.index = index
        self.name = name
        self.category = category
        self.breadth = breadth
        self.ranks = ranks
        self.home = home
        self.location = home
        self.on_shift = False
        self.off_at = float("inf")
        self.on_call = False
        self.idle_since = 0.0
        self.order: Order | None = None
        self.mates: tuple[Engineer, ...] = ()
        self.held: Order | None = None
        self.reserved = False
        self.returning = False
        self.visit = -1
        self.activity: Activity | None = None
        self.successor: Engineer | None = None
