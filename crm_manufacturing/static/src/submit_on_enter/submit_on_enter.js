import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {Component, useExternalListener, useRef, xml} from "@odoo/owl";

/** In a dialog of few fields, Enter does what its main button does. */
export class SubmitOnEnter extends Component {
    static template = xml`<span class="d-none" t-ref="root" />`;
    static props = {...standardWidgetProps};

    setup() {
        this.root = useRef("root");
        useExternalListener(document, "keydown", (ev) => this.onKeydown(ev));
    }

    onKeydown(ev) {
        const dialog = this.root.el?.closest(".modal");
        const isOurs = dialog?.contains(ev.target);
        const isBusy = document.querySelector(".o-autocomplete--dropdown-menu");
        if (ev.key !== "Enter" || !isOurs || isBusy || ev.target.matches("button")) {
            return;
        }
        ev.preventDefault();
        // what was typed is saved when the field is left
        ev.target.blur();
        dialog.querySelector("button.o_submit_on_enter")?.click();
    }
}

registry.category("view_widgets").add("submit_on_enter", {component: SubmitOnEnter});
