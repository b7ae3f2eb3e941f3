#!/bin/sh
# Everything that is done with a clone of Banyan, one word each; `./do help` lists them.
# Each command first brings .venv in line with pyproject.toml and constraints.txt, and needs only
# a POSIX shell and Python 3.11 or later. What the commands mean is left to the tools they call.
set -eu
unset CDPATH PYTHONHOME PYTHONPATH  # a stranger's modules must not shadow ours
root=$(cd -- "$(dirname -- "$0")" && pwd -P)
cd -- "$root"
venv="$root/.venv"
stamp="$venv/banyan-installed"

usage() {
    cat <<'END'
usage: ./do COMMAND [ARGUMENT...]

  demo [OPTION...]       set up, then `banyan run one-city [OPTION...]`: KPIs, a table by city, a picture
  app [OPTION...]        set up, then `banyan app [OPTION...]`: the Scenario Lab in the browser
  test [PYTEST-ARG...]   set up with the extras, then lint, types, import floors and tests
  check                  the same without the tests
  study [PYTEST-ARG...]  all tests with every example, and the longer studies (half an hour)
  theory [PYTEST-ARG...] the full comparison with queueing and inventory theory (minutes)
  setup [EXTRA,...]      only set up .venv, with the extras named (test, dask)
  pin                    write constraints.txt anew from the newest versions that pyproject.toml allows

PYTHON=/path/to/python3 chooses the interpreter that a new .venv is made with.
END
}

say() { printf '%s\n' "$*" >&2; }

# Exit 2: something is missing that only the caller can install.
refuse() {
    for line in "$@"; do say "do: $line"; done
    exit 2
}

# --- the environment ---------------------------------------------------------------------------

is_supported() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

# Debian's python3 has venv without ensurepip, and fails only after it made half a .venv.
can_make_venv() {
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1
}

# Sets $python: the first that is new enough and can make a venv, else the first that is new enough.
find_python() {
    python=
    if [ -n "${PYTHON:-}" ]; then
        is_supported "$PYTHON" || refuse "PYTHON=$PYTHON does not run as Python 3.11 or later"
        python=$PYTHON
        return
    fi
    for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do
        is_supported "$candidate" || continue
        [ -n "$python" ] || python=$candidate
        if can_make_venv "$candidate"; then
            python=$candidate
            return
        fi
    done
    [ -n "$python" ] || refuse "Python 3.11 or later was not found" \
        "on Debian 12 or later, or Ubuntu 24.04 or later: apt-get install python3-venv" \
        "elsewhere: set PYTHON to the path of one"
}

make_venv() {
    find_python
    rm -rf -- "$venv"
    if can_make_venv "$python"; then
        say "do: making .venv with $("$python" --version)"
        "$python" -m venv "$venv" >&2 || made_no_venv "$python -m venv failed"
    elif command -v virtualenv >/dev/null 2>&1; then
        virtualenv --quiet --python "$python" "$venv" >&2 || made_no_venv "virtualenv failed"
    elif command -v uv >/dev/null 2>&1; then
        uv venv --quiet --seed --python "$python" "$venv" >&2 || made_no_venv "uv venv failed"
    else
        made_no_venv "$python cannot make a virtual environment: its modules venv and ensurepip are not installed"
    fi
}

made_no_venv() {
    rm -rf -- "$venv"
    refuse "$1" "on Debian or Ubuntu: apt-get install python3-venv" "then run this command again"
}

# A .venv holds absolute paths, so one that came along with a moved clone is made anew; one that the
# caller made is used as it is.
venv_works() {
    is_supported "$venv/bin/python" && "$venv/bin/python" -m pip --version >/dev/null 2>&1 || return 1
    [ ! -e "$venv/banyan-root" ] || [ "$(cat -- "$venv/banyan-root")" = "$root" ]
}

# pip, matplotlib and hypothesis all want to write below the home directory.
ensure_home() {
    if [ -n "${HOME:-}" ] && [ -d "$HOME" ] && [ -w "$HOME" ]; then return; fi
    HOME="$venv/home"
    export HOME
    mkdir -p -- "$HOME"
}

# setup EXTRAS: the stamp's first word is what was asked for then, its rest what it was made from.
setup() {
    venv_works || make_venv
    printf '%s\n' "$root" >"$venv/banyan-root"
    ensure_home
    wanted=$(cat pyproject.toml constraints.txt | cksum)
    installed=$(cat -- "$stamp" 2>/dev/null || true)
    case "$installed" in
    "${1:-base} $wanted" | "test,dask $wanted") return ;;
    esac
    say "do: installing into .venv${1:+ with extras $1} (first time: some minutes, under 1 GB)"
    rm -f -- "$stamp"
    "$venv/bin/python" -m pip --quiet --no-input --disable-pip-version-check \
        install --constraint constraints.txt --editable ".${1:+[$1]}" >&2
    printf '%s\n' "${1:-base} $wanted" >"$stamp"
}

# setup_provider: the identity provider that tests of signing in ask; without npm they are skipped.
setup_provider() {
    folder=tests/browser/oidc
    lock=$(cksum <"$folder/package-lock.json")
    [ "$(cat -- "$folder/node_modules/installed" 2>/dev/null)" != "$lock" ] || return 0
    if ! command -v npm >/dev/null 2>&1; then
        say "do: npm was not found, so tests of signing in are skipped"
        return 0
    fi
    npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error >&2 || {
        say "do: npm could not install the identity provider, so tests of signing in are skipped"
        return 0
    }
    printf '%s\n' "$lock" >"$folder/node_modules/installed"
}

# --- the commands ------------------------------------------------------------------------------

failed=

# attempt NAME COMMAND...: go on after a failure, so that one run shows all that is wrong.
attempt() {
    name=$1
    shift
    say "do: $name"
    "$@" || failed="$failed $name"
}

report() {
    [ -z "$failed" ] || { say "do: failed:$failed"; exit 1; }
}

check() {
    attempt lint "$venv/bin/python" -m ruff check .
    attempt format "$venv/bin/python" -m ruff format --check .
    attempt types "$venv/bin/python" -m mypy
    attempt floors "$venv/bin/lint-imports" --no-logo
}

# A fresh environment, so that nothing is pinned but what pyproject.toml asks for.
pin() {
    find_python
    can_make_venv "$python" || refuse "pin needs Python's modules venv and ensurepip" \
        "on Debian or Ubuntu: apt-get install python3-venv"
    fresh=$(mktemp -d)
    trap 'rm -rf -- "$fresh"' EXIT
    "$python" -m venv "$fresh/venv"
    "$fresh/venv/bin/python" -m pip --quiet --no-input install --editable '.[test,dask]'
    "$fresh/venv/bin/python" -m pip freeze --all --exclude-editable >"$fresh/frozen"
    { sed -n '/^#/p' constraints.txt; grep -viE '^(pip|wheel)==' "$fresh/frozen"; } >"$fresh/constraints.txt"
    cp -- "$fresh/constraints.txt" constraints.txt
}

command=${1:-help}
[ $# -eq 0 ] || shift
case "$command" in
demo)
    setup
    exec "$venv/bin/banyan" run one-city "$@"
    ;;
app)
    setup
    exec "$venv/bin/banyan" app "$@"
    ;;
test)
    setup test,dask
    setup_provider
    # Once, beside the checks, and not by every process of the tests at the same time.
    "$venv/bin/python" -c 'from optimize.engines import compiled_search as search
from optimize.bound import pricing as bound
search.warmup(), bound.warmup()' &
    compiling=$!
    check
    attempt compile wait "$compiling"
    attempt tests "$venv/bin/python" -m pytest -n 2 --dist worksteal "$@"
    report
    ;;
check)
    setup test,dask
    check
    report
    ;;
study)
    setup test,dask
    BANYAN_EXAMPLES=all
    export BANYAN_EXAMPLES
    exec "$venv/bin/python" -m pytest -n 2 --dist worksteal -o timeout=7200 -m "not theory" "$@"
    ;;
theory)
    setup test,dask
    exec "$venv/bin/python" -m pytest -o timeout=7200 -m theory "$@"
    ;;
setup) setup "$@" ;;
pin) pin ;;
help | -h | --help) usage ;;
*)
    usage >&2
    refuse "no such command: $command"
    ;;
esac
