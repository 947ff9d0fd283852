import base64

from reportlab.graphics.barcode import createBarcodeDrawing

from odoo import api, models

from ..tools.serial_range import sort_serials


class OrderSerialLabel(models.AbstractModel):
    """What is printed on the label of a serial, before and after it is made.

    Dicts of ``serial, barcode, product, order, production, requirement``: plain words,
    so that a label needs no rights on the order.
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
            labels.get(lot.name) or self._get_plain_label(lot.name, lot.product_id)
            for lot in lots
        ]

    def _get_plain_label(self, name, product):
        return {
            "serial": name,
            "barcode": self._get_barcode(name),
            "product": product.display_name,
            "order": "",
            "production": "",
            "requirement": "",
        }

    def _get_barcode(self, name):
        """The number as a picture in the page: a drawing stays sharp on any printer and
        needs no library for bitmaps. None where Code 128 cannot write it."""
        if not name.isascii():
            return None
        drawing = createBarcodeDrawing(
            "Code128", value=name, width=600, height=100, quiet=False
        )
        svg = drawing.asString("svg")
        svg = svg if isinstance(svg, bytes) else svg.encode()
        return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"

    def _get_label(self, name, production, line=None):
        """The order a number is reserved for, else the one the production serves."""
        # sudo: a label says the order's number, and nothing else of the order
        production = production.sudo()
        line = line or production.sale_line_id
        requirement = line and line in production.requirement_line_ids
        return {
            **self._get_plain_label(name, production.product_id),
            "order": line.order_id.name or "",
            "production": production.name,
            "requirement": line._get_requirement_text()
            if requirement
            else production.customer_requirement or "",
        }
