# Every target does its own set-up: make, and a Python from 3.11 on with pip and venv, are enough.
FIT    := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
first  = $(shell for p in $(1); do $$p -c '$(FIT)' 2>/dev/null && echo $$p && break; done)
PYTHON ?= $(call first,python3.14 python3.13 python3.12 python3.11 python3)
# The oldest versions that pyproject.toml admits were built for these.
ELDER  ?= $(call first,python3.11 python3.12)
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
PEERS  := .venv-peers
OUT    ?= results/sprint_2007
SCOPE  ?= policies
SAMPLE ?= 150
SEED   ?= 1
MINUTES ?= 600
# What is run without the compiler: not the year of 3,000 people, which takes minutes as plain Python, nor random
# scenarios, whose worlds are built by kernels that count on the compiler's whole numbers.
INTERPRETED := tests/rules tests/world tests/engines/test_parity.py tests/engines/test_crowds.py \
	tests/engines/test_reference.py -k 'not first_look and not random_scenarios'

# Tests and sources that were read once are kept as bytecode, whatever the shell says: each process of the tests would
# else translate them anew (docs/TESTING.md).
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help install demo test daily science oldest newest mesa mutants torture bench validate calibrate backtest agreement worlds experiments peers lint style types docs site coverage clean

help:  ## List the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

# $(call venv,python,folder,name of the variable): an environment, or words that no Python is fit for one.
define venv
	@$(or $(1),false) -c '$(FIT)' 2>/dev/null || { echo "make: $(if $(1),$(1) is not fit,no Python that is fit was found):" \
	"it takes a Python from 3.11 on with venv and ensurepip. Install one (on Debian: python3 and python3-venv)," \
	"or say which: make $(MAKECMDGOALS) $(3)=/path/to/python" >&2; exit 1; }
	$(1) -m venv $(2)
endef

# $(call try,folder,options of pip): every test in an environment that was just made; versions.txt says of what.
define try
	$(1)/bin/python -m pip install --quiet --disable-pip-version-check $(2) -e '.[dev]'
	$(1)/bin/python -m pip list --format=freeze --disable-pip-version-check > $(1)/versions.txt
	$(1)/bin/python -m wom_sim.warm
	$(1)/bin/python -m pytest -n auto --dist worksteal
endef

$(STAMP): pyproject.toml
	$(call venv,$(PYTHON),$(VENV),PYTHON)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@echo "compiling, once: half a minute to two minutes"
	$(BIN)/python -m wom_sim.warm
	@touch $(STAMP)

install: $(STAMP)  ## Install everything into .venv, and compile the engine once

demo: $(STAMP)  ## The Sprint case at 53 million customers, with pictures
	$(BIN)/wom-sim demo --out $(OUT)

test: $(STAMP) style  ## Layers, lint, types and every test but those of science (minutes)
	@$(MAKE) --no-print-directory -j 2 types daily

daily: $(STAMP)  ## Every test but those of science, without lint
	$(BIN)/python -m pytest -n auto --dist worksteal -m 'not science'

science: $(STAMP)  ## The tests that are slow by nature: patterns, limits, fits, kills, builds, the browser
	$(BIN)/python -m pytest -n auto --dist worksteal -m 'science'

mutants: $(STAMP)  ## Do the tests notice small faults? SCOPE=policies|kernels|outcomes|study|present|by_hand SAMPLE=150 (0: all)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[mutants]'
	$(BIN)/python tests/mutants/run.py $(SCOPE) --sample $(SAMPLE) $(if $(AGAIN),--again)

oldest:  ## Every test with the oldest versions that pyproject.toml admits
	$(call venv,$(ELDER),--clear .venv-oldest,ELDER)
	.venv-oldest/bin/python tests/lower_bounds.py > .venv-oldest/constraints.txt
	$(call try,.venv-oldest,-c .venv-oldest/constraints.txt)

newest:  ## Every test with the newest version of everything
	$(call venv,$(PYTHON),--clear .venv-newest,PYTHON)
	$(call try,.venv-newest)

mesa:  ## The tests of Mesa with its versions 3.3 to the newest, on every Python from 3.11 on that there is
	@$(or $(PYTHON),false) -c '$(FIT)' || { echo "make: no Python that is fit was found" >&2; exit 1; }
	$(PYTHON) tests/mesa_versions.py

lint: style types  ## Layers, lint and types

style: $(STAMP)  ## Layers and lint (seconds)
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: $(STAMP)  ## Types (a minute from nothing)
	$(BIN)/mypy wom_sim

torture: $(STAMP)  ## Hostile input, kills, full disks, flipped bits (hours; goes on where it was stopped); docs/RELIABILITY.md
	$(BIN)/python experiments/torture/hostile.py --seed $(SEED) --minutes $(MINUTES) --write
	$(BIN)/python experiments/torture/torture.py --replications 60

bench: $(STAMP)  ## Measure speed and memory on this machine
	$(BIN)/python benchmarks/run.py

validate: $(STAMP)  ## Check the known limits and patterns; writes docs/VALIDATION.md
	$(BIN)/python experiments/validation/report.py

calibrate: $(STAMP)  ## Learn from real cases how talk becomes news (an hour; goes on where it was stopped); docs/POSTERIOR.md
	$(BIN)/python experiments/posterior/simulate.py
	$(BIN)/python experiments/posterior/learn.py --write
	$(BIN)/python experiments/posterior/score.py
	$(BIN)/python experiments/posterior/sprint.py
	$(BIN)/python experiments/posterior/all_patterns.py --anew
	$(BIN)/python experiments/posterior/page.py

backtest: $(STAMP)  ## Score real cases beside a rule of thumb (1 GiB, minutes; QUICK=1: a first look); writes docs/BACKTEST.md
	$(BIN)/python experiments/backtest/backtest.py $(if $(QUICK),--quick)

agreement: $(STAMP)  ## Hold six cases fact by fact against the defaults (10 GiB, an hour); writes docs/AGREEMENT.md
	$(BIN)/python experiments/backtest/agreement.py

worlds: $(STAMP)  ## The Sprint case in 200 worlds (7 GiB, a quarter of an hour); writes docs/SPRINT_WORLDS.md
	$(BIN)/python experiments/worlds/sprint.py

experiments: $(STAMP)  ## Answer the questions in experiments/ anew, reduced (minutes); FULL=1 writes the answers there
	$(BIN)/python experiments/run.py $(if $(FULL),--full)

docs: $(STAMP)  ## Write docs/ODD.md, docs/TRADES.md, docs/PARAMETERS.md and docs/AUTHORITIES.md anew from the code
	$(BIN)/python docs/odd/generate.py
	$(BIN)/python docs/trades/generate.py
	$(BIN)/python docs/parameters/generate.py
	$(BIN)/python docs/countries/generate.py

site: $(STAMP)  ## Make a site of docs/ that works offline: results/site/index.html
	$(BIN)/python -m sphinx -q -W --keep-going -b html -c docs/site docs results/site
	@echo "made: results/site/index.html"

coverage: $(STAMP)  ## Line coverage with the compiler switched off
	mkdir -p results
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m coverage run -m pytest $(INTERPRETED)
	$(BIN)/python -m coverage report

peers: $(PEERS)/.installed  ## Compare cascades with other packages, in an environment of their own
	$(PEERS)/bin/python -m benchmarks.peers.agreement

$(PEERS)/.installed: pyproject.toml benchmarks/peers/requirements.txt
	$(call venv,$(PYTHON),$(PEERS),PYTHON)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check -e . pytest hypothesis -r benchmarks/peers/requirements.txt
	@touch $@

clean:  ## Remove the virtual environments and results
	rm -rf $(VENV) .venv-oldest .venv-newest .venv-mesa $(PEERS) results
