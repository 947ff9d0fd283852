import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {expect, test} from "@odoo/hoot";
import {animationFrame} from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
    serverState,
} from "@web/../tests/web_test_helpers";

const HOST = "Iberia has reached its credit limit";
const SENTENCE = "Iberia owes 900 overdue, for up to 40 days.";

class SaleOrder extends models.Model {
    _name = "sale.order";
    name = fields.Char();
    state = fields.Char();
    credit_message = fields.Char();
    credit_released = fields.Boolean();
    partner_credit_warning = fields.Text();
    _records = [
        {id: 1, name: "S1", state: "draft", credit_message: SENTENCE},
        {id: 2, name: "S2", state: "draft", credit_message: false},
        {id: 3, name: "S3", credit_message: SENTENCE, credit_released: true},
        {id: 4, name: "S4", partner_credit_warning: HOST},
        {id: 5, name: "S5", credit_message: SENTENCE, partner_credit_warning: HOST},
    ];
}

defineMailModels();
defineModels([SaleOrder]);

const ARCH = `<form><widget name="customer_credit_alert"/>
    <field name="name"/><field name="state" invisible="1"/>
    <field name="partner_credit_warning" invisible="1"/></form>`;

async function open(resId) {
    onRpc("has_group", () => false);
    await mountView({type: "form", resModel: "sale.order", resId, arch: ARCH});
    await animationFrame();
}

test("the sentence is asked by its own call, and again once the order is saved", async () => {
    onRpc("sale.order", "web_read", ({kwargs}) =>
        expect.step(Object.keys(kwargs.specification).join())
    );
    onRpc("sale.order", "read", ({args}) => expect.step(args[1].join()));
    await open(1);
    expect.verifySteps([
        "name,state,partner_credit_warning,display_name",
        "credit_message,credit_released",
    ]);
    expect(".o_customer_credit.alert-warning").toHaveText(SENTENCE);
    await contains(".o_field_widget[name=name] input").edit("S1b");
    await contains(".o_form_button_save").click();
    await animationFrame();
    expect.verifySteps(["credit_message,credit_released"]);
});

test("an order within the credit says nothing", async () => {
    await open(2);
    expect(".o_customer_credit").toHaveCount(0);
});

test("what accounting released is said, and needs no button", async () => {
    serverState.userId = 1;
    await open(3);
    expect(".o_customer_credit.alert-info").toHaveCount(1);
    expect(".o_customer_credit button").toHaveCount(0);
});

test("there is one alert: the host's where ours has nothing to say", async () => {
    await open(4);
    expect(".o_customer_credit").toHaveText(HOST);
    expect(".alert").toHaveCount(1);
});

test("where both have something to say, ours is shown", async () => {
    await open(5);
    expect(".o_customer_credit").toHaveText(SENTENCE);
    expect(".alert").toHaveCount(1);
});
