from odoo import api, models

# what carries a requirement, and how far the category must let it go for that
PURCHASES = "purchases"
ALL_PRODUCTIONS = "productions"
FIRST_PRODUCTION = "production"


class OrderRequirement(models.AbstractModel):
    """Brings what the customer asked for to the productions and purchases of his order.

    Which ones these are is asked of the trace, once for all lines; without a
    requirement nothing is asked.
    """

    _name = "order.requirement"
    _description = "Way of a Customer Requirement"

    @api.model
    def _spread(self, lines):
        """Link the requirements of confirmed lines with what serves them now."""
        with_requirement = lines.filtered(
            lambda line: line.state == "sale" and line._has_requirement()
        )
        return self._take(with_requirement)

    @api.model
    def _change(self, lines):
        """A requirement changed: open documents follow, and the planner learns it."""
        changed = self._take(lines.filtered(lambda line: line.state == "sale"))
        changed["mrp.production"]._tell_planner()

    def _take(self, lines):
        """Write texts that differ; returns the records written by model."""
        changed = {}
        for model, served in self._get_served(lines).items():
            changed[model] = self.env[model].union(
                *(
                    record
                    for record, found in served.items()
                    if record._take_requirement(found, lines)
                )
            )
        return changed

    def _get_served(self, lines):
        """``{model: {open record: its lines}}`` of what the lines let know."""
        found = {"mrp.production": {}, "purchase.order.line": {}}
        if not lines:
            return found
        for node in self.env["order.trace"]._walk(lines, "supply"):
            if node["model"] in found:
                found[node["model"]].setdefault(node["id"], []).append(node["root_id"])
        return {
            # sudo: a salesperson's words reach documents he may not write
            model: self._filter_served(self.env[model].sudo(), served)
            for model, served in found.items()
        }

    def _filter_served(self, model, served):
        records = model.browse(served)
        return {
            record: lines
            for record in records.filtered(lambda rec: rec._takes_requirement())
            if (
                lines := self.env["sale.order.line"]
                .browse(served[record.id])
                .filtered(record._is_reached_by)
            )
        }
