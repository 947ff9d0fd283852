import {_t} from "@web/core/l10n/translation";
import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {deserializeDate, serializeDate} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {Component, onWillStart, useState} from "@odoo/owl";

/** Who moved from which tier to which between two days. */
export class PartnerScoreMovement extends Component {
    static template = "crm_manufacturing.PartnerScoreMovement";
    static components = {DateTimeInput, Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = {controlPanel: {}};
        this.state = useState({data: null});
        onWillStart(() => this.load());
    }

    async load(card = false, dateFrom = false, dateTo = false) {
        const args = [card, dateFrom, dateTo];
        this.state.data = await this.orm.call(
            "partner.score.movement",
            "get_matrix",
            args
        );
    }

    get data() {
        return this.state.data;
    }

    /** Bands, best first, and the state of having none. */
    get steps() {
        const none = {id: false, code: "–", name: _t("Without tier"), color: 0};
        return [...this.data.bands, none];
    }

    get isEmpty() {
        return !this.data.cells.length;
    }

    getCount(from, to) {
        const isCell = (cell) => cell.from === from.id && cell.to === to.id;
        return this.data.cells.find(isCell)?.count || 0;
    }

    sum(side, step) {
        const cells = this.data.cells.filter((cell) => cell[side] === step.id);
        return cells.reduce((sum, cell) => sum + cell.count, 0);
    }

    /** Ahead of the diagonal is down, behind it up. */
    cellClass(row, column, count) {
        if (!count || row === column) {
            return "";
        }
        return column < row ? "o_movement_up" : "o_movement_down";
    }

    describe(from, to, count) {
        return _t("%(count)s customers from %(from)s to %(to)s", {
            count,
            from: from.name,
            to: to.name,
        });
    }

    luxon(value) {
        return deserializeDate(value);
    }

    onDate(side, value) {
        if (!value) {
            return;
        }
        const dates = {date_from: this.data.date_from, date_to: this.data.date_to};
        dates[side] = serializeDate(value);
        return this.load(this.data.card, dates.date_from, dates.date_to);
    }

    onCard(ev) {
        const {date_from, date_to} = this.data;
        return this.load(Number(ev.target.value), date_from, date_to);
    }

    async open(from, to) {
        const {card, date_from, date_to} = this.data;
        const args = [card, date_from, date_to, from.id, to.id];
        this.action.doAction(
            await this.orm.call("partner.score.movement", "get_cell_action", args)
        );
    }
}

registry.category("actions").add("crm_manufacturing.movement", PartnerScoreMovement);
