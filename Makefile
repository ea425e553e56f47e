# Needs make and a Python of at least 3.11; everything else goes into .venv by itself.
#
#   make run SCENARIO=my-net.toml     another scenario
#   make test ARGS="-k layers"        more arguments for pytest
#   make run PYTHON=/opt/python3.12   the Python that .venv is made with

VENV = .venv
BIN = $(VENV)/bin
SCENARIO =
ARGS =
PYTHON =

# Handed on through the environment, so that names with spaces or quotes in them need no care below.
export SCENARIO PYTHON

# Compiled files are kept: the tests start the program hundreds of times.
unexport PYTHONDONTWRITEBYTECODE

.DELETE_ON_ERROR:
.PHONY: help run demo test quick check check-latest versions fuzz wheel bench picture clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{ printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/run.stamp ## open the list of scenarios, or one of them: make run SCENARIO=two-layer-sigmoid
	@if [ -n "$$SCENARIO" ]; then exec $(BIN)/python -m nnhs_tui run "$$SCENARIO"; else exec $(BIN)/python -m nnhs_tui; fi

demo: $(VENV)/run.stamp ## a scenario that walks by itself
	@$(BIN)/python -m nnhs_tui run "$${SCENARIO:-two-layer-sigmoid}" --replay docs/demo.txt --speed 1

test: $(VENV)/dev.stamp ## all tests
	@$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

quick: $(VENV)/dev.stamp ## every test but the slow ones, of many cases of one a quarter
	@$(BIN)/python -m pytest -n auto --dist worksteal --quick $(ARGS)

check: $(VENV)/dev.stamp ## format, lint, types, layers, all tests, a minute of fuzz, and the built package
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m ruff check .
	$(BIN)/python -m mypy --strict nnhs_tui
	$(BIN)/lint-imports
	@$(MAKE) --no-print-directory test
	@$(MAKE) --no-print-directory fuzz ARGS="--seconds 60 --seed 1"
	@$(MAKE) --no-print-directory wheel

# An environment made today has the newest versions that pyproject.toml allows; .venv may be older.
check-latest: $(VENV)/pyvenv.cfg ## all but the slow tests on the newest allowed dependencies
	@$(BIN)/python -m venv --clear $(VENV)-latest
	@$(VENV)-latest/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@$(VENV)-latest/bin/python -m pytest -n auto --dist worksteal -m "not slow" $(ARGS)

versions: $(VENV)/dev.stamp ## the tests on each other Python that is promised and found here
	@sh tests/versions.sh $(VENV) $(ARGS)

wheel: $(VENV)/dev.stamp ## build the package and try it in an environment of its own
	@sh tests/wheel_check.sh $(BIN)/python

fuzz: $(VENV)/dev.stamp ## random inputs for five minutes; others: make fuzz ARGS="--seconds 3600"
	@$(BIN)/python -m fuzz $(ARGS)

bench: $(VENV)/bench.stamp ## the benchmarks
	@$(BIN)/python -m benchmarks $(ARGS)

picture: $(VENV)/run.stamp ## draw docs/screen.svg anew
	@$(BIN)/python -m nnhs_tui picture two-layer-sigmoid --at 30 --theme dark --size 120x36 --output docs/screen.svg

clean: ## remove what was built, .venv included
	rm -rf $(VENV) $(VENV)-* build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find nnhs_tui tests benchmarks fuzz -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# What is installed is installed again only where pyproject.toml or .venv is newer.

$(VENV)/run.stamp: pyproject.toml $(VENV)/pyvenv.cfg
	@$(call install,.)
	@touch $@

$(VENV)/dev.stamp: pyproject.toml $(VENV)/pyvenv.cfg
	@$(call install,.[dev])
	@touch $(VENV)/run.stamp $@

$(VENV)/bench.stamp: pyproject.toml $(VENV)/pyvenv.cfg
	@$(call install,.[bench])
	@touch $(VENV)/run.stamp $@

install = echo "Installing into $(VENV): this takes a while the first time, and needs the internet." >&2; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '$(1)' \
	|| { echo "Not everything could be installed: see above." >&2; exit 1; }

# .venv is made anew where its Python has gone, as after an upgrade of the system, or where making it
# was broken off: pip is what comes last.
ifneq ($(shell test -x $(BIN)/python && test -x $(BIN)/pip && echo there),there)
.PHONY: $(VENV)/pyvenv.cfg
endif

$(VENV)/pyvenv.cfg:
	@found=; \
	for python in $${PYTHON:+"$$PYTHON"} $(if $(PYTHON),,python3 python3.14 python3.13 python3.12 python3.11 python); do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue; \
		found=$$python; \
		if "$$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
			"$$python" -m venv --clear $(VENV); exit; \
		fi; \
	done; \
	if [ -n "$$found" ]; then \
		echo "$$found cannot make a virtual environment: install its venv module (on Debian or Ubuntu: sudo apt install python3-venv), then try again." >&2; \
	elif [ -n "$$PYTHON" ]; then \
		echo "$$PYTHON is not a Python of version 3.11 or newer." >&2; \
	else \
		echo "No Python of version 3.11 or newer was found: install one (on Debian or Ubuntu: sudo apt install python3 python3-venv), or name it: make run PYTHON=/path/to/python3." >&2; \
	fi; \
	exit 1
