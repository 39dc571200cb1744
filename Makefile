# Every target does its own set-up: Python 3.11 with pip and venv, and make, are enough.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
OUT    ?= results/sprint_2007

.DEFAULT_GOAL := help
.PHONY: help demo test bench validate lint clean

help:  ## List the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@echo "compiling, once: one to three minutes"
	$(BIN)/python -m wom_sim.warm
	@touch $(STAMP)

demo: $(STAMP)  ## The Sprint case at 53 million customers, with pictures
	$(BIN)/wom-sim compare scenarios/sprint_2007.toml --out $(OUT) --overwrite

test: $(STAMP) lint  ## Layers, lint, types and every test
	$(BIN)/python -m pytest

lint: $(STAMP)  ## Layers, lint and types
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy wom_sim

bench: $(STAMP)  ## Measure speed and memory on this machine
	$(BIN)/python benchmarks/run.py

validate: $(STAMP)  ## Check the known limits and patterns; writes docs/VALIDATION.md
	$(BIN)/python experiments/validation/report.py

clean:  ## Remove the virtual environment and results
	rm -rf $(VENV) results
