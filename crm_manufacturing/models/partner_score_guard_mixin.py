from odoo import fields, models


class TierOfPartner(fields.Many2one):
    """A document's tier, related to its partner's.

    The host searches a related field as superuser and asks for no group.
    """

    def _search_related(self, records, operator, value):
        records._check_field_access(self, "read")
        return super()._search_related(records, operator, value)


class PartnerScoreGuardMixin(models.AbstractModel):
    """A document that portal users read, with fields they must not learn.

    The host checks the groups of a field when it is read; those of a related field or
    of several records are not asked when documents are grouped or sorted by them.
    """

    _name = "partner.score.guard.mixin"
    _description = "Document with a Tier"

    def _traverse_related_sql(self, alias, field, query):
        self._check_field_access(field, "read")
        return super()._traverse_related_sql(alias, field, query)

    def _read_group_groupby(self, alias, groupby_spec, query):
        name = groupby_spec.partition(":")[0].partition(".")[0]
        if name in self._fields:
            self._check_field_access(self._fields[name], "read")
        return super()._read_group_groupby(alias, groupby_spec, query)
