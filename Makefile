# Two commands matter: `make run` and `make test`. Both need only Python 3.11 and make.
SHELL := /bin/bash
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
export UV_PYTHON_DOWNLOADS := never
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help run test check demo stop reset setup setup-dev format conformance bench bench-redeploy load fuzz bench-ocr screenshots test-models

help: ## what there is to make
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

run: setup ## set everything up and serve the three bundles until Ctrl-C
	@$(BIN)/lienthong up

test: setup-dev ## set everything up and pass all tests
	@$(BIN)/lienthong build-staff
	@bash tests/system-packages.sh
	@FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-5} $(BIN)/python -m pytest -n 2 --dist loadfile tests

demo: setup ## the same stack on free ports, one dossier a bundle from filing to hand-over (ENGINE=host:port REST=url for a cluster)
	@$(BIN)/lienthong demo $(if $(ENGINE),--engine $(ENGINE)) $(if $(REST),--rest $(REST))

check: setup-dev ## format, lint, types, architecture, fast tests; under 30 s
	@bash tests/check.sh

test-models: setup ## run the scenario files of bpmn/ on the virtual clock
	@$(BIN)/lienthong test-models

conformance: setup ## DMN TCK: N of M (TCK=DIR)
	@$(BIN)/python bench/conformance.py

bench: setup-dev ## the engine beside a calibration loop and an echo; table and plot in docs/reference (QUICK=1)
	@$(BIN)/python bench/engine.py $(if $(QUICK),--quick,--write)

bench-redeploy: setup-dev ## impact report and batch over 60,000 running instances (INSTANCES=N)
	@$(BIN)/python bench/redeploy.py $(if $(INSTANCES),--instances $(INSTANCES))

load: setup-dev ## filings and reads on PostgreSQL for ten minutes; table and plot in docs/reference (MINUTES=1 HISTORY=1000)
	@$(BIN)/lienthong build-staff
	@$(BIN)/python bench/load/run.py $(if $(MINUTES),--minutes $(MINUTES),--ceiling --write) $(if $(HISTORY),--history $(HISTORY))

fuzz: setup-dev ## random models, expressions, decisions and REST bodies: no crash, no hang (FUZZ_EXAMPLES=N)
	@FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-500} $(BIN)/python -m pytest tests/fuzz -n 2

bench-ocr: setup-dev ## error rates and speed of the reading of papers (PAGES=DIR)
	@$(BIN)/python bench/ocr.py

screenshots: setup-dev ## pictures of every page in screenshots/
	@$(BIN)/lienthong build-staff
	@$(BIN)/python tests/browser/screenshots.py

format: setup-dev ## format the Python sources
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

stop: ## stop what `make run` started in another terminal
	@test -x $(BIN)/lienthong && $(BIN)/lienthong stop || echo "Nothing to stop: not set up."

reset: ## delete all data in var/ (asks first)
	@test -x $(BIN)/lienthong && $(BIN)/lienthong reset || echo "Nothing to reset: not set up."

setup: $(VENV)/.run-stamp
setup-dev: $(VENV)/.dev-stamp

$(VENV)/bin/uv: requirements-bootstrap.lock
	@command -v $(PYTHON) >/dev/null || { echo "Expected Python 3.11 as '$(PYTHON)', but found none: install it or say make PYTHON=/path/to/python3.11 …"; exit 1; }
	@echo "→ Creating the environment in $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-bootstrap.lock
	@touch $(VENV)/bin/uv

$(VENV)/.run-stamp: requirements.lock pyproject.toml | $(VENV)/bin/uv
	@echo "→ Installing the locked packages (about 0.5 GB to download the first time, hashes checked)"
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --require-hashes -r requirements.lock
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev-stamp: requirements-dev.lock $(VENV)/.run-stamp
	@echo "→ Installing the locked test packages"
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --require-hashes -r requirements-dev.lock
	@touch $@
