"""Public holidays, weekends and made-up working days of real places, to the day."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.holiday_dates import (
    EXTRA_NAME,
    check_place,
    default_weekend,
    needs_subdivision,
    public_holidays,
    working_days_made_up,
)

#: Country and state of the places that a scenario of the region may name.
PLACES = (
    *(("MY", state) for state in ("PNG", "KUL", "JHR", "SBH", "KDH", "KTN", "TRG", "07")),
    *((country, None) for country in ("TH", "VN", "ID", "PH", "KH", "SG", "CN", "BN", "LA", "MM")),
)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
dates = st.dates(date(2024, 1, 1), date(2029, 12, 31))


def of_2026(country: str, subdivision: str | None = None) -> dict[date, str]:
    """Return the holidays of a place in 2026."""
    return public_holidays(country, subdivision, FIRST, LAST)


#: A slow machine is no counterexample.
untimed = settings(deadline=None)


# Properties


@untimed
@given(st.sampled_from(PLACES), dates, st.integers(0, 800), st.data())
def test_a_shorter_range_is_a_part_of_a_longer_one(
    place: tuple[str, str | None], first: date, length: int, data: st.DataObject
) -> None:
    """Holidays and made-up days of a range are those of a longer range that fall into it, in order."""
    last = first + timedelta(days=length)
    begin = data.draw(st.dates(first, last))
    end = data.draw(st.dates(begin, last))
    longer = public_holidays(*place, first, last)
    shorter = public_holidays(*place, begin, end)
    assert list(shorter.items()) == [item for item in longer.items() if begin <= item[0] <= end]
    assert sorted(shorter) == list(shorter)
    assert working_days_made_up(*place, begin, end) == tuple(
        day for day in working_days_made_up(*place, first, last) if begin <= day <= end
    )


@untimed
@given(st.sampled_from(PLACES), st.sets(dates, max_size=5), st.sets(dates, max_size=5))
def test_a_scenario_adds_and_takes_away_dates(
    place: tuple[str, str | None], extra: set[date], taken: set[date]
) -> None:
    """Extra dates in the range become holidays, dates taken away are none, all others keep their names."""
    extra -= taken
    official = of_2026(*place)
    changed = public_holidays(*place, FIRST, LAST, extra=extra, not_=taken)
    expected = {day: EXTRA_NAME for day in extra if FIRST <= day <= LAST} | official
    assert changed == {day: name for day, name in expected.items() if day not in taken}


@untimed
@given(st.sampled_from(PLACES), dates)
def test_made_up_days_are_weekend_days_and_no_holidays(place: tuple[str, str | None], first: date) -> None:
    """A day that is worked to make up for another falls on a weekend and is not a holiday itself."""
    last = first + timedelta(days=400)
    holidays = public_holidays(*place, first, last)
    for day in working_days_made_up(*place, first, last):
        assert day.strftime("%a").lower() in default_weekend(*place, on=day)
        assert day not in holidays


# Examples: holidays


def test_penang_keeps_days_that_kuala_lumpur_does_not() -> None:
    """Heritage Day (7 July) and the Governor's birthday (second Saturday of July) are Penang's alone."""
    penang, capital = of_2026("MY", "PNG"), of_2026("MY", "KUL")
    assert {day: name for day, name in penang.items() if day not in capital} == {
        date(2026, 7, 7): "George Town Heritage Day",
        date(2026, 7, 11): "Birthday of the Governor of Penang",
    }
    assert "Federal Territory Day" in capital[date(2026, 2, 1)]
    assert "Federal Territory Day" not in penang[date(2026, 2, 1)]


def test_a_state_is_the_same_by_code_number_or_name() -> None:
    """PNG, 07 and Pulau Pinang are one state."""
    assert of_2026("MY", "PNG") == of_2026("MY", "07") == of_2026("MY", "Pulau Pinang")


def test_sabah_and_johor_keep_their_own_days() -> None:
    """Kaamatan (30-31 May) is Sabah's, the Sultan's birthday (23 March) Johor's."""
    sabah, johor = of_2026("MY", "SBH"), of_2026("MY", "JHR")
    assert {date(2026, 5, 30), date(2026, 5, 31)} <= sabah.keys()
    assert date(2026, 5, 30) not in johor
    assert "Sultan of Johor" in johor[date(2026, 3, 23)]


def test_tet_2026_closes_vietnam_for_a_week() -> None:
    """Vietnam rests from Monday 16 to Friday 20 February 2026 for Tet, whose first day is the 17th."""
    vietnam = of_2026("VN")
    assert [day for day in vietnam if day.month == 2] == [date(2026, 2, day) for day in range(16, 21)]
    assert vietnam[date(2026, 2, 17)] == "Lunar New Year"


def test_songkran_2026_is_three_days() -> None:
    """Thailand rests on 13, 14 and 15 April 2026, and on no day around them."""
    thailand = of_2026("TH")
    songkran = [day for day, name in thailand.items() if "Songkran" in name]
    assert songkran == [date(2026, 4, day) for day in (13, 14, 15)]
    assert not {date(2026, 4, day) for day in (9, 10, 11, 12, 16, 17)} & thailand.keys()


def test_khmer_new_year_2026_is_three_days() -> None:
    """Cambodia rests on 14, 15 and 16 April 2026."""
    days = [day for day, name in of_2026("KH").items() if "Khmer New Year" in name]
    assert days == [date(2026, 4, day) for day in (14, 15, 16)]


def test_indonesia_closes_with_collective_leave() -> None:
    """Collective leave is eight days of 2026; after Idul Fitri (21-22 March) it closes the 23rd and 24th."""
    indonesia = of_2026("ID")
    march = {day.day: name for day, name in indonesia.items() if day.month == 3}
    assert sorted(march) == [18, 19, 20, 21, 22, 23, 24]
    assert march[21] == "Eid al-Fitr"
    assert [day for day, name in march.items() if "Joint Holiday" in name] == [18, 20, 23, 24]
    assert sum("Joint Holiday" in name for name in indonesia.values()) == 8


def test_dates_that_are_not_settled_say_so() -> None:
    """Idul Fitri of 2026 is settled and that of 2028 estimated, in the words of the package."""
    assert of_2026("MY", "KUL")[date(2026, 3, 21)] == "Eid al-Fitr"
    later = public_holidays("MY", "KUL", date(2028, 1, 1), date(2028, 12, 31))
    assert later[date(2028, 2, 27)] == "Eid al-Fitr (estimated)"
    assert later[date(2028, 8, 31)] == "National Day"


def test_names_do_not_depend_on_the_language_of_the_machine() -> None:
    """With a Thai environment the names are English all the same."""
    program = (
        "from datetime import date; from scenarios.holiday_dates import public_holidays as p;"
        "day = date(2026, 5, 1); print(p('TH', None, day, day), p('SG', None, day, day))"
    )
    environment = {
        **os.environ,
        "LANGUAGE": "th",
        "LANG": "th_TH.UTF-8",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    told = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert "National Labor Day" in told
    assert "Labour Day" in told


def test_reading_a_scenario_does_not_load_the_package() -> None:
    """The holidays package is loaded by the first question, not by the import of this module."""
    program = "import sys, scenarios.holiday_dates; print('holidays' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert told.strip() == "False"


def test_a_holiday_that_a_scenario_adds_keeps_its_official_name() -> None:
    """A date that is a holiday anyway is not renamed by being added."""
    new_year = date(2026, 1, 1)
    assert public_holidays("PH", None, new_year, new_year, extra=[new_year]) == {new_year: "New Year's Day"}


# Examples: made-up working days and weekends


def test_made_up_working_days_of_2026() -> None:
    """China works six weekend days of 2026, Vietnam 22 August for 31 August, and Thailand none."""
    assert working_days_made_up("CN", None, FIRST, LAST) == (
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    )
    assert working_days_made_up("VN", None, FIRST, LAST) == (date(2026, 8, 22),)
    assert date(2026, 8, 31) in of_2026("VN")
    assert working_days_made_up("TH", None, FIRST, LAST) == ()


def test_a_day_is_made_up_in_the_year_after() -> None:
    """Vietnam worked Saturday 5 January 2019 for 31 December 2018, whichever of these years is asked for."""
    assert working_days_made_up("VN", None, date(2019, 1, 1), date(2019, 1, 31)) == (date(2019, 1, 5),)
    assert date(2018, 12, 31) in public_holidays("VN", None, date(2018, 12, 1), date(2018, 12, 31))


@pytest.mark.parametrize(
    ("country", "subdivision", "weekend"),
    [
        ("MY", "KDH", ("fri", "sat")),
        ("MY", "Kelantan", ("fri", "sat")),
        ("MY", "11", ("fri", "sat")),
        ("MY", "JHR", ("sat", "sun")),
        ("MY", "PNG", ("sat", "sun")),
        ("MY", "KUL", ("sat", "sun")),
        ("BN", None, ("fri", "sun")),
        ("SG", None, ("sat", "sun")),
        ("ID", None, ("sat", "sun")),
        ("CN", None, ("sat", "sun")),
    ],
)
def test_weekends(country: str, subdivision: str | None, weekend: tuple[str, ...]) -> None:
    """Each place rests on its own days of the week."""
    assert default_weekend(country, subdivision) == weekend


@pytest.mark.parametrize(
    ("on", "weekend"),
    [
        (date(2013, 12, 31), ("sat", "sun")),
        (date(2014, 1, 1), ("fri", "sat")),
        (date(2024, 12, 31), ("fri", "sat")),
        (date(2025, 1, 1), ("sat", "sun")),
    ],
)
def test_johor_changed_its_weekend_twice(on: date, weekend: tuple[str, ...]) -> None:
    """Johor rested on Friday and Saturday from 2014 to 2024."""
    assert default_weekend("MY", "JHR", on=on) == weekend


# Examples: places and ranges that are refused


@pytest.mark.parametrize("country", ["XX", "my", "MYS", "Malaysia", ""])
def test_unknown_countries_are_refused(country: str) -> None:
    """A country is named by two capitals; what is not known is refused with the list of what is."""
    with pytest.raises(ValueError, match=f"unknown country '{country}': allowed are .*MY.*TH.*VN"):
        check_place(country, None)


@pytest.mark.parametrize("subdivision", ["XXX", "", "png", "7"])
def test_unknown_states_are_refused(subdivision: str) -> None:
    """A state that Malaysia does not have is refused with the list of its sixteen."""
    with pytest.raises(ValueError, match=rf"'{subdivision}' of MY: .*07 \(Pulau Pinang, PNG\).*16 \(.*PJY\)"):
        check_place("MY", subdivision)


def test_a_state_of_a_country_without_states_is_refused() -> None:
    """Where the package knows no states, none may be given."""
    with pytest.raises(ValueError, match="'10' of TH: it has none"):
        check_place("TH", "10")


@pytest.mark.parametrize("place", PLACES)
def test_places_of_the_region_are_known(place: tuple[str, str | None]) -> None:
    """Every place of the region, and its country as such, is accepted and has holidays."""
    check_place(*place)
    check_place(place[0], None)
    assert len(of_2026(*place)) >= 5


def test_malaysia_needs_a_state() -> None:
    """Malaysia is a known country, but its holidays and weekends are told for a state only."""
    check_place("MY", None)
    assert needs_subdivision("MY")
    assert not needs_subdivision("TH")
    for question in (
        lambda: public_holidays("MY", None, FIRST, LAST),
        lambda: working_days_made_up("MY", None, FIRST, LAST),
        lambda: default_weekend("MY", None),
    ):
        with pytest.raises(ValueError, match=r"MY needs a subdivision: allowed are 01 \(Johor, JHR\)"):
            question()


def test_impossible_ranges_are_refused() -> None:
    """A range must not end before it begins, nor leave the years that the package knows."""
    with pytest.raises(ValueError, match=r"ends .2026-01-01. before it begins .2026-12-31."):
        public_holidays("TH", None, LAST, FIRST)
    with pytest.raises(ValueError, match="holidays of MY are known from 1952 to 2100"):
        public_holidays("MY", "KUL", date(2100, 1, 1), date(2101, 1, 1))


def test_a_date_cannot_be_added_and_taken_away() -> None:
    """A date that a scenario both closes and opens is a contradiction, and named."""
    with pytest.raises(ValueError, match="2026-06-01 is both"):
        public_holidays("TH", None, FIRST, LAST, extra=[date(2026, 6, 1)], not_=[date(2026, 6, 1)])
