import {_t} from "@web/core/l10n/translation";
import {formatCurrency} from "@web/core/currency";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {PartnerCard} from "../partner_card/partner_card";

const SPARK_WIDTH = 240;
const STEP_HEIGHT = 12;

/** Why a customer is in his tier. Read by a call of its own, after the form is there. */
export class PartnerScoreWhy extends PartnerCard {
    static template = "crm_manufacturing.PartnerScoreWhy";

    read(partnerId) {
        return this.orm.call("partner.score", "get_why", [partnerId]);
    }

    get why() {
        return this.state.figures;
    }

    date(value) {
        return value ? formatDate(deserializeDate(value)) : "";
    }

    percent(value) {
        return `${this.number(value)} %`;
    }

    /** The value of a criterion in its unit; no data is said in words, never 0. */
    value({value, unit}) {
        if (value === null || value === undefined) {
            return _t("no data");
        }
        switch (unit) {
            case "money":
                return formatCurrency(value, this.why.currency_id, {digits: [16, 0]});
            case "ratio":
                return this.percent(100 * value);
            case "days":
                return _t("%s days", this.number(value));
            default:
                return this.number(value, Number.isInteger(value) ? 0 : 2);
        }
    }

    /** Whether a criterion was graded; one without data lends its weight to the others. */
    isGraded({grade}) {
        return grade !== null && grade !== undefined;
    }

    gradeTitle(criterion) {
        const grade = this.number(criterion.grade, 0);
        return criterion.grading === "linear_fallback"
            ? _t("%s of 100 points; too few customers for quintiles", grade)
            : _t("%s of 100 points", grade);
    }

    /** The tiers over time as a line of steps, the best one on top. */
    spark(card) {
        const first = deserializeDate(card.history[0].date);
        const last = deserializeDate(this.why.today);
        const span = Math.max(1, last.diff(first, "days").days);
        const x = (date) =>
            (SPARK_WIDTH * deserializeDate(date).diff(first, "days").days) / span;
        const y = (place) => (place - 0.5) * STEP_HEIGHT;
        let path = "";
        for (const {date, place} of card.history) {
            path += path ? ` H ${x(date)} V ${y(place)}` : `M 0 ${y(place)}`;
        }
        return {
            path: `${path} H ${SPARK_WIDTH}`,
            width: SPARK_WIDTH,
            height: STEP_HEIGHT * (card.steps + 1),
        };
    }

    sparkTitle(card) {
        return card.history
            .map(({date, code}) => `${this.date(date)}: ${code || _t("no tier")}`)
            .join("\n");
    }

    openDocuments(card, {metric}) {
        const args = JSON.stringify([metric]);
        this.callScore(card, "action_open_documents", {args});
    }

    openHistory(card) {
        this.callScore(card, "action_open_history");
    }

    override(card) {
        if (card) {
            return this.callScore(card, "action_override");
        }
        return this.callButton("res.partner", this.partnerId, "action_override_tier");
    }

    callScore(card, name, options) {
        return this.callButton("partner.score", card.score_id, name, options);
    }

    /** As a button of a form would: the server completes the action that comes back. */
    callButton(resModel, resId, name, options = {}) {
        return this.action.doActionButton({
            type: "object",
            name,
            resModel,
            resId,
            resIds: [resId],
            context: user.context,
            ...options,
        });
    }
}

export const partnerScoreWhy = {
    component: PartnerScoreWhy,
};

registry.category("view_widgets").add("partner_score_why", partnerScoreWhy);
