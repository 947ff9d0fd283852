import {registry} from "@web/core/registry";
import {reactive} from "@odoo/owl";

/**
 * Colour and name of the bands, read once per session when the first badge is drawn, so
 * that a list with a tier column costs the server nothing more than the tier itself.
 */
export const partnerTierService = {
    dependencies: ["orm"],
    start(env, {orm}) {
        const bands = reactive({});
        let loading = false;
        async function load() {
            const found = await orm.silent.searchRead(
                "partner.scorecard.band",
                [],
                ["name", "color"]
            );
            for (const {id, name, color} of found) {
                bands[id] = {name, color};
            }
        }
        return {
            get bands() {
                loading = loading || load();
                return bands;
            },
        };
    },
};

registry.category("services").add("partner_tier", partnerTierService);
