import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {Component, onWillUpdateProps, useState} from "@odoo/owl";

const ROLE_COLORS = {
    decides: "text-bg-success",
    influences: "text-bg-info",
    uses: "text-bg-secondary",
    pays: "text-bg-info",
    blocks: "text-bg-danger",
};

/** What to know of a customer. Read by a call of its own, after the form is there. */
export class CrmVisitBrief extends Component {
    static template = "crm_manufacturing.CrmVisitBrief";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({loading: true, brief: null});
        this.load(this.props.record);
        onWillUpdateProps(({record}) => {
            if (this.resId !== record.resId) {
                this.load(record);
            }
        });
    }

    async load({resId, resModel}) {
        this.resId = resId;
        this.state.loading = Boolean(resId);
        const brief = resId && (await this.fetch(resModel, resId));
        if (resId === this.resId) {
            Object.assign(this.state, {loading: false, brief});
        }
    }

    fetch(resModel, resId) {
        const method = resModel === "crm.visit" ? "get_brief" : "get_overview";
        return this.orm.call("crm.visit", method, [resId]);
    }

    get brief() {
        return this.state.brief;
    }

    /** Sections that have something to say. */
    get sections() {
        return this.brief.sections.filter(({lines}) => lines.length);
    }

    get shares() {
        const {shares} = this.brief.relationship;
        return shares.map(({name, percent}) => `${name} ${percent} %`).join(", ");
    }

    roleColor({role}) {
        return ROLE_COLORS[role];
    }

    open({res_model, res_id}) {
        if (res_model) {
            this.action.doAction({
                type: "ir.actions.act_window",
                res_model,
                res_id,
                views: [[false, "form"]],
            });
        }
    }

    openPerson({id}) {
        this.open({res_model: "res.partner", res_id: id});
    }
}

registry.category("view_widgets").add("crm_visit_brief", {component: CrmVisitBrief});
