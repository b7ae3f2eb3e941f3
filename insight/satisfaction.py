"""How satisfied customers are with orders, and who buys again: a stated curve, an assumption wherever shown.

The same function serves the table at the end of a run and the alerts during it. Where satisfaction was really
asked for, the column of the table is that, and only the step to buying again is assumed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from insight.clocks import order_clocks
from insight.columns import first_of, happened, names, numbers
from insight.grouping import BoolArray
from insight.tables import FloatArray, Table

if TYPE_CHECKING:
    from scenarios.money_terms import RepurchaseTerms, SatisfactionTerms


def beyond_patience(hours: FloatArray, low: float, high: float) -> FloatArray:
    """Return the expected hours of a wait that are more than a customer's patience.

    Parameters
    ----------
    hours
        Length of each wait.
    low, high
        Patience is uniform between them; equal ones are the patience of everybody.
    """
    short, spread = np.maximum(hours - low, 0.0), high - low
    if spread <= 0.0:
        return short
    # Patience ends evenly: of the hours up to its end half are beyond it, as far as they have come.
    ending = np.minimum(short, spread)
    beyond: FloatArray = ending * (ending / spread) / 2.0 + (short - ending)
    return beyond


def satisfaction(
    hours_to_attend: FloatArray,
    hours_to_restore: FloatArray,
    repeated: BoolArray,
    complained: BoolArray,
    terms: SatisfactionTerms,
) -> FloatArray:
    """Return the satisfaction with orders, 0 to 100 points.

    Parameters
    ----------
    hours_to_attend, hours_to_restore
        From the report until somebody was there (or it was fixed remotely), and until restoration.
    repeated
        Where one visit was not enough.
    complained
        Where the customer complained.
    terms
        The curve. It is linear but for the end of patience, and cut off at 0 and 100.
    """
    waited = beyond_patience(hours_to_attend, terms.tolerance_low, terms.tolerance_high)
    down = np.maximum(hours_to_restore - terms.restore_tolerance, 0.0)
    points: FloatArray = (
        terms.best
        - terms.wait_points_per_hour * waited
        - terms.restore_points_per_hour * down
        - terms.repeat_points * repeated
        - terms.complaint_points * complained
    )
    return np.minimum(np.maximum(points, 0.0), 100.0)


def order_satisfaction(
    orders: Table, terms: SatisfactionTerms | None, horizon: float, complained: BoolArray, asked: BoolArray
) -> FloatArray:
    """Return the satisfaction with each completed order, NaN for others and where there is no curve.

    Parameters
    ----------
    orders
        The table `work_orders`.
    terms
        The curve, if the scenario states one.
    horizon
        Hours since the start; what is recorded later has not happened.
    complained
        Which orders' customers complained by then.
    asked
        Which orders a customer has an opinion on: those that he reported.
    """
    reported = numbers(orders, "reported_at")
    if terms is None:
        return np.full(len(reported), np.nan)
    completed, restored = (happened(orders, name, horizon) for name in ("completed_at", "restored_at"))
    attended = first_of(order_clocks(orders, horizon)["attend"].stop, restored, completed)
    points = satisfaction(
        attended - reported,
        first_of(restored, completed) - reported,
        numbers(orders, "visits") > 1,
        complained,
        terms,
    )
    return np.where(asked & ~np.isnan(completed), points, np.nan)


def repurchase(points: FloatArray, terms: RepurchaseTerms) -> FloatArray:
    """Return the share of customers of a given satisfaction who buy again, 0 to 1."""
    share: FloatArray = np.clip(terms.rate + terms.per_point * (points - terms.at), 0.0, 1.0)
    return share


def site_shares(
    orders: Table, counted: BoolArray, terms: RepurchaseTerms | None
) -> tuple[FloatArray, FloatArray]:
    """Return, for each order, the share of its site that buys again, and the weight of the order in its site.

    A site's orders weigh 1 together, so that sums over orders are sums over sites. Orders that do not count
    or have no satisfaction weigh 0.

    Parameters
    ----------
    orders
        The table `work_orders` with satisfaction.
    counted
        Which orders count.
    terms
        The line; without it nothing is known.
    """
    points = numbers(orders, "csat")
    known = counted & ~np.isnan(points)
    if terms is None:
        return np.zeros(len(points)), np.zeros(len(points))
    site = names(orders, "site").codes + 1
    size = len(names(orders, "site").labels) + 1
    number = np.bincount(site, known, size)
    total = np.bincount(site, np.where(known, points, 0.0), size)
    mean = np.divide(total, number, out=np.zeros(size), where=number > 0)
    weight = np.divide(1.0, number, out=np.zeros(size), where=number > 0)
    return repurchase(mean, terms)[site], np.where(known, weight[site], 0.0)
