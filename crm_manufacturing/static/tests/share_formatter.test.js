import {expect, test} from "@odoo/hoot";
import {makeMockEnv} from "@web/../tests/web_test_helpers";
import {registry} from "@web/core/registry";

test("a mean of nothing is empty, and a mean of nought is nought", async () => {
    await makeMockEnv(); // numbers are written as the user's language does
    const format = registry.category("formatters").get("crm_manufacturing_share");
    expect(format(false)).toBe("");
    expect(format(null)).toBe("");
    expect(format(0)).toBe("0%");
    expect(format(0.825)).toBe("82.5%");
});
