"""Decide everything the demo company ever did, without a database.

A plan holds day offsets from today (negative is past), so that the same seed gives
the same plan on any day. ``make_plan`` is the entry point.
"""

from .build import Plan, make_plan

__all__ = ["Plan", "make_plan"]
