import { expect, test } from "@odoo/hoot";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    defineModels,
    fields,
    getService,
    models,
    mountWithCleanup,
    onRpc,
    toggleMenuItem,
    toggleSearchBarMenu,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

class Visit extends models.Model {
    name = fields.Char();
    kind = fields.Selection({
        selection: [
            ["long", "Long"],
            ["short", "Short"],
        ],
    });
    status = fields.Selection({ selection: [["done", "Done"]] });

    _records = [{ id: 1, name: "Fair", kind: "long" }];
    _views = {
        list: '<list js_class="relationship_item_list"><field name="name"/></list>',
        search: `
            <search>
                <filter name="each_once" string="Each once" context="{'each_once': 1}"/>
                <searchpanel>
                    <field name="kind" enable_counters="1"/>
                    <field name="status" select="multi" enable_counters="1"/>
                </searchpanel>
            </search>`,
    };
}

defineMailModels();
defineModels([Visit]);

const METHODS = [
    "search_panel_select_range",
    "search_panel_select_multi_range",
    "web_search_read",
];
const ANY_ORDER = { ignoreOrder: true };

function asked(once) {
    return METHODS.map((method) => `${method} ${once}`);
}

test("the panel at the left counts as the filters of the list say", async () => {
    for (const method of METHODS) {
        onRpc("visit", method, ({ kwargs }) => {
            expect.step(`${method} ${kwargs.context.each_once || 0}`);
        });
    }
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.act_window",
        res_model: "visit",
        views: [[false, "list"]],
        context: { search_default_each_once: 1, active_id: 7 },
    });
    expect.verifySteps(asked(1), ANY_ORDER);
    await toggleSearchBarMenu();
    await toggleMenuItem("Each once");
    expect.verifySteps(asked(0), ANY_ORDER);
});

for (const [words, isCompany] of [
    ["a company", 1],
    ["a person", 0],
]) {
    test(`by its address the list of ${words} begins as by its form`, async () => {
        onRpc("res.partner", "search_count", () => isCompany);
        onRpc("relationship.item", "get_hidden", () => ({ count: 0, reasons: [] }));
        onRpc("visit", "web_search_read", ({ kwargs }) => {
            expect.step(`once ${kwargs.context.each_once || 0}`);
        });
        await mountWithCleanup(WebClient);
        await getService("action").doAction({
            type: "ir.actions.act_window",
            res_model: "visit",
            views: [[false, "list"]],
            context: { relationship_about_id: 7 },
        });
        expect.verifySteps([`once ${isCompany}`]);
    });
}
