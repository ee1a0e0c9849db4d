# The two doors: `make run` shows the product, `make test` says whether a change may go in.
PYTHON ?= python3
BIN := .venv/bin
PYTEST := $(BIN)/pytest
# A process that dies ends the run: pytest-xdist would wait for ever for what it had been given.
PARALLEL ?= -n 2 --dist loadfile --no-loadscope-reorder --max-worker-restart 0
# What takes longest begins first: at the end no process waits for another. Every folder is named: one that is
# named beside what holds it keeps no order.
folders = $(1) $(filter-out $(1) tests/__pycache__,$(patsubst %/,%,$(wildcard tests/*/)))
TESTS := $(call folders,tests/browser tests/journeys tests/architecture tests/operate tests/demo tests/web)
# Of the deep tests without a browser: fuzzing, kills, walks.
DEEP := $(call folders,tests/web tests/evidence tests/architecture tests/analysis tests/operate tests/demo)
ONLY ?=

# Each stage of the tests starts anew, as each command that is timed: what Python compiled for one, the next reads.
test test-postgres test-quick test-deep bench: export PYTHONDONTWRITEBYTECODE =

.PHONY: run test test-postgres test-quick test-deep lint style types bench lock clean environment-run environment-dev environment-spark

run: environment-run ## Install, fill with the demo company, serve.
	@exec $(BIN)/vertebra demo --serve

# Types are one process's work, and PostgreSQL keeps its tests waiting now and then: side by side neither core is idle.
test: environment-dev style ## Everything a change must pass.
	@$(MAKE) --no-print-directory -j 2 types test-postgres
	VERTEBRA_CHROMIUM="$$($(BIN)/python tools/browser.py)" $(PYTEST) $(PARALLEL) $(TESTS) -m "not deep"

test-postgres: environment-dev
	$(BIN)/python tools/with_postgres.py $(PYTEST) $(PARALLEL) $(TESTS) -m "postgres and not deep and not browser"

test-quick: environment-dev ## SQLite, no browser.
	$(PYTEST) $(PARALLEL) $(TESTS) -m "not deep and not browser and not real_data"

test-deep: environment-dev ## `make test` on PostgreSQL, journeys through the large company there; fuzzing, kill points, disk full, long walks.
	VERTEBRA_CHROMIUM="$$($(BIN)/python tools/browser.py)" $(BIN)/python tools/with_postgres.py $(PYTEST) $(PARALLEL) $(TESTS) -m "browser and deep or not browser and (postgres or not deep)"
	$(PYTEST) $(PARALLEL) $(DEEP) -m "deep and not browser" -rs

lint: style types

types: environment-dev
	$(BIN)/mypy

style: environment-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	find vertebra -path '*/templates/*' -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 5.2 --check
	$(BIN)/python tools/messages.py check

bench: environment-dev ## Every benchmark, or ONLY=name.
	$(BIN)/python -m benchmarks $(if $(ONLY),--only $(ONLY)) $(if $(JSON),--json)

environment-run:
	@$(PYTHON) tools/environment.py run

environment-dev:
	@$(PYTHON) tools/environment.py dev

environment-spark: environment-dev ## PySpark too (470 MB; asks for a Java): `make test-deep` then asks a Spark cluster as well.
	$(BIN)/uv pip install --quiet --python $(BIN)/python -r pyproject.toml --extra analytics --extra spark

lock: environment-dev ## Pin again what pyproject.toml asks for.
	$(BIN)/uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate -o requirements/run.txt
	$(BIN)/uv pip compile -q pyproject.toml --extra analytics --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate -o requirements/analytics.txt
	$(BIN)/uv pip compile -q pyproject.toml --extra analytics --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate -o requirements/dev.txt

clean: ## Remove what tools made; the data folder stays.
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache test-results dist
