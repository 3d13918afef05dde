# Every target sets itself up with nothing but python3 (3.11 or newer), pip and make.
PYTHON ?= python3
PORT ?= 4010
KEYS ?= 250
API_KEY ?= sk_test_mock
BASE_URL ?=
BASE ?= main
SEED ?=
ARGS ?=

BIN := .venv/bin
READY := .venv/ready

.DEFAULT_GOAL := help
.PHONY: help run test generate changes check mock contract drift bench docs dist lock clean

help:  ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1|\2/' | column -t -s '|' 2>/dev/null \
		|| grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST)

run: $(READY)  ## List license keys: the account's if DODO_PAYMENTS_API_KEY is set, else a mock's
	@if [ -n "$$DODO_PAYMENTS_API_KEY" ]; then $(BIN)/dodo-licenses list --format table $(ARGS); \
	else $(BIN)/dodo-licenses list --demo --format table $(ARGS); fi

test: $(READY)  ## Run all tests: unit, integration and contract
	@$(BIN)/pytest -n auto $(ARGS)

generate: $(READY)  ## Write generated/dodo_licenses_api anew from openapi.yaml
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python generated/generate.py

changes: $(READY)  ## Tell what an edit of the spec does to callers: BASE=main
	@$(BIN)/python generated/changes.py "$(BASE)"

check: $(READY)  ## Check the spec, that generated code is current, lint and types
	@$(BIN)/openapi-spec-validator openapi.yaml
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python generated/generate.py --check
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

mock: $(READY)  ## Serve a mock in the foreground: PORT=4010 KEYS=250 API_KEY=sk_test_mock
	@$(BIN)/python -m dodo_licenses.mock --port "$(PORT)" --keys "$(KEYS)" --api-key "$(API_KEY)"

contract: $(READY)  ## Hold a server against openapi.yaml: BASE_URL=… API_KEY=… (default: the mock)
	@API_KEY="$(API_KEY)" $(BIN)/python -m tests.contract $(if $(BASE_URL),--base-url "$(BASE_URL)") $(if $(SEED),--seed "$(SEED)")

drift: $(READY)  ## Show what the contract suite catches, and write docs/drift.md (a quarter of an hour)
	@$(BIN)/python tests/drift/run.py $(ARGS)

bench: $(READY)  ## Compare with plain httpx and the vendor's SDK, and write docs/benchmarks.md (five minutes)
	@$(BIN)/python tests/bench/run.py $(ARGS)

docs: $(READY)  ## Build the site of README and docs/ into build/site
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict

dist: $(READY)  ## Build sdist and wheel into dist/, and try the wheel in clean environments
	@rm -rf dist
	@$(BIN)/python -m hatchling build -d dist
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pytest -q -m dist tests/wheel

lock: $(READY)  ## Pin the newest versions that pyproject.toml allows
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links --all-extras --group dev pyproject.toml -o requirements.lock

clean:  ## Remove what the other targets made
	@rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .schemathesis

# An environment without a ready file was left half-made, and is made anew.
$(READY): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not installed: Python 3.11 or newer is needed" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed, and $(PYTHON) is $$($(PYTHON) -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])'): name another one, as in make PYTHON=python3.13" >&2; exit 1; }
	@echo "setting up .venv" >&2
	@[ -e $(READY) ] || rm -rf .venv
	@[ -d .venv ] || $(PYTHON) -m venv .venv 2>/dev/null || { rm -rf .venv && $(PYTHON) -m venv --without-pip .venv; }
	@PIP="$(BIN)/python -m pip"; $$PIP --version >/dev/null 2>&1 || PIP="$(PYTHON) -m pip --python $(BIN)/python"; \
		$$PIP install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
		$$PIP install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)
