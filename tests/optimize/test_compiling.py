"""What is compiled before the first plan: by two processes, each function once, from the present sources."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from numba.core.dispatcher import Dispatcher

from optimize.compiled_before import forget_stale
from optimize.engines import compiling, insertion_by_regret
from optimize.engines.compiled_search import warmup
from optimize.engines.compiling import OURS, THEIRS, Step, compile_by_two, second_process, signature, take
from optimize.lns import insertion, keeping, linked, search, walk


def compiled_functions() -> Iterator[Any]:
    """Every function of the search that numba keeps, once."""
    for module in (insertion, insertion_by_regret, keeping, linked, search, walk):
        for function in vars(module).values():
            is_own = isinstance(function, Dispatcher) and function.py_func.__module__ == module.__name__
            if is_own and function.stats.cache_path is not None:  # else it is part of what calls it
                yield function


def test_the_second_process_compiles_what_the_search_calls() -> None:
    """No function is compiled for two signatures, and those compiled by name are the search's own."""
    warmup()
    named = {step.function for step in (*OURS, *THEIRS)}
    for function in compiled_functions():
        kept = {key[0] for key in function._cache._cache_file._load_index()}
        assert len(kept) <= 1, function
        assert function not in named or kept == {signature(function)}, function


def test_each_part_is_made_by_one_process_and_waited_for_in_order() -> None:
    """No function is in both parts but one that is waited for, and neither waits for what comes later."""
    ours, theirs = ([step.function for step in steps] for steps in (OURS, THEIRS))
    assert set(ours) & set(theirs) == {insertion_by_regret.insert_by_regret}
    assert len(set(ours)) == len(ours) and len(set(theirs)) == len(theirs)
    made: list[Any] = []
    left = [list(OURS), list(THEIRS)]
    while any(left):
        # What nobody's part names is compiled within a function that is.
        able = [
            part for part in left if part and all(f in made or f not in ours + theirs for f in part[0].after)
        ]
        waits_for_itself = [part for part in left if part and part[0].after == (part[0].function,)]
        assert able or (waits_for_itself and not any(part for part in left if part not in waits_for_itself))
        made.append((able or waits_for_itself)[0].pop(0).function)


class Made:
    """Stands for a function that numba compiles, and takes down when it is."""

    def __init__(self, name: str, made: list[str]) -> None:
        self.name, self.made, self.signatures, self.py_func = name, made, (), lambda: None

    def compile(self, _: tuple[Any, ...]) -> None:
        """Take it down."""
        self.made.append(self.name)


def test_who_is_not_helped_compiles_all_itself() -> None:
    """Whether the other process has gone, or is there and makes nothing, everything is compiled, in order."""
    for is_helped in (bool, lambda: True):
        made: list[str] = []
        take([Step(Made("a", made)), Step(Made("b", made), (Made("other", made),))], is_helped)
        assert made == ["a", "b"]


def test_who_has_waited_in_vain_waits_no_more() -> None:
    """A process that hangs holds up the other once, not at each function anew."""
    made: list[str] = []
    waited_at: set[int] = set()

    def is_helped() -> bool:
        waited_at.add(len(made))
        return True

    never = (Made("never", []),)
    worked = SimpleNamespace(py_func=lambda: None, compile=lambda _: time.sleep(0.1))
    take([Step(worked), *(Step(Made(name, made), never) for name in "abc")], is_helped)
    assert made == ["a", "b", "c"] and waited_at == {0}


def test_what_the_other_process_makes_is_waited_for() -> None:
    """A function whose parts come from elsewhere is compiled after they are there, not before."""
    made: list[str] = []
    other = Made("other", made)

    def is_helped() -> bool:
        other.signatures = ("there",)  # type: ignore[assignment]
        made.append("other")
        return True

    take(
        [
            Step(SimpleNamespace(py_func=lambda: None, compile=lambda _: time.sleep(0.1))),
            Step(Made("b", made), (other,)),
        ],
        is_helped,
    )
    assert made == ["other", "b"]


def test_the_second_process_leaves_what_it_made_and_ends_with_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it has compiled is loaded by others; when who started it has gone, it goes too."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    first = THEIRS[0].function.py_func.__name__
    with second_process() as process:
        assert process is not None and process.stdin is not None
        while not list(tmp_path.glob(f"*/*.{first}-*.nbc")):
            assert process.poll() is None
            time.sleep(0.05)
        process.stdin.close()
        assert process.wait(60.0) == 1
    told = (
        "from optimize.engines.compiling import THEIRS, signature; function = THEIRS[0].function;"
        "function.compile(signature(function)); print(sum(function.stats.cache_hits.values()))"
    )
    shown = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "1"


def test_no_process_outlives_what_it_helps() -> None:
    """An error or an interrupt ends the second process."""
    with pytest.raises(KeyboardInterrupt), second_process() as process:
        raise KeyboardInterrupt
    assert process is not None and process.returncode is not None


@pytest.mark.parametrize("why", ["one core", "no interpreter", "packed", "cannot be started"])
def test_without_a_second_process_the_first_does_all(why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a second process is no use, or cannot be had, none is waited for."""
    helped: list[bool] = []
    monkeypatch.setattr(compiling, "take", lambda _, is_helped: helped.append(is_helped()))
    monkeypatch.setattr(
        os, "sched_getaffinity", lambda _: {0} if why == "one core" else {0, 1}, raising=False
    )
    if why == "no interpreter":
        monkeypatch.setattr(sys, "executable", "/usr/bin/true")
    elif why == "packed":
        monkeypatch.setattr(sys, "frozen", True, raising=False)
    elif why == "cannot be started":
        monkeypatch.setattr(sys, "executable", "/nowhere/python")
    compile_by_two()
    assert helped == ([False] if why == "cannot be started" else [])


def test_code_of_other_sources_is_not_loaded(tmp_path: Path) -> None:
    """What was compiled of a module goes when any of its sources changes in content, and only then."""
    sources = (tmp_path / "walk.py", tmp_path / "search.py")
    for source in sources:
        source.write_text("one")
    cached = [tmp_path / f"search.iterate-250.py311.{end}" for end in ("nbi", "1.nbc")]
    other = tmp_path / "searching.f-1.py311.nbi"

    def left() -> list[bool]:
        forget_stale(tmp_path, "search", sources)
        assert other.exists() and all(source.exists() for source in sources)
        return [file.exists() for file in cached]

    for file in (*cached, other):
        file.write_text("")
    assert left() == [False, False]  # of which sources it was made is not known
    for file in cached:
        file.write_text("")
    assert left() == [True, True]
    os.utime(sources[0], (1.0, 1.0))
    assert left() == [True, True]
    sources[0].write_text("two")
    assert left() == [False, False]
    forget_stale(tmp_path / "none", "search", sources)


def test_all_that_is_kept_is_known_by_its_sources() -> None:
    """Each function that numba keeps lies beside the mark of the sources that it was compiled from."""
    for function in compiled_functions():
        module = Path(function.py_func.__code__.co_filename).stem
        assert (Path(function.stats.cache_path) / f"{module}.sources").exists()
