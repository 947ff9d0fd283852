# Thin aliases; `python3 -m sandbox --help` lists everything.
# make test ARGS="crm_manufacturing/tests/test_x.py -k name"   runs some of the tests.
PYTHON ?= python3

.PHONY: demo test lint bench stop clean i18n screenshots

demo test lint bench stop clean i18n screenshots:
	@$(PYTHON) -m sandbox $@ $(ARGS)
