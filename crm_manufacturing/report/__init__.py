from . import customer_delivery_report, partner_score_report
