"""Conditions, answers and what holds: one list for Python and for the script of the page."""

import json
from pathlib import Path

VECTORS = json.loads((Path(__file__).parent / "condition_vectors.json").read_text(encoding="utf-8"))
