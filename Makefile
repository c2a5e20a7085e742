# make dataset   install, and build the dataset from seeds/pages into output/
# make test      install, and run all tests
# make validate  build releases, hold them to the validators of others, and load them in the tools that people use (an environment of its own, 1.5 GB)
# make lint      style and types
# make bench     a made-up country from end to end, beside what people would write instead, in one run (an environment of its own, 0.3 GB)
#                BENCH='--sizes 1000,10000 --prefect' goes to tests/bench/country.py
# make bench-stages  speed of the stages, as ratios of one run
# make bench-clean   cleaning beside other extractors, on the same labelled pages in one run (installs them)
# make bench-measure  measuring beside general recognisers of quantities, on the same labelled sentences in one run (installs them)
# make dictionary   render schemas/README.md from schemas/*.yaml

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
VALIDATORS := .venv-validate
OTHERS := .venv-bench
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: dataset test validate lint bench bench-stages bench-clean bench-measure dictionary clean

dataset: $(VENV)/.dataset
	$(BIN)/baogao build

test: $(VENV)/.test
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

validate: $(VENV)/.dataset $(VALIDATORS)/.done
	rm -rf $(VALIDATORS)/releases
	$(BIN)/baogao build --no-prefect --output $(VALIDATORS)/releases/seed
	$(BIN)/baogao build tests/examples/corpus --no-prefect --output $(VALIDATORS)/releases/corpus
	@if [ -d ../shared/corpus ]; then $(BIN)/baogao build ../shared/corpus --no-prefect --output $(VALIDATORS)/releases/shared; \
	else echo "no release of ../shared/corpus is validated: it does not stand beside the project"; fi
	BAOGAO_RELEASES=$(VALIDATORS)/releases BAOGAO_CFFCONVERT=$(VALIDATORS)/cff/bin/cffconvert \
		$(VALIDATORS)/bin/python -m pytest --config-file tests/validate/pytest.ini tests/validate

lint: $(VENV)/.lint
	$(BIN)/ruff check
	$(BIN)/mypy

bench: $(VENV)/.test $(OTHERS)/.done
	$(BIN)/python tests/bench/country.py $(BENCH)

bench-stages: $(VENV)/.test
	$(BIN)/python tests/bench/stages.py

bench-clean: $(VENV)/.bench
	$(BIN)/python tests/bench/cleaning.py

bench-measure: $(VENV)/.bench-measure
	$(BIN)/python tests/bench/measuring.py

dictionary: $(VENV)/.dataset
	$(BIN)/python -m baogao.dictionary > schemas/README.md

clean:
	rm -rf $(VENV) $(VALIDATORS) $(OTHERS) output

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "baogao needs Python 3.11 or later: name one with make PYTHON=..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.dataset: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.dataset
	$(PIP) --editable '.[test]'
	@touch $@

# cffconvert and frictionless want different versions of jsonschema.
$(VALIDATORS)/.done: pyproject.toml constraints-validate.txt | $(VENV)/bin/python
	$(PYTHON) -m venv $(VALIDATORS)
	$(VALIDATORS)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(VALIDATORS)/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints-validate.txt --group validate
	$(PYTHON) -m venv $(VALIDATORS)/cff
	$(VALIDATORS)/cff/bin/python -m pip install --quiet --disable-pip-version-check cffconvert==2.0.0
	@touch $@

# What people would write is measured with what they would install, and nothing else.
$(OTHERS)/.done: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PYTHON) -m venv $(OTHERS)
	$(OTHERS)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(OTHERS)/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group bench-country
	@touch $@

$(VENV)/.lint: $(VENV)/.dataset
	$(PIP) --editable '.[test,dev]'
	@touch $@

# Older pips, such as the one in Python 3.11, fail on one extra of lxml that two packages spell differently.
$(VENV)/.bench: $(VENV)/.dataset
	$(PIP) --upgrade 'pip>=24.1'
	$(PIP) --editable '.[bench]'
	@touch $@

$(VENV)/.bench-measure: $(VENV)/.dataset
	$(PIP) --editable '.[bench-measure]'
	@touch $@
