"""The default engine, loaded once for all tests of reading; pages are the committed samples."""

import pytest

from lienthong.reading.engine import RecognitionEngine, create_engine


@pytest.fixture(scope="session")
def engine() -> RecognitionEngine:
    return create_engine("aster")
