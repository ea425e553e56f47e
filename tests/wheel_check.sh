#!/bin/sh
# Builds the package, installs it where nothing else is, and runs it from another folder.
# Usage: tests/wheel_check.sh PYTHON   (a Python with `build`; its path may be relative to the project)
set -eu

cd "$(dirname "$0")/.."
project=$(pwd)
python=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

fail() {
    echo "wheel: $1" >&2
    exit 1
}

echo "wheel: building"
# Without --wheel the wheel is made from the source archive, so that both are known to be complete.
"$python" -m build --outdir "$scratch/dist" . >"$scratch/build.log" 2>&1 || {
    cat "$scratch/build.log" >&2
    fail "it cannot be built"
}
"$python" -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --disable-pip-version-check "$scratch"/dist/*.whl

# No folder of the user's own, and nothing of the checkout, may lend a hand.
unset PYTHONPATH XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME
HOME=$scratch/home
export HOME
mkdir "$HOME" "$scratch/elsewhere"
cd "$scratch/elsewhere"
nnhs_tui=$scratch/venv/bin/nnhs-tui

"$nnhs_tui" list >list.txt
shipped=$(find "$project/scenarios" -maxdepth 1 -name '*.toml' | wc -l)
[ "$(wc -l <list.txt)" -eq "$shipped" ] || fail "list does not show the $shipped scenarios"

"$nnhs_tui" show two-layer-sigmoid >copy.toml
cmp -s copy.toml "$project/scenarios/two-layer-sigmoid.toml" || fail "show does not print the file"
installed=$("$scratch/venv/bin/python" -c 'import nnhs_tui; print(nnhs_tui.__path__[0])')
"$nnhs_tui" validate "$installed/scenarios/two-layer-sigmoid.toml" copy.toml

"$nnhs_tui" show irises >irises.toml || fail "the table of the irises is not in the package"
"$nnhs_tui" validate irises.toml

"$nnhs_tui" trace two-layer-sigmoid --json >trace.json
"$scratch/venv/bin/python" -m json.tool trace.json /dev/null || fail "trace --json is not JSON"

"$nnhs_tui" trace two-layer-sigmoid >trace.txt
"$nnhs_tui" run two-layer-sigmoid </dev/null >run.txt 2>run.err
[ -s trace.txt ] && cmp -s trace.txt run.txt || fail "run without a terminal does not print the trace"
[ "$(wc -l <run.err)" -eq 1 ] || fail "run without a terminal does not say so in one line"

"$nnhs_tui" tour --list >tour.txt
lessons=$(find "$project/scenarios/lessons" -name '*.toml' | wc -l)
[ "$(wc -l <tour.txt)" -eq "$lessons" ] || fail "tour does not show the $lessons lessons"
"$nnhs_tui" page one-to-one --output page.html
"$nnhs_tui" boundary --count 10 --svg boundary.svg

echo "wheel: builds, installs and runs"
