import {Domain} from "@web/core/domain";
import {pivotView} from "@web/views/pivot/pivot_view";
import {registry} from "@web/core/registry";

// what a figure counts, of the rows of its cell
const COUNTED = {
    done: [["done", "=", 1]],
    remaining: [["remaining", "=", 1]],
    met_decider: [["met_decider", "=", 1]],
    touched_partner_id: [["touched_partner_id", "!=", false]],
};

/** A click on a figure opens the touchpoints that it counts, no others. */
export class CompliancePivotRenderer extends pivotView.Renderer {
    onOpenView(cell, newWindow) {
        this.counted = COUNTED[cell.measure] || [];
        return super.onOpenView(cell, newWindow);
    }

    openView(domain, ...args) {
        const both = Domain.and([domain, this.counted]).toList();
        return super.openView(both, ...args);
    }
}

registry.category("views").add("crm_manufacturing_compliance_pivot", {
    ...pivotView,
    Renderer: CompliancePivotRenderer,
});
