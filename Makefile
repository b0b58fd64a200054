# The commands of the desk. They need make and Python >= 3.11; everything else they fetch into .venv.

# Where nothing compiled is kept, each of a dozen processes compiles everything again: four seconds of its start.
unexport PYTHONDONTWRITEBYTECODE

PORT ?= 8000
PY := .venv/bin/python
# Two workers more than cores, since many tests wait for a page or a clock. A file stays with one worker; more than four
# would want more connections than the servers of a run give.
CORES := $(shell getconf _NPROCESSORS_ONLN)
SPREAD ?= --numprocesses $(shell expr $(CORES) + 2) --maxprocesses 4 --dist loadfile --no-loadscope-reorder
SOURCES := aftersales customers tickets returns tests deploy manage.py $(wildcard bench)

.PHONY: help env demo test check lint style types architecture templates migrations sqlite suite coverage format clean

help:
	@echo "make demo    the whole desk with a sample shop on http://127.0.0.1:$(PORT) (PORT= changes it)"
	@echo "make test    everything that CI runs"
	@echo "make check   the quick part of it: style, types, architecture, migrations"
	@echo "make coverage  how much of the rules, the ledger and the money their own tests reach"
	@echo "make env     only the environment in .venv"

env:
	@deploy/environment base

demo: env
	@DEMO=1 PORT=$(PORT) exec $(PY) manage.py up

# Every part runs, whatever the ones before it said, so that one run shows all there is to mend. Chromium is fetched and
# the types, a minute of one core, are looked at beside the tests on SQLite; what lint says is told when it is through. So are
# the tests compiled, with pytest's assertions: each worker of the suite would do it for itself.
test:
	@deploy/environment test
	@{ deploy/browser; $(PY) -m pytest --collect-only -qq >/dev/null 2>&1; } & browser=$$!; \
	said=$$(mktemp); trap 'rm -f "$$said"' EXIT; failed=""; \
	$(MAKE) --no-print-directory --keep-going lint >"$$said" 2>&1 & lint=$$!; \
	echo "== sqlite"; $(MAKE) --no-print-directory sqlite || failed="$$failed sqlite"; \
	wait $$lint || failed="$$failed lint"; echo "== lint"; cat "$$said"; \
	wait $$browser; \
	echo "== suite"; $(MAKE) --no-print-directory suite || failed="$$failed suite"; \
	if [ -n "$$failed" ]; then echo "failed:$$failed"; exit 1; fi

check:
	@deploy/environment test
	@$(MAKE) --no-print-directory --keep-going lint
	@$(PY) manage.py check

# Side by side: the types take a minute of one core.
lint:
	@$(MAKE) --no-print-directory --keep-going --jobs 2 types style architecture templates migrations

style:
	$(PY) -m ruff check $(SOURCES)
	$(PY) -m ruff format --check $(SOURCES)

types:
	$(PY) -m mypy

architecture:
	.venv/bin/lint-imports --no-logo

templates:
	.venv/bin/djlint templates --lint --quiet

migrations:
	$(PY) manage.py makemigrations --check --dry-run

# What `make demo` runs on: where SQL or locking differs, and the roads of customers and staff once more on SQLite. The tests of
# the demo itself load the sample there. SQLITE=tests has all that does not need Postgres run there.
# Few of these wait: as many workers as cores.
SQLITE ?= $(patsubst %,tests/ledger/test_%.py,claims daily doorbell events once outbox passes timers) tests/search \
	$(patsubst %,tests/customers/test_%.py,archive enquiries merging olist_import segments tiers tracking) \
	$(patsubst %,tests/tickets/test_%.py,bulk calendars clocks complaints conversation distribution silence) \
	$(patsubst %,tests/returns/test_%.py,backtest exchange_road return_road) \
	$(patsubst %,tests/faces/desk/test_%.py,lists queue) tests/faces/portal/test_road.py tests/faces/portal/test_scope.py
sqlite:
	DESK_TEST_SQLITE=1 $(PY) -m pytest $(SPREAD) --numprocesses $(CORES) -q -m "not browser and not slow and not postgres" $(SQLITE)

suite:
	$(PY) -m pytest $(SPREAD)

# Branches count too. Only the tests that are about these parts: what a page happens to pass through proves nothing.
COVERED := aftersales.ledger aftersales.kernel.money returns.rules
coverage:
	@deploy/environment test
	$(PY) -m pytest $(SPREAD) -q $(addprefix --cov=,$(COVERED)) --cov-branch --cov-report=term:skip-covered \
		tests/rules tests/ledger tests/returns/rulebook tests/kernel/test_money.py
	@for part in "returns/rules/*" "aftersales/ledger/*" "aftersales/kernel/money.py"; do \
		echo "$$part $$($(PY) -m coverage report --include="$$part" --format=total) %"; \
	done

format:
	$(PY) -m ruff check --fix $(SOURCES)
	$(PY) -m ruff format $(SOURCES)

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis staticfiles
