"""Money and satisfaction in whole runs: each cost by hand, and what they leave as it is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from flips_of_money import CROWD, busy
from worlds import Document, reports, tiny, world_of

from insight.figures import Window, network_figures
from insight.kpis import kpi_values
from insight.tables import Categories, Tables
from sim.model import Model
from sim.records import tables_of
from sim.replicate import facts_of

Report = tuple[float, str, str]


def ran(document: Document, *given: Report) -> tuple[Tables, dict[str, float]]:
    """Return tables and KPIs of a run with these failures."""
    world = world_of(document)
    model = Model(world, 1, 0, births=reports(world, *given))
    model.run()
    tables = tables_of(model, 0)
    window = Window(0.0, world.horizon)
    return tables, network_figures(kpi_values(tables, window, facts_of(world, window, {"base": 1.0})))


def shop(**sections: Any) -> Document:
    """Return a site an hour away; engineer a, 8 to 17 on weekdays, is paid 10 an hour; a fault takes 2 h."""
    document = tiny(
        {
            "fault": {"work_hours": 2.0, "part": {"part": "lens", "quantity": 2}},
            "dark": {"severity": "major"},
        },
        {"a": {"shift": "day", "cost_per_hour": 10.0, "overtime_factor": 2.0}},
        hours={"base": {"site": 1.0}},
        days=2.0,
        parts={"lens": {"unit_cost": 30.0}},
        sla=[{"name": "soon", "targets": {"attend": 4.0}, "penalty_per_breach": 25.0}],
        **sections,
    )
    document["travel"]["cost_per_hour"] = 5.0
    document["centres"]["base"] |= {
        "fixed_cost_per_day": 100.0,
        "depot": {"lens": {"base_stock": 4, "lead_hours": 1000}},
    }
    outlet = {"attend_hours": 1.0, "price_per_order": 70.0}
    document["centres"]["outlet"] = {"level": "partner", "city": "town", "partner": outlet}
    document["dispatch"]["overflow"] = {"partner": "outlet", "after_hours": 3.0, "severities": ["major"]}
    return document


def test_every_cost_by_hand() -> None:
    """Two days: 18 rostered hours, an hour of overtime, an hour's way, two lenses, and a partner."""
    given = ((15.0, "site", "fault"), (16.0, "site", "dark"))
    _, kpis = ran(shop(), *given)
    expected = {
        "cost_labour": 18 * 10.0,
        "cost_overtime": 1 * 10.0 * 2.0,
        "cost_travel": 1 * 5.0,
        "cost_parts": 2 * 30.0,
        "cost_centres": 2 * 100.0,
        "cost_partners": 70.0,
        "cost_penalties": 0.0,
    }
    # From 15 until 18 the engineer is on his way and works; the major one goes to the partner at 19, who is
    # there at 20: within 4 h.
    assert {kpi: kpis[kpi] for kpi in expected} == pytest.approx(expected)
    assert kpis["cost_total"] == pytest.approx(sum(expected.values()))


def test_a_late_order_costs_its_penalty() -> None:
    """What is reported at 18 waits for the next morning: 25 for the missed clock, and so much an hour."""
    _, kpis = ran(shop(), (18.0, "site", "fault"))
    assert kpis["cost_penalties"] == pytest.approx(25.0)
    late = shop()
    late["sla"][0]["late"] = {"per_hour": 2.0}
    # There at 33, an hour after the shift begins at 32, when 22 had been promised.
    assert ran(late, (18.0, "site", "fault"))[1]["cost_penalties"] == pytest.approx(25.0 + 2.0 * 11.0)


def test_the_line_moves_who_buys_again() -> None:
    """Each key of the line changes the repurchase rate and leaves satisfaction as it is."""
    found = []
    for line in ({}, {"at": 85.0}, {"rate": 0.5}, {"per_point": 0.01}):
        document = busy()
        document["satisfaction"] = {"repeat_points": 0.0, "repurchase": line}
        kpis = ran(document, *CROWD)[1]
        found.append((kpis["repurchase_rate"], kpis["csat"]))
    shares, points = zip(*found, strict=True)
    assert len(set(shares)) == len(found)
    assert len(set(points)) == 1


def test_money_and_satisfaction_move_nothing_else() -> None:
    """Without them every other column of orders and days is what it is with them."""
    plain = busy()
    for section in ("penalties", "satisfaction"):
        del plain[section]
    with_money = busy()
    del with_money["penalties"]["suspension"]
    before, after = ran(plain, *CROWD)[0], ran(with_money, *CROWD)[0]
    for table in ("work_orders", "engineer_days", "visits"):
        for column, values in before[table].items():
            other = after[table][column]
            if isinstance(values, Categories) or isinstance(other, Categories):
                continue
            if column not in ("cost_penalties", "csat", "cost_labour") and values.dtype != object:
                np.testing.assert_array_equal(values, other, err_msg=column)
