import {expect, test} from "@odoo/hoot";
import {click, queryAllTexts} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {
    contains,
    defineActions,
    defineModels,
    fields,
    getService,
    models,
    mountView,
    mountWithCleanup,
    mockService,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {WebClient} from "@web/webclient/webclient";

class Band extends models.Model {
    _name = "partner.scorecard.band";
    name = fields.Char();
    color = fields.Integer();
    _records = [{id: 1, name: "Key customers", color: 10}];
}

class Score extends models.Model {
    _name = "partner.score";
    effective_band_id = fields.Many2one({relation: "partner.scorecard.band"});
    overridden = fields.Boolean();
    _records = [
        {id: 1, effective_band_id: 1, overridden: true},
        {id: 2, effective_band_id: false},
    ];
}

defineMailModels();
defineModels([Band, Score]);

const figures = (count, value, share) => ({count, value, share, score: null});
const none = {of: 0, count: 0, rate: null};

function getScreen(values) {
    return {
        state: "ready",
        company: "Fans Ltd",
        cards: [{id: 7, name: "Customer Pyramid"}],
        can_recompute: true,
        only_own: false,
        card: {
            id: 7,
            company_id: 1,
            name: "Customer Pyramid",
            method: "share",
            figure: "Invoiced revenue",
            currency_id: false,
            period_months: 12,
            date_from: "2025-04-01",
            date_to: "2026-03-31",
            then_to: "2025-03-31",
            figures_date: "2026-03-31",
            next_run_date: false,
        },
        bands: [
            {
                id: 1,
                code: "A",
                name: "Key customers",
                color: 10,
                advice: "Protect",
                ...figures(3, 800, 80),
                then: figures(2, 500, 100),
            },
            {id: false, code: "", name: "", color: 0, ...figures(4, 0, 0)},
        ],
        ladder: [
            {stage: "suspect", name: "Target", count: 2, went: none, won_back: null},
            {
                stage: "lost",
                name: "Lost",
                count: 1,
                went: null,
                won_back: {of: 4, count: 1, rate: 25},
            },
        ],
        ...values,
    };
}

async function openPyramid(values) {
    onRpc("partner.scorecard", "get_pyramid", () => getScreen(values));
    defineActions([
        {
            id: 1,
            type: "ir.actions.client",
            tag: "crm_manufacturing.pyramid",
            name: "Pyramid",
        },
    ]);
    await mountWithCleanup(WebClient);
    await getService("action").doAction(1);
    await animationFrame();
}

test("bands show count, figure, share and the period before", async () => {
    await openPyramid();
    expect(".o_pyramid_band[data-code='A'] .o_pyramid_count").toHaveText("3");
    expect(queryAllTexts(".o_pyramid_band[data-code='A'] .o_pyramid_then")).toEqual([
        "Protect",
        "2 before",
        "500 before",
        "100.0 % before",
    ]);
    expect(".o_pyramid_unbanded .o_pyramid_count").toHaveText("4");
    expect(".o_pyramid_total .o_pyramid_count").toHaveText("7");
});

test("no rate is a dash, never zero", async () => {
    await openPyramid();
    expect(queryAllTexts(".o_stage_rate")).toEqual(["– went on", "25.0 % won back"]);
});

test("only who may recompute sees the button", async () => {
    await openPyramid({can_recompute: false});
    expect(".o_pyramid_band[data-code='A']").toHaveCount(1);
    expect(".o_pyramid_recompute").toHaveCount(0);
});

test("recompute judges the card, reads the screen again and says so", async () => {
    onRpc("partner.scorecard", "action_recompute", ({args}) => {
        expect.step(`recompute ${args[0]}`);
        return {params: {type: "success", message: "Nobody changes tier."}};
    });
    await openPyramid();
    await contains(".o_pyramid_recompute").click();
    expect.verifySteps(["recompute 7"]);
    expect(".o_notification_content").toHaveText("Nobody changes tier.");
});

test("while computing it says how many customers wait", async () => {
    await openPyramid({state: "computing", scored: 3, total: 12});
    expect(".o_pyramid_panel[data-state='computing']").toHaveText(/Computing, 3 of 12/);
});

test("a segment opens its list", async () => {
    await openPyramid();
    mockService("action", {
        doAction(action, {additionalContext}) {
            expect.step(
                `${action} ${additionalContext.search_default_effective_band_id}`
            );
        },
    });
    await click(".o_pyramid_band[data-code='A']");
    await animationFrame();
    expect.verifySteps(["crm_manufacturing.partner_score_action 1"]);
});

test("a tier is a badge in the colour of its band, marked when overridden", async () => {
    await mountView({
        type: "list",
        resModel: "partner.score",
        arch: `<list>
            <field name="effective_band_id" widget="partner_tier" options="{'override_field': 'overridden'}"/>
            <field name="overridden" column_invisible="1"/>
        </list>`,
    });
    await animationFrame();
    expect(".o_partner_tier").toHaveCount(1);
    expect(".o_partner_tier").toHaveClass("o_badge_color_10");
    expect(".o_partner_tier .fa-gavel").toHaveCount(1);
});

test("a column loaded when shown is not read before", async () => {
    onRpc("partner.score", "web_search_read", ({kwargs}) => {
        expect.step(Object.keys(kwargs.specification).sort().join());
    });
    await mountView({
        type: "list",
        resModel: "partner.score",
        arch: `<list>
            <field name="overridden"/>
            <field name="effective_band_id" widget="partner_tier" optional="hide" options="{'load_when_shown': true}"/>
        </list>`,
    });
    expect.verifySteps(["overridden"]);
    await contains(".o_optional_columns_dropdown_toggle").click();
    await contains(".o-dropdown-item input[name='effective_band_id']").click();
    await animationFrame();
    expect.verifySteps(["effective_band_id,overridden"]);
    expect(".o_partner_tier").toHaveCount(1);
});
