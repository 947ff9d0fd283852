import {expect, test} from "@odoo/hoot";
import {click, queryAllTexts} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {FIELD_WIDTHS} from "@web/views/list/column_width_hook";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {orderTraceDateField} from "@crm_manufacturing/order_trace_bar/order_trace_date_field";

class Line extends models.Model {
    _name = "sale.order.line";
    name = fields.Char();
    trace_late_days = fields.Integer();
    trace_expected_date = fields.Date();
    _records = [
        {id: 5, name: "Fan", trace_expected_date: "2026-03-20", trace_late_days: 1},
        {id: 6, name: "Blade", trace_expected_date: "2026-03-11", trace_late_days: 0},
    ];
}

class Order extends models.Model {
    _name = "sale.order";
    name = fields.Char();
    line_ids = fields.One2many({relation: "sale.order.line"});
    trace_state = fields.Selection({
        selection: [
            ["to_plan", "To Plan"],
            ["waiting_material", "Waiting for Material"],
            ["planned", "Planned"],
            ["in_production", "In Production"],
            ["cancelled", "Cancelled"],
        ],
    });
    trace_progress = fields.Float();
    trace_expected_date = fields.Date();
    trace_late_days = fields.Integer();
    customer_to_inform = fields.Boolean();
    _records = [
        {
            id: 1,
            name: "S1",
            line_ids: [5, 6],
            trace_state: "waiting_material",
            trace_progress: 12.4,
            trace_expected_date: "2026-03-20",
            trace_late_days: 8,
            customer_to_inform: true,
        },
        {id: 2, name: "S2", trace_state: "planned", trace_progress: 0},
    ];
}

defineMailModels();
defineModels([Line, Order]);

const node = (values) => ({
    model: false,
    id: false,
    name: false,
    partner: false,
    title: "2 × Motor",
    state: "purchase",
    state_name: "Purchase Order",
    date: "2026-03-20",
    is_late: false,
    is_done: false,
    is_shared: false,
    ...values,
});

const getJourney = (line = {}, values = {}) => ({
    lines: [
        {
            id: 5,
            product: "Fan",
            quantity: "2",
            unit: "Units",
            state: "waiting_material",
            state_name: "Waiting for Material",
            progress: 25.4,
            promised: "2026-03-12",
            expected_date: "2026-03-20",
            late_days: 8,
            sentence: "Waits for 2 Motor, promised 20 March",
            customer_sentence: "1 of 2 finished, ships 20 March",
            informed: false,
            is_informed: false,
            is_accepted: false,
            to_inform: true,
            productions: [
                node({model: "mrp.production", id: 7, name: "MO/7", title: "2 × Fan"}),
            ],
            purchases: [node()],
            deliveries: [],
            ...line,
        },
    ],
    customer_text: "Fan: 1 of 2 finished, ships 20 March",
    may_write: true,
    ...values,
});

async function openJourney(journey) {
    onRpc("order.trace", "get_journey", ({args}) => {
        expect.step(`journey of ${args[0]}`);
        return journey;
    });
    await mountView({
        type: "form",
        resModel: "sale.order",
        resId: 1,
        arch: `<form><field name="name"/><widget name="order_trace_journey"/></form>`,
    });
    await animationFrame();
    expect.verifySteps(["journey of 1"]);
}

test("a line shows its figures, what it waits for and its stations", async () => {
    await openJourney(getJourney());
    expect(".o_journey_line header strong").toHaveText("2 Units × Fan");
    expect(".o_journey_line .badge").toHaveText("Waiting for Material");
    expect(".o_journey_line .progress-bar").toHaveAttribute("style", "width: 25.4%");
    expect(".o_journey_expected").toHaveClass("text-danger");
    expect(".o_journey_sentence").toHaveText("Waits for 2 Motor, promised 20 March");
    expect(queryAllTexts(".o_journey_station h6")).toEqual([
        "Production",
        "Purchases",
        "Deliveries",
    ]);
    expect("[data-station='deliveries'] p").toHaveText("No delivery");
});

test("only what the reader may open is a button", async () => {
    mockService("action", {
        doAction(action) {
            expect.step(`${action.res_model} ${action.res_id}`);
        },
    });
    await openJourney(getJourney());
    expect("[data-station='productions'] button.o_journey_node").toHaveCount(1);
    expect("[data-station='purchases'] button.o_journey_node").toHaveCount(0);
    expect("[data-station='purchases'] .o_journey_name").toHaveCount(0);
    await click("[data-station='productions'] button.o_journey_node");
    await click("[data-station='purchases'] .o_journey_node");
    await animationFrame();
    expect.verifySteps(["mrp.production 7"]);
});

test("a late and a done document are marked", async () => {
    await openJourney(
        getJourney({purchases: [node({is_late: true}), node({is_done: true})]})
    );
    expect(".o_node_late .o_journey_date").toHaveClass("text-danger");
    expect(".o_node_done").toHaveCount(1);
});

test("telling the customer is one click and loads the journey again", async () => {
    onRpc("sale.order.line", "action_customer_informed", ({args}) => {
        expect.step(`told ${args[0]}`);
        return true;
    });
    await openJourney(getJourney());
    await contains(".o_journey_informed").click();
    await animationFrame();
    // the record is read again, and its journey with it
    expect.verifySteps(["told 5", "journey of 1"]);
});

test("who may not write the order has no buttons", async () => {
    await openJourney(getJourney({}, {may_write: false}));
    expect(".o_journey_told").toHaveText("Customer not told");
    expect(".o_journey_told button").toHaveCount(0);
});

test("who was told is said, and who accepted", async () => {
    await openJourney(getJourney({informed: "2026-03-03", is_informed: true}));
    expect(".o_journey_informed").toHaveCount(0);
    expect(".o_journey_accepted").toHaveCount(1);
});

test("the text for the customer is copied", async () => {
    mockService("notification", {});
    await openJourney(getJourney());
    expect(".o_journey_customer_text").toHaveText(
        "Fan: 1 of 2 finished, ships 20 March"
    );
    expect(".o_clipboard_button").toHaveText("Copy for customer");
});

async function openBar(resId, waits = false) {
    onRpc("order.trace", "get_order_sentence", ({args}) => {
        expect.step(`sentence of ${args[0]}`);
        return waits;
    });
    await mountView({
        type: "form",
        resModel: "sale.order",
        resId,
        arch: `<form><field name="trace_state" widget="order_trace_bar"/></form>`,
    });
    await animationFrame();
    expect.verifySteps([`sentence of ${resId}`]);
}

test("the bar shows the step, the expected date and how late", async () => {
    await openBar(1);
    expect(queryAllTexts(".o_order_trace_steps li")).toEqual([
        "To Plan",
        "Waiting for Material",
        "In Production",
    ]);
    expect(".o_step_current").toHaveText("Waiting for Material");
    expect(".o_order_trace_figures .text-bg-danger").toHaveText("8 days late");
    expect(".o_order_trace_figures .text-bg-warning").toHaveText("Customer not told");
});

test("an order on time is told no lateness, and waits for nothing", async () => {
    await openBar(2);
    expect(queryAllTexts(".o_order_trace_steps li")).toEqual([
        "To Plan",
        "Planned",
        "In Production",
    ]);
    expect(".o_order_trace_figures").toHaveText("0 %");
});

test("the bar says what the order waits for, and no more than its reader may", async () => {
    await openBar(1, {
        sentence: "Waits for 2 Motor, promised 20 March",
        res_model: false,
        res_id: false,
        others: 1,
    });
    expect(".o_order_trace_sentence").toHaveText(
        "Waits for 2 Motor, promised 20 March1 more line waits"
    );
    expect(".o_order_trace_sentence button").toHaveCount(0);
});

test("the sentence opens the document it names", async () => {
    mockService("action", {
        doAction(action) {
            expect.step(`${action.res_model} ${action.res_id}`);
        },
    });
    await openBar(1, {
        sentence: "Waits for 2 Motor, P7 from Foshan, promised 20 March",
        res_model: "purchase.order",
        res_id: 7,
        others: 0,
    });
    await click(".o_order_trace_sentence button");
    await animationFrame();
    expect.verifySteps(["purchase.order 7"]);
});

test("an order that waits for nothing says nothing", async () => {
    await openBar(2);
    expect(".o_order_trace_sentence").toHaveCount(0);
});

test("hidden columns of an order's lines are not read until shown", async () => {
    onRpc("sale.order", "web_read", ({kwargs}) => {
        expect.step(Object.keys(kwargs.specification.line_ids.fields).sort().join());
    });
    await mountView({
        type: "form",
        resModel: "sale.order",
        resId: 1,
        arch: `
            <form><field name="line_ids"><list>
                <field name="name"/>
                <field name="trace_expected_date" widget="order_trace_date"
                    optional="hide" options="{'load_when_shown': true}"/>
            </list></field></form>`,
    });
    await contains(".o_optional_columns_dropdown button").click();
    await contains(".o-dropdown-item input[name='trace_expected_date']").click();
    await animationFrame();
    expect.verifySteps(["name", "name,trace_expected_date,trace_late_days"]);
    expect(".o_data_row:first-child .text-danger").toHaveAttribute(
        "title",
        "1 day after the promise"
    );
    expect(".o_data_row:last-child .text-danger").toHaveCount(0);
});

test("the column of the expected date is as wide as the language's dates", async () => {
    expect(orderTraceDateField.listViewWidth()).toBe(FIELD_WIDTHS.date);
});
