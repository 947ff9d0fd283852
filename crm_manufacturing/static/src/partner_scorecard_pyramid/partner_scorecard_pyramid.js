import {_t} from "@web/core/l10n/translation";
import {formatCurrency} from "@web/core/currency";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {Layout} from "@web/search/layout";
import {formatFloat, formatInteger} from "@web/views/fields/formatters";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {Component, onWillStart, onWillUnmount, useState} from "@odoo/owl";

const POLL_DELAY = 5000;

/** The customers of the company by tier, last period beside this one, and by stage. */
export class PartnerScorecardPyramid extends Component {
    static template = "crm_manufacturing.PartnerScorecardPyramid";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.ui = useService("ui");
        this.display = {controlPanel: {}};
        this.state = useState({data: null, recomputing: false});
        onWillStart(() => this.load(this.props.action.params?.card_id));
        onWillUnmount(() => clearTimeout(this.timer));
    }

    async load(cardId = false) {
        this.state.data = await this.orm.call("partner.scorecard", "get_pyramid", [
            cardId,
        ]);
        clearTimeout(this.timer);
        if (this.state.data.state === "computing") {
            this.timer = setTimeout(() => this.load(this.card.id), POLL_DELAY);
        }
    }

    get data() {
        return this.state.data;
    }

    get card() {
        return this.data.card;
    }

    get isShare() {
        return this.card.method === "share";
    }

    get bands() {
        return this.data.bands.filter((band) => band.id);
    }

    get unbanded() {
        return this.data.bands.find((band) => !band.id && band.count);
    }

    get total() {
        const sum = (name) =>
            this.data.bands.reduce((total, band) => total + band[name], 0);
        return {count: sum("count"), value: sum("value")};
    }

    get stageTop() {
        return Math.max(1, ...this.data.ladder.map((step) => step.count));
    }

    // ------------------------------------------------------------------
    // Words
    // ------------------------------------------------------------------

    date(value) {
        return value ? formatDate(deserializeDate(value)) : "";
    }

    count(value) {
        return formatInteger(value);
    }

    percent(value) {
        return value === null ? "–" : `${formatFloat(value, {digits: [16, 1]})} %`;
    }

    /** The figure a card ranks by: an amount, else a plain number. */
    figure(value, humanReadable = this.ui.isSmall) {
        const options = {digits: [16, 0], humanReadable};
        return this.card.currency_id
            ? formatCurrency(value, this.card.currency_id, options)
            : formatFloat(value, options);
    }

    score(value) {
        return value === null ? "–" : formatFloat(value, {digits: [16, 1]});
    }

    main(band) {
        return this.isShare ? this.figure(band.value) : this.score(band.score);
    }

    describe(band) {
        const values = {
            code: band.code,
            name: band.name,
            count: this.count(band.count),
            figure: this.main(band),
            share: this.percent(band.share),
        };
        return this.isShare
            ? _t(
                  "%(code)s, %(name)s: %(count)s customers, %(figure)s, %(share)s",
                  values
              )
            : _t("%(code)s, %(name)s: %(count)s customers, score %(figure)s", values);
    }

    get period() {
        return _t("%(from)s to %(to)s", {
            from: this.date(this.card.date_from),
            to: this.date(this.card.date_to),
        });
    }

    get thenTitle() {
        return _t(
            "The %(months)s months up to %(date)s, from the documents of that period",
            {
                months: this.card.period_months,
                date: this.date(this.card.then_to),
            }
        );
    }

    rateTitle(rate) {
        return _t("%(count)s of %(of)s in the last 12 months", rate);
    }

    /** A slice of a triangle: the place-th of all, seen from the top. */
    slice(place) {
        const all = this.bands.length;
        const upper = (50 * place) / all;
        const lower = (50 * (place + 1)) / all;
        const x = [50 - upper, 50 + upper, 50 + lower, 50 - lower];
        return `clip-path: polygon(${x[0]}% 0, ${x[1]}% 0, ${x[2]}% 100%, ${x[3]}% 100%)`;
    }

    // ------------------------------------------------------------------
    // Actions
    // ------------------------------------------------------------------

    async recompute() {
        this.state.recomputing = true;
        try {
            const {params} = await this.orm.call(
                "partner.scorecard",
                "action_recompute",
                [[this.card.id]]
            );
            await this.load(this.card.id);
            this.notification.add(params.message, {type: params.type});
        } finally {
            this.state.recomputing = false;
        }
    }

    openBand(band) {
        const filter = band.id
            ? {search_default_effective_band_id: band.id}
            : {search_default_no_tier: 1};
        this.action.doAction("crm_manufacturing.partner_score_action", {
            additionalContext: {
                search_default_current: 1,
                search_default_pyramid: 0,
                search_default_scorecard_id: this.card.id,
                search_default_company_id: this.card.company_id,
                ...filter,
            },
        });
    }

    openStage(step) {
        return this.openAction("partner.stage", "get_stage_action", [step.stage]);
    }

    openCard() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "partner.scorecard",
            res_id: this.card.id,
            views: [[false, "form"]],
        });
    }

    async openAction(model, method, args) {
        this.action.doAction(await this.orm.call(model, method, args));
    }
}

registry.category("actions").add("crm_manufacturing.pyramid", PartnerScorecardPyramid);
