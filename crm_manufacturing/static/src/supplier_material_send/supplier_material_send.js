import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {formatFloat} from "@web/views/fields/formatters";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {Component, onWillStart, useState} from "@odoo/owl";

/**
 * Preview, send, result. The server freezes a plan and queues its mail in one
 * transaction, so a reload loses none: what is left is what is still a draft.
 */
export class SupplierMaterialSend extends Component {
    static template = "crm_manufacturing.SupplierMaterialSend";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.action = useService("action");
        this.display = {controlPanel: {}};
        this.state = useState({
            rows: [],
            chosen: {},
            opened: null,
            step: "preview",
            done: 0,
            total: 0,
            results: [],
            broken: "",
            neutralized: false,
        });
        onWillStart(() => this.load());
    }

    async load() {
        const {active_model: model, active_ids: ids = []} = this.props.action.context;
        const only = model === "supplier.material.plan" ? ids : [];
        const preview = await this.orm.call(
            "supplier.material.plan",
            "get_send_preview",
            [only]
        );
        const chosen = {};
        for (const row of preview.rows) {
            chosen[row.id] = !row.problem && this.isNews(row);
        }
        Object.assign(this.state, {...preview, chosen, step: "preview"});
    }

    isNews(row) {
        return !row.previous || row.added + row.changed + row.dropped > 0;
    }

    get chosenRows() {
        return this.state.rows.filter((row) => this.state.chosen[row.id]);
    }

    get percent() {
        return this.state.total ? (100 * this.state.done) / this.state.total : 0;
    }

    get failures() {
        return this.state.results.filter((result) =>
            ["failed", "undelivered"].includes(result.state)
        );
    }

    get sendLabel() {
        return _t("Send to Suppliers (%s)", this.chosenRows.length);
    }

    get failureText() {
        const numbers = {failed: this.failures.length, all: this.state.results.length};
        return numbers.failed === numbers.all
            ? _t("No plan arrived.")
            : _t(
                  "Not reached: %(failed)s of %(all)s; the others have their plan.",
                  numbers
              );
    }

    number(value) {
        return formatFloat(value, {digits: [16, 2], trailingZeros: false});
    }

    /** What the supplier has; of a first plan there is nothing. */
    known(row, text) {
        return row.previous ? text : "–";
    }

    signed(value) {
        return value > 0 ? `+${this.number(value)}` : this.number(value);
    }

    differences(row) {
        if (!row.previous) {
            return _t("First plan; lines: %s", row.lines);
        }
        if (!this.isNews(row)) {
            return _t("No change");
        }
        return [
            row.added && _t("%s new", row.added),
            row.changed && _t("%s changed", row.changed),
            row.dropped && _t("%s no longer needed", row.dropped),
        ]
            .filter(Boolean)
            .join(", ");
    }

    toggle(row) {
        this.state.chosen[row.id] = !this.state.chosen[row.id];
    }

    toggleAll(checked) {
        for (const row of this.state.rows) {
            this.state.chosen[row.id] = checked && !row.problem;
        }
    }

    open(row) {
        this.state.opened = this.state.opened === row.id ? null : row.id;
    }

    openPlan(id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "supplier.material.plan",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    confirm() {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Send Material Plans"),
            body: _t(
                "%s suppliers get one e-mail each. What is sent cannot be changed any more.",
                this.chosenRows.length
            ),
            confirmLabel: _t("Send Now"),
            // not awaited: the dialog would stay in front of the bar until all are sent
            confirm: () => {
                this.send();
            },
            cancel: () => {},
        });
    }

    async send() {
        const ids = this.chosenRows.map((row) => row.id);
        Object.assign(this.state, {
            step: "sending",
            done: 0,
            total: ids.length,
            results: [],
            broken: "",
        });
        try {
            // one per call: a document takes seconds, and the bar moves with each
            for (const id of ids) {
                const results = await this.orm.call(
                    "supplier.material.plan",
                    "send_some",
                    [[id]]
                );
                this.state.results.push(...results);
                this.state.done += 1;
            }
            await this.readMailStates();
        } catch (error) {
            this.state.broken = error.data?.message || error.message;
        }
        this.state.step = "done";
    }

    /** What the mail server said meanwhile: an address it refuses is a failure. */
    async readMailStates() {
        const sent = this.state.results.filter((result) => result.state === "sent");
        const states = await this.orm.call(
            "supplier.material.plan",
            "get_send_results",
            [sent.map((result) => result.id)]
        );
        for (const {id, state, text} of states) {
            const result = sent.find((one) => one.id === id);
            if (state === "failed") {
                Object.assign(result, {state: "undelivered", text});
            } else if (state === "queued") {
                result.state = state;
            }
        }
    }

    label(state) {
        return {
            sent: _t("Sent"),
            queued: _t("On its way"),
            skipped: _t("Sent before"),
            failed: _t("Not sent"),
            undelivered: _t("Not delivered"),
        }[state];
    }

    color(state) {
        return (
            {sent: "success", queued: "info", skipped: "secondary"}[state] || "danger"
        );
    }
}

registry
    .category("actions")
    .add("crm_manufacturing.supplier_material_send", SupplierMaterialSend);
