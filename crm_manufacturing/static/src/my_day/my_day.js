import {Component, onWillStart, useState} from "@odoo/owl";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

const FACE_TO_FACE = 2;

/** What a salesperson does today: touches, quotations to chase, orders at risk. */
export class MyDay extends Component {
    static template = "crm_manufacturing.MyDay";
    static components = {Dropdown, DropdownItem, Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.ui = useService("ui");
        this.display = {controlPanel: {}};
        this.state = useState({data: null, scope: "mine", dragged: null, target: null});
        onWillStart(() => this.load());
    }

    async load() {
        this.state.data = await this.orm.call("my.day", "get_my_day", [
            this.state.scope,
        ]);
    }

    setScope(scope) {
        this.state.scope = scope;
        return this.load();
    }

    get sections() {
        return this.state.data.sections;
    }

    get today() {
        return deserializeDate(this.state.data.today);
    }

    get days() {
        return this.state.data.days.map((text) => {
            const day = deserializeDate(text);
            return {
                text,
                name: day.toFormat("ccc"),
                number: day.toFormat("d"),
                isWeekend: day.weekday > 5,
                isToday: text === this.state.data.today,
            };
        });
    }

    isTouch(line) {
        return line.res_model === "partner.touchpoint";
    }

    format(date) {
        return date ? formatDate(deserializeDate(date)) : "";
    }

    userName(line) {
        return line.user || _t("Nobody");
    }

    /** The due date as a salesperson says it. */
    due(line) {
        if (!this.isTouch(line)) {
            return this.format(line.date);
        }
        if (line.section === "planned" && line.planned_day) {
            return this.format(line.planned_day);
        }
        const days = Math.round(
            deserializeDate(line.date).diff(this.today, "days").days
        );
        if (days === 0) {
            return _t("today");
        }
        if (days < 0) {
            return line.is_late
                ? _t("%s days late", -days)
                : _t("due %s days ago", -days);
        }
        return _t("in %s days", days);
    }

    isLate(line) {
        return line.is_late && line.section !== "planned";
    }

    async run(line, method, args = []) {
        const action = await this.orm.call(line.res_model, method, [
            [line.res_id],
            ...args,
        ]);
        if (action && typeof action === "object") {
            return this.action.doAction(action, {onClose: () => this.load()});
        }
        return this.load();
    }

    isFaceToFace(line) {
        return line.rank >= FACE_TO_FACE;
    }

    log(line) {
        return this.run(
            line,
            this.isFaceToFace(line) ? "action_open_visit" : "action_log_call"
        );
    }

    open(line) {
        const isDocument = !this.isTouch(line);
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: isDocument ? line.res_model : "res.partner",
            res_id: isDocument ? line.res_id : line.partner_id,
            views: [[false, "form"]],
        });
    }

    // Drag a line on a day to plan it

    onDragStart(line, ev) {
        this.state.dragged = line;
        ev.dataTransfer.setData("text/plain", line.key);
        ev.dataTransfer.effectAllowed = "move";
    }

    onDragEnd() {
        this.state.dragged = null;
        this.state.target = null;
    }

    onDrop(day) {
        const line = this.state.dragged;
        this.onDragEnd();
        return line && this.run(line, "action_plan", [day.text]);
    }
}

registry.category("actions").add("crm_manufacturing.my_day", MyDay);
