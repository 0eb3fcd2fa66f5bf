# Two commands do all set-up: `make demo` and `make test`. They need python3 (3.11 or later) and make.
# Every step leaves a stamp and is skipped while nothing it reads has changed.

PYTHON ?= python3
UV ?= uv
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
PY := $(BIN)/python
STAMPS := $(VENV)/.stamps
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --no-input
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
CATALOGS := $(wildcard src/guanxi/locale/*/LC_MESSAGES/django.po)
COMPILED := $(CATALOGS:.po=.mo)
STATIC := src/guanxi/kernel/ui/static/guanxi
ASSETS := $(filter-out %.br %.gz,$(wildcard $(STATIC)/*.*))

.DEFAULT_GOAL := help
.PHONY: help setup setup-test demo test test-all check check-format check-lint check-types check-imports \
	check-templates check-house bench screenshots wheel format messages lock clean

help:  ## list what there is
	@$(PYTHON) -c "import re,sys; [print(f'  make {n:<12} {t}') for n, t in re.findall(r'^([\w-]+):.*?##\s+(.*)', open('Makefile', encoding='utf-8').read(), re.M)]"

# ---- set-up -----------------------------------------------------------------------------------------------

setup: $(STAMPS)/package $(STAMPS)/packed $(COMPILED)  ## install what running needs

setup-test: setup $(STAMPS)/test

$(STAMPS)/venv:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Guanxi needs Python 3.11 or later; this is ' + sys.version.split()[0] + '. Cure: make PYTHON=/path/to/python3.11')"
	@$(PYTHON) -c "import venv, ensurepip" || { echo "This Python cannot make a virtual environment. Cure: install it (Debian: apt-get install python3-venv)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/runtime: requirements/runtime.txt requirements/build.txt | $(STAMPS)/venv
	$(PIP) --require-hashes -r requirements/runtime.txt -r requirements/build.txt
	@touch $@

$(STAMPS)/package: pyproject.toml src/guanxi/__init__.py $(STAMPS)/runtime
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/test: requirements/test.txt $(STAMPS)/runtime
	$(PIP) --require-hashes -r requirements/test.txt
	@touch $@

$(STAMPS)/spark: requirements/spark.txt $(STAMPS)/test
	$(PIP) --require-hashes -r requirements/spark.txt
	@touch $@

$(STAMPS)/frontend: frontend/package-lock.json frontend/build.mjs frontend/echarts.mjs frontend/icons.json \
		frontend/install.py requirements/node.txt | $(STAMPS)/venv
	$(PY) -m frontend.install
	@touch $@

$(STAMPS)/packed: $(ASSETS) frontend/compress.py $(STAMPS)/frontend $(STAMPS)/runtime
	$(PY) -m frontend.compress
	@touch $@

%.mo: %.po | $(STAMPS)/runtime
	$(PY) -m messages compile

# ---- running ----------------------------------------------------------------------------------------------

demo: setup  ## make the demo company and serve it at 127.0.0.1:8000
	$(BIN)/guanxi demo

# ---- tests and checks -------------------------------------------------------------------------------------

QUICK := not postgres and not browser and not spark and not slow

test: setup-test  ## run the tests that need nothing but this folder
	$(PY) -m pytest -m "$(QUICK)"

test-all: setup-test  ## run every test, and say loudly what this machine cannot run
	@if command -v java >/dev/null; then $(MAKE) --no-print-directory $(STAMPS)/spark || true; fi
	$(PY) -m checks.all_tests

check: check-format check-lint check-types check-imports check-templates check-house  ## run every check

check-format: setup-test
	$(BIN)/ruff format --check

check-lint: setup-test
	$(BIN)/ruff check

check-types: setup-test
	$(BIN)/mypy

check-imports: setup-test
	$(BIN)/lint-imports --no-logo

check-templates: setup-test
	$(BIN)/djlint src/guanxi --lint --quiet

check-house: setup-test
	$(PY) -m checks

format: setup-test  ## format the code
	$(BIN)/ruff format
	$(BIN)/ruff check --fix-only --quiet

screenshots: setup-test  ## take the README's pictures on the demo company
	GUANXI_TEST_SCREENSHOTS=docs/screenshots $(PY) -m pytest src/guanxi/config/tests/test_journey.py

bench: setup-test  ## measure, and write the numbers down
	$(PY) -m benchmarks

# ---- for maintainers --------------------------------------------------------------------------------------

wheel: setup  ## build the wheel, assets and translations inside
	$(PY) -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .

messages: setup  ## bring the Chinese catalog up to date with the code
	$(PY) -m messages update

lock:  ## resolve the locks anew (needs uv and npm)
	$(LOCK) pyproject.toml -o requirements/runtime.txt
	$(LOCK) pyproject.toml --group test -o requirements/test.txt
	$(LOCK) --group spark -o requirements/spark.txt
	$(LOCK) --group build -o requirements/build.txt
	$(LOCK) --group node -o requirements/node.txt
	cd frontend && npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved && node lock.mjs

clean:  ## remove everything that was made, but not var/
	rm -rf $(VENV) .cache .ruff_cache .hypothesis dist build frontend/node_modules \
		$(STATIC)/vendor $(STATIC)/*.br $(STATIC)/*.gz $(COMPILED)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
