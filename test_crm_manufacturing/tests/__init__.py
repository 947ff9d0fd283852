from . import (
    test_cadence_hooks,
    test_cadence_oracle,
    test_engine_oracle,
    test_hooks,
)
