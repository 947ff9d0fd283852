import {_t} from "@web/core/l10n/translation";
import {toLocaleDateString} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {FIELD_WIDTHS} from "@web/views/list/column_width_hook";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {Component} from "@odoo/owl";

/** An expected date, red when it is after the promise. */
export class OrderTraceDateField extends Component {
    static template = "crm_manufacturing.OrderTraceDateField";
    static props = {...standardFieldProps};

    get formatted() {
        const value = this.props.record.data[this.props.name];
        return value ? toLocaleDateString(value) : "";
    }

    get isLate() {
        return this.props.record.data.trace_late_days > 0;
    }

    get title() {
        const days = this.props.record.data.trace_late_days;
        if (!this.isLate) {
            return "";
        }
        return days === 1
            ? _t("1 day after the promise")
            : _t("%s days after the promise", days);
    }
}

export const orderTraceDateField = {
    component: OrderTraceDateField,
    displayName: _t("Expected Date"),
    supportedTypes: ["date"],
    fieldDependencies: [{name: "trace_late_days", type: "integer"}],
    // as wide as the language's dates are
    listViewWidth: () => FIELD_WIDTHS.date,
};

registry.category("fields").add("order_trace_date", orderTraceDateField);
