# Every command a person or the CI runs. `make` alone lists them.
SHELL := /bin/sh
BIN := .venv/bin
GOLD ?= ../shared/gold/documents
ARCHIVE ?= ../shared/data
OUT ?= outputs
INSTALLED := .venv/.installed
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export DO_NOT_TRACK := 1

.PHONY: help setup demo test check format format-check lint types boundaries test-slow quality quality-raise train schema docs lock samples picture clean

help:  ## list the targets
	@grep -hE '^[a-z%-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | sort | expand -t 16

$(INSTALLED): requirements.lock pyproject.toml scripts/create_venv.sh
	sh scripts/create_venv.sh
	@touch $@

setup: $(INSTALLED)  ## create .venv from the lock, get Tesseract's Vietnamese data
	@sh scripts/get_tessdata.sh

demo: setup  ## load the samples, show example queries with their answers
	@OUT="$(OUT)" sh scripts/demo.sh

test: setup  ## the quick tests
	$(BIN)/pytest -q -n auto --dist loadfile

check: format-check lint types boundaries test  ## what must hold before a commit

format-check: setup
	$(BIN)/ruff format --check .

lint: setup
	$(BIN)/ruff check .

types: setup
	$(BIN)/mypy

boundaries: setup
	$(BIN)/lint-imports

format: setup  ## format and sort imports
	$(BIN)/ruff check --fix --select I .
	$(BIN)/ruff format .

test-slow: setup  ## slow tests, those that start a Prefect server, those in Chromium
	$(BIN)/pytest -q -n auto --dist loadfile -m "slow or prefect or browser"

quality: setup  ## measure on labelled documents (GOLD=...), compare with tests/quality/baseline.json
	OPENBLAS_NUM_THREADS=1 CONGVAN_GOLD="$(GOLD)" CONGVAN_ARCHIVE="$(ARCHIVE)" $(BIN)/python tests/quality/floors.py

quality-raise: setup  ## measure and raise the floors that are passed
	OPENBLAS_NUM_THREADS=1 CONGVAN_GOLD="$(GOLD)" CONGVAN_ARCHIVE="$(ARCHIVE)" $(BIN)/python tests/quality/floors.py --raise

train: setup  ## train the models again from labelled documents (GOLD=..., ARCHIVE=...)
	$(BIN)/congvan train "$(GOLD)" $(if $(wildcard $(ARCHIVE)),--archive "$(ARCHIVE)")

schema: setup  ## write docs/schema/record.schema.json
	$(BIN)/python -m pipeline.schema

docs: setup  ## write docs/commands.md from the program
	$(BIN)/python scripts/write_commands.py

lock:  ## resolve the dependencies again, keeping the pins that still fit
	@[ -x $(BIN)/uv ] || $(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --python-version 3.11 --all-extras --group dev --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-header --quiet --output-file requirements.lock pyproject.toml

samples: setup  ## build the binary samples again (needs fonts-liberation2)
	$(BIN)/python samples/make_samples.py

picture: setup  ## draw the pictures of the README from a real result
	$(BIN)/python scripts/make_picture.py

bench-%: setup  ## run one benchmark: bench-bulk, bench-search, bench-desk, bench-reading
	$(BIN)/python -m bench.$*$(if $(wildcard bench/$*/__main__.py),,.run) $(ARGS)

clean:  ## remove what can be made again, except .venv
	rm -rf $(OUT)/* .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	git checkout -q -- $(OUT)/README.md 2>/dev/null || true
