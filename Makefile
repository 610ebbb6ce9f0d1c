# `make` alone lists the targets. Each one does its own set-up.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv
STAMP := $(VENV)/.installed
UV := $(shell command -v uv || echo .tools/bin/uv)
RUN := PATH="$(CURDIR)/$(VENV)/bin:$$PATH"
ARGS ?=

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

.tools/bin/uv: # by a Python that has pip, which our own environment has not
	@PATH="$${PATH//$(CURDIR)\/$(VENV)\/bin:/}" python3 -m pip install --quiet --target .tools uv==0.13.9 --root-user-action ignore

# requirements.lock decides every version, by hash. Compiled at once: the house is many processes.
$(STAMP): requirements.lock pyproject.toml $(if $(findstring .tools,$(UV)),.tools/bin/uv)
	@$(UV) venv --quiet --allow-existing $(VENV)
	@$(UV) pip sync --quiet --compile-bytecode --python $(VENV)/bin/python --require-hashes requirements.lock
	@$(UV) pip install --quiet --python $(VENV)/bin/python --no-deps --no-build-isolation --editable .
	@$(VENV)/bin/python -m compileall -q forfald services shared simulators
	@touch $@

.PHONY: setup
setup: $(STAMP) ## the virtual environment

.PHONY: lock
lock: $(if $(findstring .tools,$(UV)),.tools/bin/uv) ## choose versions anew
	@$(UV) pip compile --quiet pyproject.toml --extra dev --universal --generate-hashes --no-header --output-file requirements.lock
	@$(UV) pip compile --quiet pyproject.toml --universal --generate-hashes --no-header --constraint requirements.lock --output-file deploy/runtime.lock

.PHONY: check
check: $(STAMP) ## format, lint, types, import contracts, house rules
	@$(RUN) ruff format --check .
	@$(RUN) ruff check .
	@$(RUN) mypy
	@$(RUN) lint-imports
	@$(RUN) pytest -q tests/house $(ARGS)

.PHONY: format
format: $(STAMP) ## format and mend what can be mended by itself
	@$(RUN) ruff format .
	@$(RUN) ruff check --fix .

.PHONY: demo
demo: $(STAMP) ## the whole house on this machine; ARGS="--port 0" and more
	@$(RUN) forfald demo $(ARGS)

# What tests need beside Python: Chromium and strace from Debian, Apache Kafka by checksum where
# there is Java, an agency's own client by hash. What cannot be had is skipped and says so; with CI=true a skip is a failure.
.PHONY: parts
parts: $(STAMP)
	@for part in chromium strace; do command -v $$part >/dev/null || missing="$$missing $$part"; done; \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y $$missing >/dev/null; fi
	@if command -v java >/dev/null && command -v mvn >/dev/null; then $(RUN) python -m shared.testing.kafka; fi
	@$(RUN) python -m tests.simulators.debitura_client.environment || true

.PHONY: kafka
kafka: $(STAMP) ## Apache Kafka for the tests that need it, by checksum
	@$(RUN) python -m shared.testing.kafka

.PHONY: test
test: parts ## all tests, in at most fifteen minutes; ARGS="-k word" narrows
	@# Each worker waits for PostgreSQL and others about as long as it works: two for each of two cores.
	@$(RUN) pytest -q -n 4 --dist loadfile --no-loadscope-reorder $(ARGS)

.PHONY: soak
soak: parts ## the large sizes: random histories, every crash point
	@$(RUN) pytest -q -n 2 --dist worksteal tests/soak $(ARGS)

.PHONY: bench
bench: parts ## ratios against named limits, into docs/benchmarks.md
	@$(RUN) python -m tests.perf $(ARGS)

.PHONY: bench-full
bench-full: parts ## the same with up to a million invoices, shown only
	@$(RUN) python -m tests.perf --dry --full --only receivables $(ARGS)

.PHONY: events
events: $(STAMP) ## schemas, AsyncAPI and catalogue of the event stream
	@$(RUN) python -m forfald.events_document

.PHONY: pictures
pictures: parts ## the pictures in docs/, by the journey in the browser
	@$(RUN) python -m tests.journeys.pictures
