import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** A grade from 1 to 5, chosen with one click; 0 is none yet. */
export class GradeField extends Component {
    static template = "crm_manufacturing.GradeField";
    static props = {...standardFieldProps};

    get grades() {
        return [1, 2, 3, 4, 5];
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    choose(grade) {
        return this.props.record.update({[this.props.name]: grade});
    }
}

registry.category("fields").add("grade", {
    component: GradeField,
    supportedTypes: ["integer"],
});
