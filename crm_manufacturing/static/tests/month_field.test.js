import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {after, expect, test} from "@odoo/hoot";
import {queryAllTexts} from "@odoo/hoot-dom";
import {
    defineModels,
    fields,
    makeMockEnv,
    models,
    mountView,
} from "@web/../tests/web_test_helpers";

const {Settings} = luxon;

class Report extends models.Model {
    _name = "month.report";
    period = fields.Date();
    _records = [{id: 1, period: "2026-03-01"}];
}

defineMailModels();
defineModels([Report]);

const ARCH = `<list><field name="period" widget="month"/></list>`;

test("a month is written as the reader's language does", async () => {
    // The start of the client chooses its locale
    await makeMockEnv();
    const {defaultLocale} = Settings;
    after(() => {
        Settings.defaultLocale = defaultLocale;
    });
    Settings.defaultLocale = "zh-CN";
    await mountView({type: "list", resModel: "month.report", arch: ARCH});
    expect(queryAllTexts(".o_data_cell")).toEqual(["2026年3月"]);
});
