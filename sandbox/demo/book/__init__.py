"""Book a plan through the host's own models, one module per kind of document."""
