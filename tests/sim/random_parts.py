"""What may be added to the spare parts of a random scenario."""

from __future__ import annotations

from random import Random

from random_choices import DURATIONS, SEVERITIES, Document, now_and_then, some, stocks


def parts(document: Document, random: Random) -> None:
    """Let some faults need parts."""
    for name, fault in now_and_then(random, document["fault_types"].items(), 0.7):
        if name != document.get("inspections", {}).get("fault_type"):
            quantity, chance = random.randint(1, 3), random.choice((0.5, 1.0))
            part = random.choice(("board", "lens"))
            fault["part"] = {"part": part, "quantity": quantity, "probability": chance}


def reordering(document: Document, random: Random) -> None:
    """Let some stocks be ordered up to a level, and some be sized by a fill rate."""
    for stock in now_and_then(random, stocks(document), 0.7):
        del stock["base_stock"]
        if random.random() < 0.7:
            point = random.randint(0, 2)
            stock |= {"reorder_point": point, "order_up_to": point + random.randint(1, 3)}
        else:
            stock["target_fill_rate"] = 0.8


def echelons(document: Document, random: Random) -> None:
    """Let headquarters replenish some of the other depots."""
    for key, centre in document["centres"].items():
        for part, stock in centre.get("depot", {}).items():
            if key != "hq" and random.random() < 0.7 and part in document["centres"]["hq"]["depot"]:
                stock["from"] = "hq"


def vans(document: Document, random: Random) -> None:
    """Let some engineers carry what the depot of their centre has."""
    for centre in document["centres"].values():
        held = sorted(centre.get("depot", {}))
        for group in now_and_then(random, centre.get("engineers", {}).values(), 0.7):
            if held:
                group["van"] = {part: random.randint(1, 2) for part in some(random, held, 1, len(held))}
    document.setdefault("parts_policy", {})["restock_hours"] = random.choice(DURATIONS)


def diagnose(document: Document, random: Random) -> None:
    """Let people go before the part is there."""
    policy = {"before_visit": "diagnose", "diagnosis_share": random.choice((0.0, 0.3))}
    document.setdefault("parts_policy", {}).update(policy)


def substitutes(document: Document, random: Random) -> None:
    """Let there be ways out of an empty shelf, and let stock cost."""
    options = ("transfer", "second_supplier", "refurbished", "rush", "wait")
    holders = [key for key, centre in document["centres"].items() if centre.get("depot")]
    policy: Document = {
        "on_stock_out": some(random, options, 2, 5),
        "pools": {"all": holders},
        "transfer_hours": random.choice(DURATIONS),
        "cost_per_transfer": 5.0,
        "second_supplier": {"lead_hours": random.choice(DURATIONS), "price_factor": 1.5},
        "refurbished": {"hours": random.choice(DURATIONS), "price_factor": 0.5, "share_available": 0.5},
        "rush": {"lead_hours": 0.5, "price_per_order": 9.0, "severities": some(random, SEVERITIES, 1, 3)},
        "holding_share_per_year": random.choice((0.0, 0.2)),
    }
    document.setdefault("parts_policy", {}).update(policy)
