# Every target sets itself up with nothing but python3 (3.11 or newer), pip and make: `run` and `mock` with
# what running needs (requirements.txt), the others with what working on it needs, too (requirements-dev.txt).
PYTHON ?= python3
PORT ?= 4010
KEYS ?= 250
API_KEY ?= sk_test_mock
BASE_URL ?=
BASE ?= main
SEED ?=
RESOLUTION ?= lowest-direct
ARGS ?=

# What Python compiles is kept whatever the environment says: the tests start a hundred processes.
export PYTHONDONTWRITEBYTECODE :=

BIN := .venv/bin
RUNS := .venv/runs
READY := .venv/ready
PIP_INSTALL = $$PIP install --quiet --disable-pip-version-check --no-compile --require-hashes
LOCK := uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links
PIP := PIP="$(PYTHON) -m pip --python $(BIN)/python"; $$PIP --version >/dev/null 2>&1 \
	|| { PIP="$(BIN)/python -m pip"; $$PIP --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null; }
FROM_SOURCE := PYTHONPATH="$(CURDIR)/wrappers:$(CURDIR)/generated"

LIST = $(FROM_SOURCE) $(BIN)/python -m dodo_licenses list --format table $$([ -n "$$DODO_PAYMENTS_API_KEY" ] || echo --demo)
ENDS := NR <= 6 { print; next } { kept[NR] = $$0 } \
	END { if (NR > 10) print "…"; for (n = NR > 10 ? NR - 3 : 7; n <= NR; n++) print kept[n] }
define NEXT

Next:
  make run ARGS="--status active --limit 5"   every row, with any option of the command line
  make compare                                95 keys, listed by the vendor's SDK and by this client
  make mock                                   a server to point your own program at
  make help                                   everything else
endef
export NEXT

.DEFAULT_GOAL := help
.PHONY: help run test generate changes portable upstream check mock contract drift bench compare compat docs dist smoke versions lock clean

help:  ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1|\2/' | column -t -s '|' 2>/dev/null \
		|| grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST)

run: $(RUNS)  ## List license keys: the account's if DODO_PAYMENTS_API_KEY is set, else a mock's
	@$(if $(ARGS),$(LIST) $(ARGS),keys=$$(COLUMNS=80 $(LIST)) && printf '%s\n' "$$keys" | awk '$(ENDS)' && printf '%s\n' "$$NEXT")

test: $(READY)  ## Run all tests: unit, integration and contract
	@$(BIN)/pytest -n auto --dist worksteal $(ARGS)

generate: $(READY)  ## Write generated/dodo_licenses_api anew from openapi.yaml
	@$(BIN)/python generated/generate.py

changes: $(READY)  ## Tell what an edit of the spec does to callers: BASE=main
	@$(BIN)/python generated/changes.py "$(BASE)"

portable: $(READY)  ## Have openapi-generator, Redocly, Prism and others read the spec, and use what they make of it
	@$(BIN)/python generated/portable.py

upstream: $(READY)  ## Compare the spec with the vendor's newest SDK, and say what to edit
	@$(BIN)/python generated/upstream.py

check: $(READY)  ## Check the spec, that generated code is current, lint and types
	@$(BIN)/openapi-spec-validator openapi.yaml
	@$(BIN)/python generated/check_spec.py
	@$(BIN)/python generated/generate.py --check
	@$(BIN)/python generated/complete.py
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/bandit --quiet --configfile pyproject.toml --recursive wrappers generated docs
	@$(BIN)/zizmor --offline --quiet .github action.yml

mock: $(RUNS)  ## Serve a mock in the foreground: PORT=4010 KEYS=250 API_KEY=sk_test_mock
	@$(FROM_SOURCE) $(BIN)/python -m dodo_licenses.mock --port "$(PORT)" --keys "$(KEYS)" --api-key "$(API_KEY)"

# The default API key is the mock's, and goes nowhere else. Of a status above 0 make itself makes 2, and says which it was.
ifneq ($(origin API_KEY),file)
contract: export DODO_PAYMENTS_API_KEY = $(API_KEY)
endif
contract: $(READY)  ## Check a server against the documentation: BASE_URL=… API_KEY=… (default: the mock)
	@$(BIN)/dodo-licenses contract run $(if $(BASE_URL),--base-url "$(BASE_URL)") $(if $(SEED),--seed "$(SEED)") $(ARGS)

drift: $(READY)  ## Show which planted bugs the contract suite reports, and write docs/drift.md (seven minutes)
	@$(BIN)/python tests/drift/run.py $(ARGS)

bench: $(READY)  ## Compare with plain httpx and the vendor's SDK, and write docs/benchmarks.md (five minutes)
	@$(BIN)/python tests/bench.py $(ARGS)

compare: $(READY)  ## See what the vendor's SDK and this client do in the same situations, 95 keys first
	@$(BIN)/python docs/examples/lost_page.py
	@echo
	@$(BIN)/python docs/examples/comparison.py

compat: $(READY)  ## Run the vendor's newest SDKs against the mock, and this client against Prism: docs/compat.md
	@$(BIN)/python tests/portable/compat.py

docs: $(READY)  ## Build the site of README and docs/ into build/site
	@$(BIN)/python docs/site.py

dist: $(READY)  ## Build sdist and wheel into dist/, and try the wheel in clean environments
	@rm -rf dist
	@$(BIN)/python -m hatchling build -d dist
	@$(MAKE) --no-print-directory smoke

smoke: $(READY)  ## Try the wheel in dist/ in clean environments, with the lowest and with the newest versions
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pytest -q -m dist tests/wheel

versions: $(READY)  ## Run the tests with the lowest versions that are allowed, or the newest: RESOLUTION=lowest-direct
	@$(BIN)/uv venv --quiet --clear --python $(PYTHON) build/versions
	@$(BIN)/uv pip install --quiet --python build/versions/bin/python --resolution $(RESOLUTION) \
		--requirements pyproject.toml --all-extras --group dev --editable .
	@PATH="$(CURDIR)/build/versions/bin:$$PATH" build/versions/bin/python -m pytest -n auto $(ARGS)

lock: $(READY)  ## Pin the newest versions that pyproject.toml allows
	@$(BIN)/$(LOCK) --upgrade --all-extras --group dev -o requirements-dev.txt
	@$(BIN)/$(LOCK) --extra cli --extra mock --constraint requirements-dev.txt -o requirements.txt
	@$(BIN)/$(subst pyproject.toml,--group build,$(LOCK)) --constraint requirements-dev.txt -o requirements-build.txt

clean:  ## Remove what the other targets made
	@rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .schemathesis .cache

# An environment without such a file was left half-made, and is made anew. It has no pip of its own, which takes longer
# to install than all that running needs, but where the pip outside is too old to install into it.
$(RUNS): requirements.txt
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not installed: Python 3.11 or newer is needed" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed, and $(PYTHON) is $$($(PYTHON) -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])'): name another one, as in make PYTHON=python3.13" >&2; exit 1; }
	@echo "setting up .venv" >&2
	@[ -e $(RUNS) ] || [ -e $(READY) ] || rm -rf .venv
	@[ -d .venv ] || $(PYTHON) -m venv --without-pip .venv
	@$(PIP); $(PIP_INSTALL) -r requirements.txt
	@touch $(RUNS)

# uv is some twenty times faster than pip here. Where it finds no index, since it doesn't read pip's settings, pip does it.
$(READY): $(RUNS) requirements-dev.txt pyproject.toml
	@echo "adding what working on it needs to .venv" >&2
	@sed -n '/^uv==/,/[^\\]$$/p' requirements-dev.txt > .venv/uv.txt
	@$(PIP); $(PIP_INSTALL) -r .venv/uv.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.txt \
		|| { $(PIP); $(PIP_INSTALL) -r requirements-dev.txt; }
	@$(PIP); $$PIP install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)
