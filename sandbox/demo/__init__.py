"""The demo company: ``data`` says who and what, ``plan`` decides, ``book`` books."""
