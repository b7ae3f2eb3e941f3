"""The states of a work order, the ways from one to the next, and the state at a given instant."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx


class State(StrEnum):
    """Where a work order stands."""

    REPORTED = "reported"
    REMOTE_HELP = "remote_help"
    WAITING_CUSTOMER = "waiting_customer"
    WAITING_PART = "waiting_part"
    WAITING_ENGINEER = "waiting_engineer"
    TRAVELLING = "travelling"
    WORKING = "working"
    WITH_PARTNER = "with_partner"
    VERIFYING = "verifying"
    COMPLETED = "completed"


#: Ways between states, and what makes an order take each.
TRANSITIONS: dict[tuple[State, State], str] = {
    (State.REPORTED, State.WAITING_CUSTOMER): "triage done, customer awaited",
    (State.REPORTED, State.WAITING_PART): "triage done, part not on the shelf",
    (State.REPORTED, State.WAITING_ENGINEER): "triage done, nobody free",
    (State.REPORTED, State.TRAVELLING): "triage done, engineer booked",
    (State.REPORTED, State.WORKING): "triage done, work away from the site",
    (State.REPORTED, State.WITH_PARTNER): "triage done, nobody free, overflow at once",
    (State.REPORTED, State.REMOTE_HELP): "triage done, self-help or remote session",
    (State.REMOTE_HELP, State.WAITING_CUSTOMER): "not solved, customer awaited",
    (State.REMOTE_HELP, State.WAITING_PART): "not solved, part not on the shelf",
    (State.REMOTE_HELP, State.WAITING_ENGINEER): "not solved, nobody free",
    (State.REMOTE_HELP, State.TRAVELLING): "not solved, engineer booked",
    (State.REMOTE_HELP, State.WORKING): "not solved, work away from the site",
    (State.REMOTE_HELP, State.WITH_PARTNER): "not solved, nobody free, overflow at once",
    (State.REMOTE_HELP, State.VERIFYING): "solved, customer verifies",
    (State.REMOTE_HELP, State.COMPLETED): "solved",
    (State.WAITING_CUSTOMER, State.WAITING_PART): "customer ready, part not on the shelf",
    (State.WAITING_CUSTOMER, State.WAITING_ENGINEER): "customer ready, nobody free",
    (State.WAITING_CUSTOMER, State.TRAVELLING): "customer ready, engineer booked",
    (State.WAITING_CUSTOMER, State.WORKING): "customer ready, work away from the site",
    (State.WAITING_CUSTOMER, State.WITH_PARTNER): "customer ready, nobody free, overflow at once",
    (State.WAITING_PART, State.WAITING_ENGINEER): "part there, nobody free",
    (State.WAITING_PART, State.TRAVELLING): "part there, engineer booked",
    (State.WAITING_PART, State.WORKING): "part there, work away from the site",
    (State.WAITING_PART, State.WITH_PARTNER): "part there, nobody free, overflow at once",
    (State.WAITING_ENGINEER, State.TRAVELLING): "engineer booked",
    (State.WAITING_ENGINEER, State.WORKING): "engineer booked, work away from the site",
    (State.WAITING_ENGINEER, State.WITH_PARTNER): "waited too long",
    (State.TRAVELLING, State.WORKING): "arrived",
    (State.TRAVELLING, State.WAITING_ENGINEER): "pre-empted on the way, nobody free",
    (State.TRAVELLING, State.WITH_PARTNER): "pre-empted on the way, nobody free, overflow at once",
    (State.WORKING, State.WAITING_ENGINEER): "pre-empted, or another visit needed, nobody free",
    (State.WORKING, State.WAITING_PART): "part found missing",
    (State.WORKING, State.TRAVELLING): "pre-empted, or another visit needed, engineer booked",
    (State.WORKING, State.WITH_PARTNER): "pre-empted, or another visit needed, nobody free, overflow at once",
    (State.WORKING, State.VERIFYING): "restored, customer verifies",
    (State.WORKING, State.COMPLETED): "restored",
    (State.WITH_PARTNER, State.VERIFYING): "restored by the partner, customer verifies",
    (State.WITH_PARTNER, State.COMPLETED): "restored by the partner",
    (State.VERIFYING, State.COMPLETED): "verified",
}
STATES = tuple(State)


def graph() -> nx.DiGraph:
    """Return the life of a work order as a directed graph.

    Returns
    -------
    networkx.DiGraph
        Nodes are the states, in the order of an order's life; each edge tells in `label` what makes an order
        take it.
    """
    import networkx as nx

    life = nx.DiGraph()
    life.add_nodes_from(STATES)
    for (origin, target), label in TRANSITIONS.items():
        life.add_edge(origin, target, label=label)
    return life
