#!/bin/sh
# Usage: tests/versions.sh FOLDER [ARGUMENTS OF PYTEST]
# Runs the tests but the slow ones on each other Python that the program promises to run on and that
# is found here, each in an environment of its own, and says which was not found. Of the many cases
# of a test a quarter is tried: make test tries them all, and what a version does otherwise shows in
# each. On the first of them the tests of all below the screen make every warning an error, and
# Python's development mode looks for files and sockets left open; the others leave out what takes
# a second as well, as make quick does.
#
# A python3.12 on the PATH may be a version manager's stand-in that runs nothing: found is what
# runs. Those that pyenv has made are looked for as well.
set -eu
venv=$1
shift
versions='3.11 3.12 3.13 3.14'
here=$("$venv/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
pyenv=$(command -v pyenv >/dev/null && pyenv root 2>/dev/null || echo "$HOME/.pyenv")

# The Python of a version, as a command that runs and can make an environment.
python_of() {
	for python in "python$1" "$pyenv/versions/$1"*/bin/python; do
		"$python" -c "import ensurepip, sys, venv; sys.exit('%d.%d' % sys.version_info[:2] != '$1')" \
			>/dev/null 2>&1 || continue
		echo "$python"
		return
	done
	return 1
}

# An environment with the tests' packages; made anew where its Python has gone or pyproject.toml
# is newer.
environment() {
	if "$2/bin/python" -c '' 2>/dev/null && [ "$2/dev.stamp" -nt pyproject.toml ]; then return; fi
	echo "Installing into $2: this takes a while the first time, and needs the internet." >&2
	"$1" -m venv --clear "$2"
	"$2/bin/python" -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch "$2/dev.stamp"
}

# What reads, computes and prints; the screens' own tests take twice as long in development mode.
looked_at='tests/operations tests/scenario tests/autodiff tests/training tests/commands tests/debugger
  tests/marking tests/selftest tests/store tests/hall tests/exchange tests/present tests/worksheet
  tests/cli nnhs_tui'
others='tests/ui tests/serve tests/fuzz tests/ssh tests/benchmarks tests/test_*.py'

# The tests of some places: VERSION PLACES [ENVIRONMENT].
tried() {
	version=$1 places=$2
	shift 2
	# Through the environment, so that the workers and what the tests start have it too.
	env "$@" "$venv-$version/bin/python" -m pytest -n auto --dist worksteal --part "$ring" -q $places || failed="$failed $version"
}

missing='' failed='' ring='-mnot slow' mode='PYTHONDEVMODE=1 PYTHONWARNINGS=error'
for version in $versions; do
	[ "$version" != "$here" ] || continue
	if ! python=$(python_of "$version"); then
		missing="$missing $version"
		continue
	fi
	environment "$python" "$venv-$version"
	if [ $# -gt 0 ]; then
		echo "Python $version"
		tried "$version" "$*"
		continue
	fi
	echo "Python $version${mode:+, in development mode where it reads, computes and prints}"
	if [ -n "$mode" ]; then
		tried "$version" "$looked_at" $mode
		tried "$version" "$others"
		mode='' ring=--quick
	else
		tried "$version" "$looked_at $others"
	fi
done
for version in $missing; do
	echo "Python $version was not found here: not tried." >&2
done
[ -z "$failed" ] || { echo "Failed on Python$failed." >&2; exit 1; }
