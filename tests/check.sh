#!/usr/bin/env bash
# Format, lint, types, architecture and fast tests: the gate before every commit.
set -eu
bin=.venv/bin
$bin/ruff format --check . && $bin/ruff check .
$bin/mypy &
types=$!
$bin/lint-imports
$bin/python -m pytest -n 2 -m "not services and not browser and not slow" \
  tests/architecture tests/engine tests/feel tests/dmn tests/rules tests/scenario_runner
wait $types
