import {Component, markup, onMounted, onWillUpdateProps, useState} from "@odoo/owl";
import {deserializeDate, formatDate, today} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";

/**
 * Figures of a smart button, read by their own call once the form is there, so that no
 * form opens later for them.
 *
 * Option `fields`: what is shown, in order, each with its kind: `percent`, `date`,
 * `deadline` (a date, red when past), `html`, `tier` or `text`. Option `unless`: a count
 * without which there is no figure.
 */
export class LateFigure extends Component {
    static template = "crm_manufacturing.LateFigure";
    static props = {
        ...standardWidgetProps,
        fields: Object,
        unless: {type: String, optional: true},
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({row: null});
        if (Object.values(this.props.fields).includes("tier")) {
            this.bands = useState(useService("partner_tier").bands);
        }
        onMounted(() => this.load(this.props.record));
        onWillUpdateProps(({record}) => {
            if (record.resId !== this.props.record.resId) {
                this.state.row = null;
                this.load(record);
            }
        });
    }

    async load({resModel, resId}) {
        const {fields, unless} = this.props;
        const names = [...Object.keys(fields), ...(unless ? [unless] : [])];
        const rows = resId ? await this.orm.read(resModel, [resId], names) : [];
        this.state.row = rows[0] || null;
    }

    get figures() {
        const {fields, unless} = this.props;
        const {row} = this.state;
        if (!row || (unless && !row[unless])) {
            return row ? [{text: "–"}] : [];
        }
        return Object.entries(fields)
            .map(([name, kind]) => ({
                text: this.format(row[name], kind),
                band: kind === "tier" && this.getBand(row[name]),
            }))
            .filter(({text}) => text);
    }

    /** Colour and name of a tier, which are read once per session and may be late. */
    getBand(value) {
        return (value && this.bands[value[0]]) || {name: "", color: 0};
    }

    get isPast() {
        return Object.entries(this.props.fields).some(
            ([name, kind]) =>
                kind === "deadline" &&
                this.state.row?.[name] &&
                deserializeDate(this.state.row[name]) < today()
        );
    }

    format(value, kind) {
        switch (kind) {
            case "percent":
                return `${Math.round(value)} %`;
            case "date":
            case "deadline":
                return value ? formatDate(deserializeDate(value)) : "–";
            case "html":
                // made by the server's own code, which escapes
                return value ? markup(value) : "";
            default:
                return Array.isArray(value) ? value[1] : `${value || ""}`;
        }
    }
}

export const lateFigure = {
    component: LateFigure,
    extractProps: ({options}) => ({fields: options.fields, unless: options.unless}),
};

registry.category("view_widgets").add("late_figure", lateFigure);
