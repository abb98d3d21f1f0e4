# Two commands do all the set-up: `make run` builds a graph from the documents in examples/, `make test` runs the tests.
# Both need Python 3.11 and make, nothing else.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
GRAPH ?= graph
EVERYTHING := .[hpo,flows,train,dev]

.PHONY: run test check lock neo4j neo4j-stop flows clean

# uv installs in seconds what pip takes minutes for; where only a pip mirror is set up, pip does it.
define install
	$(BIN)/python -m uv pip install --quiet --python $(BIN)/python -c constraints.txt $(1) \
	|| $(BIN)/python -m pip install --quiet -c constraints.txt $(1)
endef

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	|| { echo "medkg needs Python 3.11 to 3.13; name one: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9 || true

$(VENV)/.run: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing medkg into $(VENV) (some minutes the first time: torch is large)"
	$(call install,-e '.')
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing medkg with everything for its tests into $(VENV)"
	$(call install,-e '$(EVERYTHING)')
	@touch $@

run: $(VENV)/.run
	$(BIN)/kg build examples --graph $(GRAPH)

test: $(VENV)/.dev
	$(BIN)/python -m pytest --numprocesses 2 --dist loadgroup

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict kg flows schemas
	$(BIN)/lint-imports
	$(BIN)/python schemas/generate.py --check --check-biolink

neo4j: $(VENV)/.run
	$(BIN)/python tools/neo4j/server.py start

neo4j-stop:
	$(BIN)/python tools/neo4j/server.py stop

flows: $(VENV)/.dev
	$(BIN)/python -m flows.serve

lock: $(BIN)/python
	$(BIN)/python -m uv pip compile --quiet --python-version 3.11 --all-extras --no-annotate --no-header pyproject.toml -o constraints.txt

clean:
	rm -rf $(VENV) $(GRAPH) build dist
