import {click} from "@odoo/hoot-dom";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {expect, test} from "@odoo/hoot";
import {animationFrame} from "@odoo/hoot-mock";
import {defineModels, fields, models, mountView} from "@web/../tests/web_test_helpers";

class Answer extends models.Model {
    _name = "grade.answer";
    delivery = fields.Integer();
    _records = [{id: 1, delivery: 0}];
}

defineMailModels();
defineModels([Answer]);

test("a grade is chosen with one click, and none is chosen before", async () => {
    await mountView({
        type: "form",
        resModel: "grade.answer",
        resId: 1,
        arch: `<form><field name="delivery" widget="grade"/></form>`,
    });
    expect("[name='delivery'] button").toHaveCount(5);
    expect("[name='delivery'] button.active").toHaveCount(0);
    await click("[name='delivery'] button[data-grade='4']");
    await animationFrame();
    expect("[name='delivery'] button.active").toHaveText("4");
});
