from . import order_trace
