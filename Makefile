# Two commands are enough: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/sh
PORT ?= 8000
HOST ?= 127.0.0.1
SCALE ?= 20000
PYTHON := $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --no-input --disable-pip-version-check
CATALOGUES := $(wildcard src/sellerdesk/locale/*/LC_MESSAGES/*.po)
.DEFAULT_GOAL := help
.PHONY: help install install-dev run test check bench demo docs fmt lint types imports tidy where lock chromium

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*##  *\(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "  make %-12s %s\n", $$1, $$2}'

install: .venv/installed  ## the program, into .venv
install-dev: .venv/installed-dev  ## and what its tests need

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Sellerdesk needs Python 3.11 or newer, and there is none on the PATH."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null; \
		else \
			echo "This Python cannot make environments: let an administrator install python3-venv."; exit 1; \
		fi; }
	@$(PYTHON) -m venv .venv

.venv/installed: requirements.lock pyproject.toml setup.py $(CATALOGUES) | .venv/bin/python
	@echo "Installing into .venv …"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/installed-dev: requirements-dev.lock .venv/installed
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

run: install  ## everything, with a demonstration world; PORT=8000
	@exec $(BIN)/sellerdesk up --demo --host $(HOST) --port $(PORT)

demo: install  ## load the demonstration world
	@$(BIN)/sellerdesk demo

chromium:
	@{ command -v chromium && command -v openssl; } >/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium openssl >/dev/null; \
		fi; } || true

test: install-dev chromium  ## all tests, on a PostgreSQL of their own
	@without=""; command -v chromium >/dev/null || { without="and not browser"; \
		echo "Left out: the browser tests, because there is no chromium here and only root may install it."; }; \
	$(BIN)/python -m pytest -q -n 2 --dist worksteal -m "not serial $$without" && \
	{ $(BIN)/python -m pytest -q -m "serial $$without" || [ $$? -eq 5 ]; }

check: install-dev  ## format, lint, types, import contracts, sizes, migrations, links
	@$(BIN)/ruff format --check
	@$(MAKE) --no-print-directory lint types imports
	@SELLERDESK_DATA_DIR=$$(mktemp -d) DJANGO_SETTINGS_MODULE=sellerdesk.config.settings \
		$(BIN)/python -W ignore::RuntimeWarning -m django makemigrations --check --dry-run
	@$(MAKE) --no-print-directory tidy

lint: install-dev
	@$(BIN)/ruff check

types: install-dev
	@$(BIN)/mypy

imports: install-dev  ## the arrows between floors
	@$(BIN)/lint-imports --no-cache

tidy: install-dev  ## the rules of the house that no tool knows
	@$(BIN)/python -m pytest -q tests/tidy

fmt: install-dev  ## format and repair
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix

bench: install-dev  ## workloads beside the bare database; SCALE=1000000
	@$(BIN)/python -m bench --orders $(SCALE)

docs: install-dev  ## write docs/reference from the code
	@$(BIN)/python docs/generate.py

where: install  ## where this installation keeps its things
	@$(BIN)/python -c 'from sellerdesk.config.environment import environment as e; print("data:", e().data_dir)'
	@echo "program: $(CURDIR)/$(BIN)/sellerdesk"

lock:  ## renew the lock files (needs uv)
	@uv pip compile -q pyproject.toml --group build --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header -o requirements.lock $(LOCK)
	@uv pip compile -q pyproject.toml --group build --group dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header -c requirements.lock -o requirements-dev.lock $(LOCK)
