import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {expect, test} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";
import {animationFrame, mockDate} from "@odoo/hoot-mock";
import {reactive} from "@odoo/owl";
import {
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Supplier extends models.Model {
    _name = "figure.supplier";
    name = fields.Char();
    otif = fields.Float();
    lines = fields.Integer();
    last = fields.Date();
    _records = [
        {id: 1, name: "Foshan Motor", otif: 87.4, lines: 12, last: "2026-03-12"},
        {id: 2, name: "New One", otif: 0, lines: 0, last: false},
    ];
}

defineMailModels();
defineModels([Supplier]);

const ARCH = `<form><field name="name"/><widget name="late_figure"
    options="{'fields': {'otif': 'percent', 'last': 'date'}, 'unless': 'lines'}"/></form>`;

test("figures are read by their own call, after the form", async () => {
    onRpc("figure.supplier", "web_read", ({kwargs}) => {
        expect.step(Object.keys(kwargs.specification).join());
    });
    onRpc("figure.supplier", "read", ({args}) => expect.step(args[1].join()));
    await mountView({type: "form", resModel: "figure.supplier", resId: 1, arch: ARCH});
    await animationFrame();
    expect.verifySteps(["name,display_name", "otif,last,lines"]);
    expect(queryAllTexts(".o_late_figure > span")).toEqual(["87 %", "03/12/2026"]);
});

for (const [now, red] of [
    ["2026-03-12 23:00:00", 0],
    ["2026-03-13 01:00:00", 1],
]) {
    test(`a deadline is red once it is past (${now})`, async () => {
        mockDate(now, 0);
        const arch = ARCH.replace("'last': 'date'", "'last': 'deadline'");
        await mountView({type: "form", resModel: "figure.supplier", resId: 1, arch});
        await animationFrame();
        expect(".o_late_figure.text-danger").toHaveCount(red);
    });
}

test("without anything counted there is no figure, not 0", async () => {
    await mountView({type: "form", resModel: "figure.supplier", resId: 2, arch: ARCH});
    await animationFrame();
    expect(".o_late_figure").toHaveText("–");
});

test("a tier is a badge in its colour, as everywhere else", async () => {
    const bands = reactive({3: {name: "Key customers", color: 10}});
    mockService("partner_tier", {bands});
    onRpc("figure.supplier", "read", () => [{lines: 4, tier: [3, "A"]}]);
    const arch = `<form><widget name="late_figure" options="{
        'fields': {'lines': 'text', 'tier': 'tier'}, 'unless': 'lines'}"/></form>`;
    await mountView({type: "form", resModel: "figure.supplier", resId: 1, arch});
    await animationFrame();
    expect(queryAllTexts(".o_late_figure > span")).toEqual(["4", "A"]);
    expect(".o_late_figure .badge.o_badge_color_10").toHaveText("A");
    expect(".o_late_figure .badge").toHaveAttribute("title", "Key customers");
});
