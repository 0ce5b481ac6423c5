# Floyd: `make run` starts everything, `make test` tests everything. Nothing but Python 3.11 and make is needed.
.DEFAULT_GOAL := help
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes
# Checks and tests need settings but no accounts.
TEST_ENV := SECRET_KEY=only-for-tests PYTHONWARNINGS=default
PYTEST_ARGS ?= -n 2

.PHONY: help install run demo test check lock clean
help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# A stamp is written last, so an install that broke off half-way is simply done again.
$(RUNTIME): requirements.txt requirements-sandbox.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what Floyd needs (once, about a minute)…"
	@$(PIP) -r requirements.txt -r requirements-sandbox.txt
	@touch $@

$(DEVELOPMENT): $(RUNTIME) requirements-dev.txt
	@echo "Installing what the tests need (once)…"
	@$(PIP) -r requirements-dev.txt
	@touch $@

install: $(DEVELOPMENT)  ## make the virtual environment

check: $(DEVELOPMENT)  ## lint, types, import contracts, migrations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(TEST_ENV) DATABASE_URL=postgresql:///x REDIS_URL=unix:///x $(BIN)/mypy .
	@$(BIN)/lint-imports
	@$(TEST_ENV) $(BIN)/python -m floyd_site.embedded --temporary -- $(BIN)/python manage.py makemigrations --check --dry-run

test: $(DEVELOPMENT)  ## every test, on servers of its own
	@$(TEST_ENV) $(BIN)/python -m floyd_site.embedded --temporary -- $(BIN)/pytest $(PYTEST_ARGS)

lock:  ## compile requirements*.in to pinned, hashed files (needs uv)
	@for name in requirements requirements-sandbox requirements-dev; do uv pip compile -q --upgrade --generate-hashes --no-emit-index-url --python-version 3.11 --universal $$name.in -o $$name.txt; done
