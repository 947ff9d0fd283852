import {_t} from "@web/core/l10n/translation";
import {CopyButton} from "@web/core/copy_button/copy_button";
import {deserializeDate, toLocaleDateString} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {Component, onWillStart, onWillUpdateProps, useState} from "@odoo/owl";
import {getStateClass} from "../order_trace_bar/order_trace_state";

/** The way of each line of an order: its productions, purchases and deliveries. */
export class OrderTraceJourney extends Component {
    static template = "crm_manufacturing.OrderTraceJourney";
    static components = {CopyButton};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({journey: null});
        this.copied = _t("Copied");
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps(({record}) => this.load(record));
    }

    async load({resId}) {
        this.state.journey = resId
            ? await this.orm.silent.call("order.trace", "get_journey", [resId])
            : {lines: []};
    }

    get lines() {
        return this.state.journey.lines;
    }

    getStations(line) {
        return [
            {
                key: "productions",
                title: _t("Production"),
                none: _t("Nothing is made for it"),
                nodes: line.productions,
            },
            {
                key: "purchases",
                title: _t("Purchases"),
                none: _t("Nothing is bought for it"),
                nodes: line.purchases,
            },
            {
                key: "deliveries",
                title: _t("Deliveries"),
                none: _t("No delivery"),
                nodes: line.deliveries,
            },
        ];
    }

    getStateClass(line) {
        return getStateClass(line.state);
    }

    getNodeClass(node) {
        if (node.is_done) {
            return "o_node_done";
        }
        return node.is_late ? "o_node_late" : "";
    }

    formatDate(value) {
        return value ? toLocaleDateString(deserializeDate(value)) : "";
    }

    round(value) {
        return Math.round(value);
    }

    isGone(line) {
        return ["shipped", "delivered", "cancelled"].includes(line.state);
    }

    openNode({model, id}) {
        if (!id) {
            return;
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
            target: "current",
        });
    }

    async tell(line, method) {
        await this.orm.call("sale.order.line", method, [[line.id]]);
        await this.props.record.load();
        await this.load(this.props.record);
    }
}

export const orderTraceJourney = {component: OrderTraceJourney};

registry.category("view_widgets").add("order_trace_journey", orderTraceJourney);
