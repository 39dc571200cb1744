# Every target does its own set-up: Python 3.11 with pip and venv, and make, are enough.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
PEERS  := .venv-peers
OUT    ?= results/sprint_2007
SCOPE  ?= policies
SAMPLE ?= 150
# What is run without the compiler: not the year of 3,000 people, which takes minutes as plain Python, nor random
# scenarios, whose worlds are built by kernels that count on the compiler's whole numbers.
INTERPRETED := tests/rules tests/world tests/engines/test_parity.py tests/engines/test_crowds.py \
	tests/engines/test_reference.py -k 'not first_look and not random_scenarios'

.DEFAULT_GOAL := help
.PHONY: help demo test mutants bench validate backtest worlds experiments peers lint docs coverage clean

help:  ## List the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@echo "compiling, once: one to three minutes"
	$(BIN)/python -m wom_sim.warm
	@touch $(STAMP)

demo: $(STAMP)  ## The Sprint case at 53 million customers, with pictures
	$(BIN)/wom-sim compare scenarios/sprint_2007.toml --fit-memory --out $(OUT) --overwrite

test: $(STAMP) lint  ## Layers, lint, types and every test
	$(BIN)/python -m pytest -n auto --dist worksteal

mutants: $(STAMP)  ## Do the tests notice small faults? SCOPE=policies|kernels|outcomes|study|present|by_hand SAMPLE=150 (0: all)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[mutants]'
	$(BIN)/python tests/mutants/run.py $(SCOPE) --sample $(SAMPLE) $(if $(AGAIN),--again)

lint: $(STAMP)  ## Layers, lint and types
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy wom_sim

bench: $(STAMP)  ## Measure speed and memory on this machine
	$(BIN)/python benchmarks/run.py

validate: $(STAMP)  ## Check the known limits and patterns; writes docs/VALIDATION.md
	$(BIN)/python experiments/validation/report.py

backtest: $(STAMP)  ## Hold real cases against the defaults (10 GiB, minutes); writes docs/BACKTEST.md
	$(BIN)/python experiments/backtest/backtest.py

worlds: $(STAMP)  ## The Sprint case in 200 worlds (11.5 GiB, an hour or so); writes docs/SPRINT_WORLDS.md
	$(BIN)/python experiments/worlds/sprint.py

experiments: $(STAMP)  ## Answer the questions in experiments/ anew, reduced (minutes); FULL=1 writes the answers there
	$(BIN)/python experiments/run.py $(if $(FULL),--full)

docs: $(STAMP)  ## Write docs/ODD.md anew from the code
	$(BIN)/python docs/odd/generate.py

coverage: $(STAMP)  ## Line coverage with the compiler switched off
	mkdir -p results
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m coverage run -m pytest $(INTERPRETED)
	$(BIN)/python -m coverage report

peers: $(PEERS)/.installed  ## Compare cascades with other packages, in an environment of their own
	$(PEERS)/bin/python -m benchmarks.peers.agreement

$(PEERS)/.installed: pyproject.toml benchmarks/peers/requirements.txt
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check -e . pytest hypothesis -r benchmarks/peers/requirements.txt
	@touch $@

clean:  ## Remove the virtual environments and results
	rm -rf $(VENV) $(PEERS) results
