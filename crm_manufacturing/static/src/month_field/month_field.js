import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {Component, xml} from "@odoo/owl";

/** The month a date begins, as the reader's language writes it. */
export class MonthField extends Component {
    static template = xml`<span t-out="formatted" />`;
    static props = {...standardFieldProps};

    get formatted() {
        const value = this.props.record.data[this.props.name];
        return value ? value.toLocaleString({month: "long", year: "numeric"}) : "";
    }
}

export const monthField = {
    component: MonthField,
    displayName: _t("Month"),
    supportedTypes: ["date"],
};

registry.category("fields").add("month", monthField);
