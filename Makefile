# Every target builds what it needs in .venv first; a fresh machine needs python3 (3.11 or newer) and make.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint format pictures bench lock clean help

help:           ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## */\t/' | sort

demo: .venv/.runtime-stamp  ## open iptui on a made-up company, no AWS account needed
	@$(BIN)/iptui --demo

test: .venv/.dev-stamp  ## run all tests
	$(BIN)/python -m pytest -n auto

lint: .venv/.dev-stamp  ## ruff, mypy --strict, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: .venv/.dev-stamp  ## put the code in order
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

pictures: .venv/.dev-stamp  ## draw the pictures in docs/ from the running demo
	$(BIN)/python docs/pictures.py

bench: .venv/.dev-stamp  ## measure against limits and other programs, into docs/performance.md
	$(BIN)/python -m benchmarks

lock:           ## renew the locked requirements (needs uv on the PATH)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	    --no-annotate --no-header -q pyproject.toml --group build -o requirements/runtime.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	    --no-annotate --no-header -q pyproject.toml --group build --group dev -o requirements/dev.txt

clean:          ## remove what was built
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis dist

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo "iptui needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.runtime-stamp: requirements/runtime.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev-stamp: requirements/dev.txt .venv/.runtime-stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@
