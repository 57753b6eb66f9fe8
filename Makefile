# Every target works in a fresh clone: the environment is made when it is first needed.
#
#   make ask q="Who won the election?"     make test

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
MAKEFLAGS += --no-print-directory

# What the tests of one file share is made once. Many wait for a bot: one worker more than there are
# cores does something meanwhile. Those that measure time run by themselves.
WORKERS = $$($(BIN)/python -c 'import os; print(1 + (os.cpu_count() or 1))')
define TEST
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile -m 'not alone'
	@$(BIN)/python -m pytest -m alone
endef

# The question reaches the shell as a variable of the environment: apostrophes, quotation marks,
# dollar signs and backticks in it are text. `value` keeps make from expanding dollar signs itself.
QUESTION := $(value q)
export QUESTION
unexport q
unexport MAKEFLAGS

.DEFAULT_GOAL := help
.PHONY: help install ask index articles eval bot test check format bench clean

help:  ## Say what can be made
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

install: $(STAMP)  ## Make the environment (.venv); again only when the dependencies changed

# Takes the first python that is new enough.
$(STAMP): pyproject.toml constraints.txt
	@for python in "$(PYTHON)" python3.13 python3.12 python3.11 python3 python; do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			chosen=$$python; break; \
		fi; \
	done; \
	if [ -z "$$chosen" ]; then \
		echo 'Pullquote needs Python 3.11 or newer; name one: make install PYTHON=python3.12' >&2; \
		exit 1; \
	fi; \
	echo 'Installing into $(VENV) (once; a few minutes) ...' >&2; \
	[ -x $(BIN)/python ] || "$$chosen" -m venv $(VENV) || exit 1; \
	$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check \
		--constraint constraints.txt --editable '.[dev]' || exit 1; \
	touch $(STAMP)

# Exit status 1 means that the articles don't say: an answer, not a failure of make.
ask: $(STAMP)  ## Ask a question: make ask q="…"
	@$(BIN)/pullquote ask -- "$$QUESTION" || { status=$$?; [ $$status -eq 1 ] || exit $$status; }

index: $(STAMP)  ## Index what is new, changed or gone in corpus/
	@$(BIN)/pullquote index

articles: $(STAMP)  ## List the articles
	@$(BIN)/pullquote articles

eval: $(STAMP)  ## Score a set of questions: make eval file=questions.jsonl
	@$(BIN)/pullquote eval -- "$(or $(file),tests/questions.jsonl)" || { status=$$?; [ $$status -eq 1 ] || exit $$status; }

bot: $(STAMP)  ## Answer in Discord until stopped: needs DISCORD_TOKEN (docs/discord.md)
	@$(BIN)/pullquote bot

test: $(STAMP)  ## Run the tests, on every core
	$(TEST)

check: $(STAMP)  ## Run every check: lint, format, types, tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	$(TEST)

format: $(STAMP)  ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(STAMP)  ## Run the benchmarks: speed and memory; answers, where the data is
	@$(BIN)/python benchmarks/asking.py
	@$(BIN)/python benchmarks/answering.py

clean:  ## Remove the environment, the index and the caches
	rm -rf $(VENV) .pullquote .hypothesis .mypy_cache .pytest_cache .ruff_cache
