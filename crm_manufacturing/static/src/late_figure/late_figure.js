import {Component, onMounted, onWillUpdateProps, useState} from "@odoo/owl";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";

/**
 * Figures of a smart button, read by their own call once the form is there, so that no
 * form opens later for them.
 *
 * Option `fields`: what is shown, in order; a float is a percentage. Option `unless`: a
 * count without which there is no figure.
 */
export class LateFigure extends Component {
    static template = "crm_manufacturing.LateFigure";
    static props = {
        ...standardWidgetProps,
        fields: {type: Array, element: String},
        unless: {type: String, optional: true},
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({row: null});
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
        const names = unless ? [...fields, unless] : fields;
        const rows = resId ? await this.orm.read(resModel, [resId], names) : [];
        this.state.row = rows[0] || null;
    }

    get texts() {
        const {fields, unless} = this.props;
        const {row} = this.state;
        if (!row || (unless && !row[unless])) {
            return row ? ["–"] : [];
        }
        return fields.map((name) => this.format(row[name], name)).filter(Boolean);
    }

    format(value, name) {
        const type = this.props.record.fields[name]?.type;
        if (Array.isArray(value)) {
            return value[1];
        }
        if (type === "date") {
            return value ? formatDate(deserializeDate(value)) : "–";
        }
        return type === "float" ? `${Math.round(value)} %` : `${value || ""}`;
    }
}

export const lateFigure = {
    component: LateFigure,
    extractProps: ({options}) => ({fields: options.fields, unless: options.unless}),
};

registry.category("view_widgets").add("late_figure", lateFigure);
