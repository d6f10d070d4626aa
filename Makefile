# Needs Python >= 3.11, make and git; everything else is installed into .venv.
MAKEFLAGS += --no-print-directory
SHELL := /bin/sh
.DEFAULT_GOAL := help

# Relative, since make splits words at the spaces of a path.
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.synced
ARGS ?=
export UV_PROJECT_ENVIRONMENT := $(VENV)
export PYTHONUNBUFFERED := 1

.PHONY: help install demo demo-reset up test fuzz lint bench chaos acceptance upgrade messages architecture

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-12s %s\n", $$1, $$2}' Makefile

demo: $(STAMP) ## everything running, with sample data; Ctrl-C stops it
	@exec $(BIN)/python manage.py demo $(ARGS)

demo-reset: $(STAMP) ## forget the demo's data
	@$(BIN)/python -m feedback_site.embedded remove

up: $(STAMP) ## web, worker and beat without sample data
	@exec $(BIN)/python manage.py up $(ARGS)

test: $(STAMP) ## the test suite; ARGS="tests/surveys -k token" narrows it
	@$(BIN)/python -m pytest $(ARGS)

fuzz: $(STAMP) ## generated input, drawn again and more of it than in `make test`; FUZZ_FACTOR=50 for longer
	@FUZZ_FACTOR=$${FUZZ_FACTOR:-10} $(BIN)/python -m pytest tests/fuzz $(ARGS)

lint: $(STAMP) ## every check that needs no running test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet feedback_site/templates
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.compose-spec deploy/compose.yaml
	$(BIN)/uv lock --check --quiet
	$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@secret() { $(BIN)/python -c "import secrets; print(secrets.token_urlsafe(48))"; }; \
	  echo "manage.py check --deploy --fail-level WARNING"; \
	  env DJANGO_SETTINGS_MODULE=config.settings.production \
	  SECRET_KEY="$$(secret)" TOKEN_KEYS="$$(secret)" \
	  FIELD_ENCRYPTION_KEYS="$$(secret)" BLIND_INDEX_KEYS="$$(secret)" \
	  ACCESS_LOG_KEYS="$$(secret)" TRUSTED_PROXIES=1 \
	  DATABASE_URL=postgres://check@127.0.0.1/check REDIS_URL=redis://127.0.0.1:6379/0 \
	  EMAIL_URL=smtp://127.0.0.1:25 ALLOWED_HOSTS=feedback.example \
	  PUBLIC_BASE_URL=https://feedback.example \
	  $(BIN)/python manage.py check --deploy --fail-level WARNING

bench: $(STAMP) ## measure, and print the tables
	@$(BIN)/python -m benchmarks $(ARGS)

chaos: $(STAMP) ## kill, freeze and empty what the site runs on; ARGS=--planted plants bugs
	@$(BIN)/python -W ignore -m tests.chaos $(ARGS)

acceptance: $(STAMP) ## walk through the product from outside, and print the transcript
	@$(BIN)/python -m tests.acceptance $(ARGS)

upgrade: $(STAMP) ## make the sample with the previous commit, migrate it with this code, and verify it
	@.ci/upgrade $(ARGS)

messages: $(STAMP) ## collect the texts people read, and compile their translations
	@$(BIN)/python manage.py messages

architecture: $(STAMP) ## draw the apps in README.md and docs/architecture.md from the import contracts
	@$(BIN)/python -m docs.architecture

install: $(STAMP) ## only install

# A rerun finds the stamp newer than the lock and does nothing.
$(STAMP): uv.lock pyproject.toml
	@python=$$(sh .ci/find-python $(PYTHON)) && \
	  { test -x $(BIN)/python || { echo "Making .venv with $$python"; $$python -m venv $(VENV); }; }
	@test -x $(BIN)/uv || { echo "Installing uv"; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check uv; }
	@echo "Installing what uv.lock names (the first time takes a minute)"
	@$(BIN)/uv sync --locked --quiet --extra embedded
	@touch $@
