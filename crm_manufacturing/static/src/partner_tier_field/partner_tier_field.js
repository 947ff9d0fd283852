import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {Component, useState} from "@odoo/owl";

/** A tier as a coloured badge; `override_field` names the field that marks an override. */
export class PartnerTierField extends Component {
    static template = "crm_manufacturing.PartnerTierField";
    static props = {
        ...standardFieldProps,
        overrideField: {type: String, optional: true},
        full: {type: Boolean, optional: true},
    };

    setup() {
        this.bands = useState(useService("partner_tier").bands);
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get band() {
        return this.bands[this.value.id] || {name: "", color: 0};
    }

    get label() {
        const code = this.value.display_name;
        return this.props.full && this.band.name ? `${code} · ${this.band.name}` : code;
    }

    get isOverridden() {
        return (
            this.props.overrideField && this.props.record.data[this.props.overrideField]
        );
    }

    get title() {
        return this.isOverridden
            ? _t("%s (overridden)", this.band.name)
            : this.band.name;
    }
}

export const partnerTierField = {
    component: PartnerTierField,
    displayName: _t("Tier"),
    supportedTypes: ["many2one"],
    extractProps: ({options}) => ({
        overrideField: options.override_field,
        full: Boolean(options.full),
    }),
};

registry.category("fields").add("partner_tier", partnerTierField);
