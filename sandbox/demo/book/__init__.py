"""Book a plan through the host's own models; every module is one phase of ``factory.run``."""
