"""The fuzz tests find the small models of the edge's tests; `FUZZ_EXAMPLES=5000` makes a long run."""

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "gateway"))

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "60"))
settings.register_profile(
    "fuzz", max_examples=EXAMPLES, deadline=5_000, suppress_health_check=list(HealthCheck), derandomize=EXAMPLES <= 60
)
settings.load_profile("fuzz")
