import {formatPercentage} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";

/** A percentage in a pivot; a mean of nothing is empty, where the host says 0 %. */
export function formatShare(value, options) {
    return typeof value === "number" ? formatPercentage(value, options) : "";
}
formatShare.extractOptions = formatPercentage.extractOptions;

registry.category("formatters").add("crm_manufacturing_share", formatShare);
