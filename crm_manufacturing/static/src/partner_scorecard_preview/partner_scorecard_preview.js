import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {Component} from "@odoo/owl";

/** How many customers each band holds now, and would hold with the values on screen. */
export class PartnerScorecardPreview extends Component {
    static template = "crm_manufacturing.PartnerScorecardPreview";
    static props = {...standardFieldProps};

    get rows() {
        const rows = this.props.record.data[this.props.name] || [];
        const most = Math.max(1, ...rows.map((row) => Math.max(row.count, row.now)));
        return rows.map((row) => ({
            ...row,
            name: row.code ? row.name : _t("Without tier"),
            width: (100 * row.count) / most,
            change: row.count - row.now,
        }));
    }

    get total() {
        return this.rows.reduce((sum, row) => sum + row.count, 0);
    }

    sign(change) {
        return change > 0 ? `+${change}` : `${change}`;
    }
}

export const partnerScorecardPreview = {
    component: PartnerScorecardPreview,
    displayName: _t("Scorecard Preview"),
    supportedTypes: ["json"],
};

registry.category("fields").add("partner_scorecard_preview", partnerScorecardPreview);
