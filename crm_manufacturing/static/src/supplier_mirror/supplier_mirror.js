import {_t} from "@web/core/l10n/translation";
import {formatCurrency} from "@web/core/currency";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {PartnerCard} from "../partner_card/partner_card";

/** How a supplier keeps his word and how we keep ours, read after the form is there. */
export class SupplierMirror extends PartnerCard {
    static template = "crm_manufacturing.SupplierMirror";

    read(partnerId) {
        return this.orm.call("supplier.mirror", "get_mirror", [partnerId]);
    }

    get mirror() {
        return this.state.figures;
    }

    date(value) {
        return formatDate(deserializeDate(value));
    }

    money(value) {
        return formatCurrency(value, this.mirror.currency_id, {digits: [16, 0]});
    }

    /** No data is said in words, never as 0 or 100. */
    figure(value, unit) {
        if (value === null || value === undefined) {
            return _t("no figure");
        }
        switch (unit) {
            case "ratio":
                return `${this.number(100 * value)} %`;
            case "percent":
                return `${this.number(value)} %`;
            case "days":
                return _t("%s days", this.number(value));
            default:
                return this.number(value, Number.isInteger(value) ? 0 : 2);
        }
    }

    /** Lines that count, and of how many when they are too few for a figure. */
    evidence({evidence, minimum}) {
        if (evidence && evidence < minimum) {
            return _t("%(evidence)s of %(minimum)s lines", {evidence, minimum});
        }
        return _t("%s lines", evidence || 0);
    }

    /** The rows of our side: what it says, its value, and the list behind it. */
    get ours() {
        const {ours} = this.mirror;
        const row = (label, value, unit, list) => ({
            label,
            list,
            value: this.figure(value, unit),
        });
        return [
            row(_t("Average days to pay"), ours.days_to_pay, "days", "paid"),
            row(_t("Paid within 30 days"), ours.paces["30"], "percent", "paid"),
            row(_t("Paid in 31 to 60 days"), ours.paces["60"], "percent", "paid"),
            row(_t("Paid after more than 60 days"), ours.paces.more, "percent", "paid"),
            row(_t("Not paid within terms"), ours.late_share, "percent", "late"),
            row(_t("Changes after confirmation"), ours.changes, "count", "changes"),
            row(_t("Ordered at short notice"), ours.rushed, "percent", "rushed"),
            row(_t("Sent unclear"), ours.unclear, "percent", "unclear"),
        ];
    }

    disputed({reason, bills, amount}) {
        return _t("%(amount)s on %(bills)s bills: %(reason)s", {
            amount: this.money(amount),
            bills,
            reason,
        });
    }

    openTheirs({metric}) {
        return this.action.doActionButton({
            type: "object",
            name: "action_open_documents",
            resModel: "partner.score",
            resId: this.mirror.theirs.score_id,
            resIds: [this.mirror.theirs.score_id],
            args: JSON.stringify([metric]),
            context: user.context,
        });
    }

    async openOurs(list) {
        const args = [this.partnerId, list];
        this.action.doAction(
            await this.orm.call("supplier.mirror", "get_mirror_action", args)
        );
    }

    print() {
        this.action.doAction("crm_manufacturing.supplier_mirror_print_action", {
            additionalContext: {active_id: this.partnerId},
        });
    }
}

export const supplierMirror = {
    component: SupplierMirror,
};

registry.category("view_widgets").add("supplier_mirror", supplierMirror);
