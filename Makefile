# Floyd: `make run` starts everything, `make test` tests everything. Nothing but Python 3.11 and make is needed.
.DEFAULT_GOAL := help
PYTHON ?= $(or $(shell command -v python3.11),python3)
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development
PEER := .bench-venv
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes
# Checks and tests need settings but no accounts.
TEST_ENV := SECRET_KEY=only-for-tests PYTHONWARNINGS=default
# PYTEST_ARGS="tests/calls -x" runs just that.
PYTEST_ARGS ?=
# How long Floyd waits on the line for the user's answer in the demo, in which he is slow on purpose.
DEMO_WAIT_S ?= 8
OPENAPI := $(TEST_ENV) DATABASE_URL=postgresql:///x REDIS_URL=unix:///x $(BIN)/python manage.py spectacular --validate --fail-on-warn
export ASK
# Ctrl-C is no error: make ends by the signal itself, without a word.
QUIETLY := || { status=$$?; [ $$status -ne 130 ] || { trap '' INT; kill -INT $$PPID; exit 0; }; exit $$status; }

.PHONY: help install run demo rehearse test slow chaos bench bench-relay bench-live bench-staff check openapi messages screens icons lock clean
help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# A stamp is written last, so an install that broke off half-way is simply done again.
$(RUNTIME): requirements.txt requirements-sandbox.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || { echo "Floyd needs Python 3.11. Install it, or say where it is: make run PYTHON=/path/to/python3.11"; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) || { echo "Python's venv module does not work. On Debian and Ubuntu: apt install python3.11-venv"; exit 1; }
	@echo "Installing what Floyd needs (once, about a minute)…"
	@$(PIP) -r requirements.txt -r requirements-sandbox.txt
	@touch $@

$(DEVELOPMENT): $(RUNTIME) requirements-dev.txt
	@echo "Installing what the tests need (once)…"
	@$(PIP) -r requirements-dev.txt
	@touch $@

install: $(DEVELOPMENT)  ## make the virtual environment

run: $(RUNTIME)  ## start Floyd: prints one address and a login; Ctrl-C stops everything
	@$(BIN)/python -m floyd_site.supervisor

demo: $(RUNTIME)  ## the journeys in the terminal (JOURNEY=name, ALL=1, or ASK="your own request")
	@trap : INT; env -u DATABASE_URL -u REDIS_URL USER_ANSWER_WAIT_S=$(DEMO_WAIT_S) $(BIN)/python -m floyd_site.supervisor --temporary --log .floyd/demo.log -- \
		$(BIN)/python manage.py floyd demo $(if $(ALL),--all) $(if $(ASK),--ask "$$ASK") $(JOURNEY) $(QUIETLY)

rehearse: $(RUNTIME)  ## play the scenarios of floyd_site/rehearsal (SCENARIO=name, SCENARIOS=folder, LINE=realtime, JSON=1, COMPARE=A,B)
ifdef COMPARE
	@trap : INT; SECRET_KEY=$${SECRET_KEY:-only-for-comparing} DATABASE_URL=postgresql:///x REDIS_URL=unix:///x $(BIN)/python manage.py floyd rehearse \
		--compare '$(COMPARE)' $(if $(LINE),--line $(LINE)) $(if $(SCENARIOS),--scenarios $(SCENARIOS)) $(if $(JSON),--json) $(SCENARIO) $(QUIETLY)
else
	@trap : INT; env -u DATABASE_URL -u REDIS_URL $(if $(LINE),CALL_LINE=$(LINE)) $(BIN)/python -m floyd_site.supervisor --temporary --log .floyd/rehearse.log -- \
		$(BIN)/python manage.py floyd rehearse $(if $(SCENARIOS),--scenarios $(SCENARIOS)) $(if $(JSON),--json) $(SCENARIO) $(QUIETLY)
endif

check: $(DEVELOPMENT)  ## lint, types, import contracts, migrations, no conflict markers
	@! git grep -nIE '^(<<<<<<<|>>>>>>>|\|\|\|\|\|\|\|)( |$$)' || { echo "A merge was not finished: resolve these conflicts."; exit 1; }
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(TEST_ENV) DATABASE_URL=postgresql:///x REDIS_URL=unix:///x $(BIN)/mypy .
	@$(BIN)/lint-imports
	@$(TEST_ENV) $(BIN)/python -m floyd_site.embedded --temporary -- $(BIN)/python manage.py makemigrations --check --dry-run
	@$(OPENAPI) | diff -u docs/openapi.yaml - || { echo "docs/openapi.yaml does not describe the API any more: run make openapi"; exit 1; }

screens: $(DEVELOPMENT)  ## pictures of every page in docs/screens (needs Chromium; ONLY="home texts" makes some)
	@$(TEST_ENV) $(BIN)/python -m floyd_site.embedded --temporary -- $(BIN)/pytest tests/browser/screens.py

icons: $(DEVELOPMENT)  ## draw the app's icons anew from static/icons/floyd.svg (needs Chromium)
	@$(BIN)/python -m tests.browser.draw_icons

openapi: $(DEVELOPMENT)  ## write docs/openapi.yaml, the description of the JSON API
	@$(OPENAPI) > docs/openapi.yaml

messages: $(DEVELOPMENT)  ## collect what pages say for translation, and compile the translations (needs gettext)
	@$(TEST_ENV) DATABASE_URL=postgresql:///x REDIS_URL=unix:///x $(BIN)/python manage.py makemessages -l de --no-location --no-wrap --no-obsolete -v 0 $(addprefix -i ,.venv .bench-venv tests sandbox bench staticfiles)
	@$(TEST_ENV) DATABASE_URL=postgresql:///x REDIS_URL=unix:///x $(BIN)/python manage.py compilemessages -l de -v 0 -i .venv -i .bench-venv

# First what may share the machine, then what listens and talks in real time, one test at a time.
test: $(DEVELOPMENT)  ## every test, on servers of its own
ifeq ($(strip $(PYTEST_ARGS)),)
	@$(TEST_ENV) $(BIN)/python -m floyd_site.embedded --temporary -- $(BIN)/pytest -n 2 -m "not (end_to_end or browser)"
	@$(TEST_ENV) $(BIN)/python -m floyd_site.embedded --temporary -- $(BIN)/pytest -m "end_to_end or browser"
else
	@$(TEST_ENV) $(BIN)/python -m floyd_site.embedded --temporary -- $(BIN)/pytest $(PYTEST_ARGS)
endif

slow: $(DEVELOPMENT)  ## calls of minutes with real sound: people who ring by script, on two lines; two Floyds; a call that is steered in a browser
	@$(TEST_ENV) $(BIN)/python -m floyd_site.embedded --temporary -- $(BIN)/pytest tests/end_to_end/callers.py tests/end_to_end/two_floyds.py tests/browser/live_control.py

chaos: $(DEVELOPMENT)  ## many more kill schedules than `make test` has (CHAOS_SCHEDULES=5000)
	@$(TEST_ENV) CHAOS_SCHEDULES=$(or $(CHAOS_SCHEDULES),5000) $(BIN)/python -m floyd_site.embedded --temporary -- $(BIN)/pytest tests/chaos

# What it is compared with has dependencies of its own, so it gets an environment of its own; without it the comparison goes on with Floyd alone.
$(PEER)/.installed: bench/requirements.txt
	@echo "Installing Pipecat to compare with (once)…"
	@{ $(PYTHON) -m venv $(PEER) && $(PEER)/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r $< && touch $@; } \
		|| { rm -rf $(PEER); echo "Pipecat could not be installed: its rows are left out."; }

bench: $(RUNTIME) $(PEER)/.installed  ## calls on one core, beside Pipecat: about 20 minutes; BENCH_QUICK=1 about 5
	@$(BIN)/python -m bench $(if $(BENCH_QUICK),--quick)

bench-relay: $(RUNTIME)  ## the ConversationRelay line beside the least that such a server can do: about 4 minutes; BENCH_QUICK=1 one
	@$(BIN)/python -m bench.relay $(if $(BENCH_QUICK),--quick)

bench-live: $(RUNTIME)  ## from a change in the database to 200 pages that watch it: about 5 minutes
	@env SECRET_KEY=only-for-benchmarks $(BIN)/python -m floyd_site.embedded --temporary -- $(BIN)/python -m bench.live

bench-staff: $(RUNTIME)  ## the pages of staff with 200 000 calls, every query explained: about 3 minutes
	@env SECRET_KEY=only-for-benchmarks ALLOWED_HOSTS=testserver $(BIN)/python -m floyd_site.embedded --temporary -- $(BIN)/python -m bench.staff_pages

lock:  ## compile requirements*.in to pinned, hashed files (needs uv)
	@for name in requirements requirements-sandbox requirements-dev bench/requirements; do uv pip compile -q --upgrade --generate-hashes --no-emit-index-url --python-version 3.11 --universal $$name.in -o $$name.txt; done
