def migrate(cr, version):
    """An upgrade brings our rules of access up to date; they were made once before."""
    cr.execute(
        """UPDATE ir_model_data SET noupdate = FALSE
            WHERE module = 'crm_manufacturing' AND model = 'ir.rule'"""
    )
