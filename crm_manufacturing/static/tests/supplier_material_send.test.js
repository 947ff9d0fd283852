import {expect, test} from "@odoo/hoot";
import {Deferred, animationFrame} from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    getService,
    models,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {WebClient} from "@web/webclient/webclient";

class Plan extends models.Model {
    _name = "supplier.material.plan";
}

defineMailModels();
defineModels([Plan]);

const ROW = {
    contact: "Mei",
    email: "mei@foshan.example",
    language: "English",
    version: 2,
    previous: 1,
    added: 0,
    changed: 1,
    dropped: 0,
    lines: 1,
    gaps: 0,
    differences: [],
    problem: "",
};

test("each supplier moves the bar, and no dialog hides it", async () => {
    const answers = [new Deferred(), new Deferred()];
    let asked = 0;
    onRpc("supplier.material.plan", "get_send_preview", () => ({
        rows: [
            {...ROW, id: 1, supplier: "Foshan"},
            {...ROW, id: 2, supplier: "Ningbo"},
        ],
        neutralized: false,
        company: "Fans",
    }));
    onRpc("supplier.material.plan", "send_some", async ({args}) => {
        await answers[asked++];
        return args[0].map((id) => ({id, supplier: `${id}`, state: "sent", text: ""}));
    });
    onRpc("supplier.material.plan", "get_send_results", () => []);
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "crm_manufacturing.supplier_material_send",
    });
    expect(".o_supplier_material_send td:contains('1 changed')").toHaveCount(2);
    await contains(".o_send").click();
    await contains(".modal-footer .btn-primary").click();
    await animationFrame();
    expect(".modal").toHaveCount(0);
    expect(".progress[aria-valuenow='0']").toHaveCount(1);
    answers[0].resolve();
    await animationFrame();
    expect(".progress[aria-valuenow='50']").toHaveCount(1);
    answers[1].resolve();
    await animationFrame();
    await animationFrame();
    expect(".progress[aria-valuenow='100']").toHaveCount(1);
});
