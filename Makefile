# All set-up is done here: a machine needs Python 3.11 or newer, and make.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
ARGS   ?=
SEED   ?=
TIMES  ?= 20
CUSTOMERS ?= 100000

.PHONY: help demo demo-desk test quick fuzz engines lint check docs pages pictures bench format catalogues hooks lock clean
.DELETE_ON_ERROR:

help:
	@echo "make demo     judge the bundled bank: its four entry channels against its mainframe core"
	@echo "make demo-desk  fill the stores of a bank with $(CUSTOMERS) customers and some faults, and say what to ask"
	@echo "make test     run the tests (ARGS='tests/packaging -x' is passed to pytest)"
	@echo "make quick    the tests of the algebra, the lineage and the checker alone, without the laws: under 20 seconds"
	@echo "make fuzz     the laws with $(TIMES) times the examples and a fresh seed, which is printed (SEED=… repeats a run)"
	@echo "make engines  $(TIMES) times the values that are put into real engines and read back, from a fresh seed"
	@echo "make lint     ruff, mypy, import-linter, and the language of the handbook"
	@echo "make check    lint, then test"
	@echo "make docs     the handbook as a site, in build/handbook: open its index.html"
	@echo "make pages    write the parts of the handbook that are made from the code"
	@echo "make pictures  take the screenshots of the handbook anew, in Chromium"
	@echo "make bench    run the benchmarks, one by one, each beside a peer (ARGS=--quick: only whether they run)"
	@echo "make format   lay out the code as the linter wants it"
	@echo "make catalogues  put messages that are new in the code into the catalogues of sentences/"
	@echo "make hooks    run the linters before every commit"
	@echo "make lock     renew constraints.txt and constraints-desk.txt: what the action and the images install, by hashes"
	@echo "make clean    remove everything that was made here"

# Findings (exit code 1) are what the demo is about; 2 and 3 say that something is broken.
demo: $(VENV)/installed
	@$(BIN)/fieldline check examples/cbsa || { code=$$?; [ $$code -eq 1 ] || exit $$code; }

# Files and databases under examples/nordbank_desk/data, and a service that answers until Ctrl-C.
demo-desk: $(VENV)/installed-dev
	@cd examples/nordbank_desk && $(abspath $(BIN))/python -m invented --customers $(CUSTOMERS) --serve $(ARGS)

test: $(VENV)/installed-dev
	@command -v node >/dev/null || echo "node is not installed: the tests that need it are skipped (in CI: a failure)"
	@command -v chromium >/dev/null || echo "chromium is not installed: the tests that need it are skipped (in CI: a failure)"
	@command -v java >/dev/null || echo "java is not installed: the tests that need it are skipped (in CI: a failure)"
	@command -v git >/dev/null || echo "git is not installed: the tests that need it are skipped (in CI: a failure)"
	$(BIN)/pytest -n auto --dist worksteal $(ARGS)

# What is run while typing: no law, nothing slow, and nothing that needs a server, a browser or another language.
quick: $(VENV)/installed-dev
	$(BIN)/pytest -n auto -q -m "not hypothesis and not slow and not needs_estates and not needs_node" \
		tests/values tests/documents tests/contracts tests/estate tests/lineage tests/checker tests/conformance $(ARGS)

# Hypothesis marks every test that draws examples. The same seed draws the same ones, on any number of processes.
fuzz: $(VENV)/installed-dev
	@seed=$(SEED); seed=$${seed:-$$($(BIN)/python -c 'import secrets; print(secrets.randbits(64))')}; \
	echo "seed $$seed (to repeat: make fuzz SEED=$$seed TIMES=$(TIMES))"; \
	FIELDLINE_FUZZ_TIMES=$(TIMES) $(BIN)/pytest -n auto -m hypothesis --hypothesis-profile=fuzz --hypothesis-seed=$$seed $(ARGS) || \
	{ code=$$?; echo "seed $$seed (to repeat: make fuzz SEED=$$seed TIMES=$(TIMES))"; exit $$code; }

engines: $(VENV)/installed-dev
	@seed=$(SEED); seed=$${seed:-$$($(BIN)/python -c 'import secrets; print(secrets.randbits(64))')}; \
	echo "seed $$seed (to repeat: make engines SEED=$$seed TIMES=$(TIMES))"; \
	FIELDLINE_FUZZ_TIMES=$(TIMES) FIELDLINE_ENGINES_SEED=$$seed $(BIN)/pytest tests/engines -rP $(ARGS)

lint: $(VENV)/installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python handbook/prose.py

check: lint test

# A broken link is an error. The site needs no server and no network.
docs: $(VENV)/installed-docs
	$(BIN)/sphinx-build -q -E -W --keep-going -j auto -d build/doctrees -c handbook docs build/handbook
	@echo "The handbook: build/handbook/index.html"

pages: $(VENV)/installed
	$(BIN)/python handbook/pages.py

pictures: $(VENV)/installed-dev
	$(BIN)/python handbook/screenshots.py

# Every file there, but for the one that makes the estates of the others.
BENCHMARKS := $(filter-out benchmarks/generated_estate.py,$(wildcard benchmarks/*.py))
bench: $(VENV)/installed-bench
	@for benchmark in $(BENCHMARKS); do echo "== $$benchmark"; $(BIN)/python $$benchmark $(ARGS) || exit; done

format: $(VENV)/installed-dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# Their heads are kept: pybabel would write the time into them.
catalogues: $(VENV)/installed-dev
	@new=$$(mktemp) && $(BIN)/pybabel -q extract -k say -k count:1,2 --no-location --omit-header -o $$new sentences application reports && \
	for file in sentences/catalogues/*.po; do \
		head=$$(sed '/^$$/q' $$file) && \
		$(BIN)/pybabel -q update --no-fuzzy-matching --omit-header --ignore-obsolete -w 120 -N -i $$new -l $$(basename $$file .po) -o $$file && \
		printf '%s\n\n%s\n' "$$head" "$$(cat $$file)" > $$file || exit; \
	done; rm -f $$new

hooks: $(VENV)/installed-dev
	$(BIN)/pre-commit install

# What the core, and the desk, is built with, and what it needs at run time, on every system and every Python that it runs on.
lock: | $(BIN)/python
	$(call pinned,constraints.txt,)
	$(call pinned,constraints-desk.txt,--extra desk)

pinned = $(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"])' \
	| $(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --custom-compile-command 'make lock' \
		$(2) --output-file $(1) pyproject.toml - >/dev/null

clean:
	rm -rf $(VENV) build dist *.egg-info .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

# Each stamp is newer than pyproject.toml once that set of packages is installed. uv takes a tenth of pip's time; pip reads
# settings that uv does not know.
install = $(BIN)/uv pip install --quiet --python $(BIN)/python --editable '$(1)' || $(BIN)/python -m pip install --quiet --editable '$(1)'

$(VENV)/installed: pyproject.toml | $(BIN)/python
	$(call install,.)
	@touch $@

$(VENV)/installed-dev: pyproject.toml | $(BIN)/python
	$(call install,.[dev])
	@touch $@ $(VENV)/installed-docs $(VENV)/installed

$(VENV)/installed-docs: pyproject.toml | $(BIN)/python
	$(call install,.[docs])
	@touch $@ $(VENV)/installed

$(VENV)/installed-bench: pyproject.toml | $(BIN)/python
	$(call install,.[bench])
	@touch $@ $(VENV)/installed-dev $(VENV)/installed-docs $(VENV)/installed

# Debian keeps the venv module's pip in a package of its own.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || .ci/install-debian python3-venv
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
