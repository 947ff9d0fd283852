import {_t} from "@web/core/l10n/translation";
import {toLocaleDateString} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {Component, useEffect, useState} from "@odoo/owl";
import {getStateClass} from "./order_trace_state";

// an order is one or the other, or has passed both
const BRANCHES = {waiting_material: "planned", partially_shipped: "shipped"};

/**
 * The way of an order as steps: where it is, when it is expected, and how late.
 *
 * What it waits for is asked once the form is there, so that no order opens later by it.
 */
export class OrderTraceBar extends Component {
    static template = "crm_manufacturing.OrderTraceBar";
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({waits: false});
        useEffect(
            (record) => {
                this.load(record);
            },
            () => [this.props.record, this.value, this.progress, this.expected]
        );
    }

    async load({resId}) {
        this.state.waits =
            Boolean(resId) &&
            !this.isGone &&
            (await this.keepLast.add(
                this.orm.silent.call("order.trace", "get_order_sentence", [resId])
            ));
    }

    openDocument() {
        const {res_model, res_id} = this.state.waits;
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model,
            res_id,
            views: [[false, "form"]],
            target: "current",
        });
    }

    get others() {
        const {others} = this.state.waits;
        if (!others) {
            return "";
        }
        return others === 1
            ? _t("1 more line waits")
            : _t("%s more lines wait", others);
    }

    get data() {
        return this.props.record.data;
    }

    get value() {
        return this.data[this.props.name];
    }

    get stateClass() {
        return getStateClass(this.value);
    }

    /** The steps of the way, without the branches this order is not on. */
    get steps() {
        const {selection} = this.props.record.fields[this.props.name];
        const hidden = Object.keys(BRANCHES).map((branch) =>
            branch === this.value ? BRANCHES[branch] : branch
        );
        const steps = selection.filter(
            ([state]) => state !== "cancelled" && !hidden.includes(state)
        );
        const reached = steps.findIndex(([state]) => state === this.value);
        return steps.map(([state, label], place) => ({
            state,
            label,
            isDone: place < reached,
            isCurrent: place === reached,
        }));
    }

    get label() {
        const {selection} = this.props.record.fields[this.props.name];
        return Object.fromEntries(selection)[this.value];
    }

    get progress() {
        return Math.round(this.data.trace_progress || 0);
    }

    get isGone() {
        return ["shipped", "delivered", "cancelled"].includes(this.value);
    }

    get expected() {
        const date = this.data.trace_expected_date;
        return date && !this.isGone ? toLocaleDateString(date) : "";
    }

    get lateness() {
        const days = this.data.trace_late_days;
        if (!days) {
            return "";
        }
        return days === 1 ? _t("1 day late") : _t("%s days late", days);
    }
}

export const orderTraceBar = {
    component: OrderTraceBar,
    displayName: _t("Way of an Order"),
    supportedTypes: ["selection"],
    fieldDependencies: [
        {name: "trace_progress", type: "float"},
        {name: "trace_expected_date", type: "date"},
        {name: "trace_late_days", type: "integer"},
        {name: "customer_to_inform", type: "boolean"},
    ],
};

registry.category("fields").add("order_trace_bar", orderTraceBar);
