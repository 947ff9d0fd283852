"""Tables of the demo company: who and what, never when or how much."""
