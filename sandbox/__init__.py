"""Run, show and test the addon where there is only Python: `python3 -m sandbox`."""
