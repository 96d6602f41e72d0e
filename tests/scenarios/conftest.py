"""`--rewrite-traces` records the golden traces anew; read the difference before committing it."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--rewrite-traces", action="store_true", help="record golden traces anew")
