from . import test_engine_oracle, test_hooks
