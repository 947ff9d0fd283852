from . import (
    customer_delivery_report,
    partner_score_movement,
    partner_score_report,
    partner_scorecard_past,
    partner_stage_passage,
    partner_stage_region,
    supplier_bill_due,
    supplier_mirror,
    supplier_payment_report,
    supplier_receipt_report,
)
