# Everything starts from Python >= 3.11 and make; the rest is fetched, pinned and hashed, into .venv/.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

# The first Python on this machine that is new enough; name another with `make PYTHON=…`.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
BIN := .venv/bin
PY := $(BIN)/python
FLASK := $(BIN)/flask --app wsgi
INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-header --no-annotate
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard core/translations/*/LC_MESSAGES/*.po))
# Rules that decide about people and numbers: every line and branch of them is tested.
RULES := campaign/board.py,campaign/compare.py,campaign/extension.py,campaign/figures.py,campaign/progress.py,campaign/slip.py,campaign/tally.py,campaign/tasks.py,campaign/wording.py,campaign/workdays.py,checkin/admission.py,checkin/code.py,core/charts/*,core/errors.py,core/exif.py,core/file_kinds.py,core/findings.py,core/passwords.py,core/personal.py,core/picture_parts.py,core/qr.py,core/sealed.py,core/sheets/archive.py,core/sheets/cells.py,core/sheets/marks.py,core/sheets/separated.py,core/text.py,core/videos.py,core/zips.py,scoring/cement/*,scoring/draft.py,scoring/evaluation/*,scoring/figures.py,scoring/intake.py,scoring/messages.py,scoring/phase.py,scoring/redaction.py,scoring/round_folder/*,scoring/screens/*,scoring/statistics/*,scoring/submission.py
WORKERS ?= 2
PORT ?= 8000

##@ Use

setup: .venv/.server $(CATALOGUES) ## Install what the server needs, fetch the scanner's parts, compile translations
	@$(MAKE) -s .venv/.assets || echo "Going on without them. / 先不带扫码组件继续。"

run: setup ## Start the server with demonstration data and print its address (PORT=8000)
	@QM_PUBLIC_URL="$${QM_PUBLIC_URL:-http://localhost:$(PORT)}" $(FLASK) serve --port $(PORT)

run-lan: setup ## The same over HTTPS for the phones in this local network
	@$(FLASK) serve --lan --port $(PORT)

demo: setup ## Fill the database with demonstration data
	@$(FLASK) setup
	@$(FLASK) demo fill

##@ Development

test: dev ## Run the tests (ARGS="tests/core -k name" for some of them)
	@$(PY) -m pytest -q -n $(WORKERS) $(ARGS)

check: static-checks check-migrations check-tests ## Everything that must hold before a change is handed in

fix: lint-tools ## Format and repair what the linters can repair
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .
	@$(PY) -m core.assets npm run --silent fix

bench: dev ## Measure speed; each benchmark prints its figures
	@for file in bench/*.py; do name=$$(basename $$file .py); \
		[ "$$name" = __init__ ] || $(PY) -m bench.$$name || exit 1; done

hooks: dev ## Run the quick checks before each of your commits
	@$(BIN)/pre-commit install

pictures: dev ## Take the pictures of README.md from our own pages (ARGS="--all DIR" for every page)
	@$(PY) -m tests.gallery $(ARGS)

messages: dev ## Collect the marked messages into the translation catalogues
	@$(BIN)/pybabel -q extract -F pyproject.toml -k N_ -k _l --no-location --sort-output -o core/messages.pot \
		core campaign checkin scoring templates
	@$(BIN)/pybabel -q update -N --ignore-obsolete --ignore-pot-creation-date -i core/messages.pot -d core/translations

lock: .venv/.server ## Pin the dependencies again after a change in pyproject.toml (UPGRADE=--upgrade for newer ones)
	@$(PY) -m pip install --quiet --disable-pip-version-check uv
	@$(COMPILE) $(UPGRADE) pyproject.toml -o requirements/server.txt
	@$(COMPILE) $(UPGRADE) --group assets -o requirements/assets.txt
	@$(COMPILE) $(UPGRADE) --group dev -c requirements/server.txt -o requirements/dev.txt

clean: ## Remove what was installed and generated; the database in var/ stays
	@rm -rf .venv node_modules static/vendor .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage htmlcov
	@rm -f $(CATALOGUES)

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' Makefile

##@ Single checks

static-checks: check-style check-types check-imports check-templates check-scripts ## All checks that start no server

check-style: dev ## Python style
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .

check-types: dev ## Python types
	@$(BIN)/mypy

check-imports: dev ## Who may import whom
	@$(BIN)/lint-imports --no-logo

check-templates: dev ## HTML templates
	@$(BIN)/djlint --quiet --lint templates

check-scripts: lint-tools ## JavaScript and CSS
	@$(PY) -m core.assets npm run --silent lint

check-migrations: dev ## The migrations make exactly the tables of the models
	@dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && export QM_DATABASE_URL="sqlite:///$$dir/check.db" QM_DATA_DIR="$$dir" && \
		$(FLASK) db upgrade && $(FLASK) db check

check-tests: dev .venv/.assets ## All quick tests, with what they must cover
	@$(PY) -m pytest -q -n $(WORKERS) --cov --cov-report=term $(ARGS)
	@$(BIN)/coverage report --include=$(RULES) --fail-under=100

# What is installed, by stamps: a target is made again only when its lock changed.

dev: .venv/.dev $(CATALOGUES)
	@[ -e .venv/.assets ] || $(MAKE) -s .venv/.assets || echo "Going on without them."

lint-tools: .venv/.dev .venv/.lint-tools

$(PY):
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed. / 需要 Python 3.11 或更新版本。"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "No virtual environment could be made: install python3-venv. / 无法创建虚拟环境，请先安装 python3-venv。"; exit 1; }

.venv/.server: requirements/server.txt | $(PY)
	@echo "Installing the server's packages… / 正在安装服务器所需的包……"
	@$(INSTALL) -r requirements/server.txt
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.server
	@echo "Installing the development tools…"
	@$(INSTALL) -r requirements/dev.txt
	@touch $@

.venv/.npm: requirements/assets.txt .venv/.server
	@$(INSTALL) -r requirements/assets.txt
	@touch $@

.venv/.assets: package-lock.json core/assets.py .venv/.npm
	@echo "Fetching the scanner's parts… / 正在获取扫码组件……"
	@$(PY) -m core.assets
	@touch $@

.venv/.lint-tools: package-lock.json core/assets.py .venv/.npm
	@$(PY) -m core.assets --dev
	@touch .venv/.assets $@

%.mo: %.po .venv/.server
	@$(BIN)/pybabel -q compile -i $< -o $@

.PHONY: setup run run-lan demo test check fix bench hooks pictures messages lock clean help static-checks check-style \
	check-types check-imports check-templates check-scripts check-migrations check-tests dev lint-tools
