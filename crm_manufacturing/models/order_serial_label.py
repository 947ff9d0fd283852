from odoo import api, models

from ..tools.serial_range import sort_serials


class OrderSerialLabel(models.AbstractModel):
    """What is printed on the label of a serial, before and after it is made.

    Dicts of ``serial, product, order, production, requirement``: plain words, so that
    a label needs no rights on the order.
    """

    _name = "order.serial.label"
    _description = "Serial Label"

    @api.model
    def _of_productions(self, productions):
        labels = []
        for production in productions:
            rows = production._get_reservations()
            owners = {row.name: row.sale_line_id for row in rows}
            made = production.lot_producing_ids.mapped("name")
            labels += [
                self._get_label(name, production, owners.get(name))
                for name in sort_serials({*made, *owners})
            ]
        return labels

    @api.model
    def _of_lots(self, lots):
        productions = self.env["mrp.production"].search(
            [("lot_producing_ids", "in", lots.ids), ("state", "!=", "cancel")]
        )
        labels = {label["serial"]: label for label in self._of_productions(productions)}
        return [
            labels.get(lot.name)
            or {
                "serial": lot.name,
                "product": lot.product_id.display_name,
                "order": "",
                "production": "",
                "requirement": "",
            }
            for lot in lots
        ]

    def _get_label(self, name, production, line=None):
        """The order a number is reserved for, else the one the production serves."""
        # sudo: a label says the order's number, and nothing else of the order
        production = production.sudo()
        line = line or production.sale_line_id
        requirement = line and line in production.requirement_line_ids
        return {
            "serial": name,
            "product": production.product_id.display_name,
            "order": line.order_id.name or "",
            "production": production.name,
            "requirement": line._get_requirement_text()
            if requirement
            else production.customer_requirement or "",
        }
