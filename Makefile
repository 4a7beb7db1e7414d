# Exit 5 is a plan without a proof in time, as on a very slow machine: no failure.
# Needs Python 3.11 or newer and make, nothing else; each target makes its own
# virtual environment under .venv/ and reuses it until pyproject.toml changes.

PYTHON ?= python3
DEMO := .venv/demo
TEST := .venv/test
SOLVERS := .venv/solvers
WHEEL := .venv/wheel
# The extras that run on a plain machine: free, or with a small licence inside.
EXTRAS := scip,cpsat,cbc,glpk,gurobi,cplex,copt,xpress

.PHONY: demo test suite kernels test-solvers lint wheel clean

demo: $(DEMO)/ready
	$(DEMO)/bin/federate solve vale || test $$? -eq 5

test: suite wheel

# A file's tests run in one process, so that what they share is made once.
suite: kernels
	$(TEST)/bin/python -m pytest -q -n 2 --dist loadfile

# Compiling takes a minute and more, once a machine. Two processes share it here, or
# each of the two that run the tests would compile everything.
kernels: $(TEST)/ready
	$(TEST)/bin/python -m pytest -q tests/proof/test_check.py -k columns_claim & \
	$(TEST)/bin/python -c 'from federate.engine import lagrangian, medians; \
	  lagrangian.get_ready(); medians.get_ready()' && wait $$!

test-solvers: $(SOLVERS)/ready
	$(SOLVERS)/bin/python -m pytest -q -n 2 tests/solvers \
	  tests/benchmarks/test_handover.py tests/engine/compact/test_backends.py

lint: $(TEST)/ready
	$(TEST)/bin/ruff format --check .
	$(TEST)/bin/ruff check .
	$(TEST)/bin/mypy
	$(TEST)/bin/lint-imports --no-cache

# What a planner installs: the built wheel, in a clean environment, elsewhere.
wheel: $(TEST)/ready
	rm -rf dist $(WHEEL)
	$(TEST)/bin/python -m build --outdir dist .
	$(PYTHON) -m venv $(WHEEL)
	$(WHEEL)/bin/pip install --quiet dist/*.whl
	cd $(WHEEL) && { bin/federate solve toy --out toy-run || test $$? -eq 5; }
	test -s $(WHEEL)/toy-run/map.html

$(DEMO)/ready: pyproject.toml
	$(call environment,$(DEMO))
	$(DEMO)/bin/pip install --quiet .
	touch $@

$(TEST)/ready: pyproject.toml
	$(call environment,$(TEST))
	$(TEST)/bin/pip install --quiet --editable '.[dev]'
	touch $@

$(SOLVERS)/ready: pyproject.toml
	$(call environment,$(SOLVERS))
	$(SOLVERS)/bin/pip install --quiet --editable '.[dev,$(EXTRAS)]'
	touch $@

define environment
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "federate needs Python 3.11 or newer; try: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv --clear $(1)
	$(1)/bin/pip install --quiet --upgrade pip
endef

clean:
	rm -rf .venv dist runs
