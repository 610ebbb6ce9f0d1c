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

.tools/bin/uv:
	@python3 -m pip install --quiet --target .tools uv==0.13.9 --root-user-action ignore

# requirements.lock decides every version, by hash.
$(STAMP): requirements.lock pyproject.toml $(if $(findstring .tools,$(UV)),.tools/bin/uv)
	@$(UV) venv --quiet --allow-existing $(VENV)
	@$(UV) pip sync --quiet --python $(VENV)/bin/python --require-hashes requirements.lock
	@$(UV) pip install --quiet --python $(VENV)/bin/python --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: setup
setup: $(STAMP) ## the virtual environment

.PHONY: lock
lock: ## choose versions anew
	@$(UV) pip compile --quiet pyproject.toml --extra dev --universal --generate-hashes --no-header --output-file requirements.lock

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

.PHONY: kafka
kafka: $(STAMP) ## Apache Kafka for the tests that need it, by checksum
	@$(RUN) python -m shared.testing.kafka

.PHONY: test
test: $(STAMP) ## all tests; ARGS="-k word" narrows
	@$(RUN) pytest -q $(ARGS)
