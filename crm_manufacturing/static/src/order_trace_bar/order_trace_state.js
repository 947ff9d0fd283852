/** How a state of an order looks: colour of its badge, and how far along the way. */
export const STATE_COLORS = {
    to_plan: "danger",
    waiting_material: "warning",
    planned: "info",
    in_production: "primary",
    finished: "success",
    partially_shipped: "success",
    shipped: "success",
    delivered: "success",
    cancelled: "secondary",
};

export function getStateClass(state) {
    return `text-bg-${STATE_COLORS[state] || "secondary"}`;
}
