import {Component, onWillStart, useEffect, useState} from "@odoo/owl";
import {KeepLast} from "@web/core/utils/concurrency";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";

const FIELDS = ["credit_message", "credit_released"];

/**
 * Says that the customer of an order is over his credit.
 *
 * Asked once the form is there and whenever it was saved, so that no order opens later
 * by it. Until then, and where only the host counts an order over the limit, it is the
 * host's warning that is shown.
 */
export class CustomerCreditAlert extends Component {
    static template = "crm_manufacturing.CustomerCreditAlert";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({credit: null, mayRelease: false});
        onWillStart(async () => {
            this.state.mayRelease = await user.hasGroup(
                "account.group_account_invoice"
            );
        });
        useEffect(
            (resId, dirty) => {
                if (!dirty) {
                    this.load(resId);
                }
            },
            () => {
                const {resId, dirty, data} = this.props.record;
                return [resId, dirty, data.state];
            }
        );
    }

    async load(resId) {
        const rows = resId
            ? await this.keepLast.add(
                  this.orm.silent.read("sale.order", [resId], FIELDS)
              )
            : [];
        this.state.credit = rows[0] || null;
    }

    async release() {
        const {resId} = this.props.record;
        const action = await this.orm.call("sale.order", "action_release_credit", [
            [resId],
        ]);
        await this.action.doAction(action, {
            onClose: async () => {
                await this.props.record.load();
                await this.load(resId);
            },
        });
    }
}

registry.category("view_widgets").add("customer_credit_alert", {
    component: CustomerCreditAlert,
});
