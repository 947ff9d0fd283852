import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {formatSelection} from "@web/views/fields/formatters";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {Component} from "@odoo/owl";

const LOOKS = {
    new: {icon: "fa-star-o", color: "text-info"},
    up: {icon: "fa-arrow-up", color: "text-success"},
    down: {icon: "fa-arrow-down", color: "text-warning"},
    lost: {icon: "fa-times", color: "text-danger"},
};

/** How a judgement began: an arrow and its word. */
export class PartnerScoreMoveField extends Component {
    static template = "crm_manufacturing.PartnerScoreMoveField";
    static props = {...standardFieldProps};

    get value() {
        return this.props.record.data[this.props.name];
    }

    get look() {
        return LOOKS[this.value] || {};
    }

    get label() {
        const {selection} = this.props.record.fields[this.props.name];
        return formatSelection(this.value, {selection});
    }
}

export const partnerScoreMoveField = {
    component: PartnerScoreMoveField,
    displayName: _t("Movement"),
    supportedTypes: ["selection"],
};

registry.category("fields").add("partner_score_move", partnerScoreMoveField);
