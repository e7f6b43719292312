import { expect, test } from "@odoo/hoot";
import { click, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    defineModels,
    fields,
    getService,
    mockService,
    models,
    mountView,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

class Lead extends models.Model {
    _name = "crm.lead";

    name = fields.Char();

    _records = [{ id: 7, name: "Packing line" }];
}

defineMailModels();
defineModels([Lead]);

test("the timeline asks once for what it shows", async () => {
    for (const method of ["search_read", "web_search_read", "web_read", "read"]) {
        onRpc("crm.lead", method, () => expect.step(method));
    }
    onRpc("crm.lead", "get_timeline", ({ args }) => {
        expect.step(["get_timeline", ...args]);
        return { entries: [], can_open: true };
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "relationship_opportunity_timeline",
        context: { active_id: 7 },
    });
    await animationFrame();
    expect.verifySteps([["get_timeline", 7]]);
    expect(".o_relationship_timeline_open").toHaveCount(1);
});

test("figures of any model are shown and opened in one way", async () => {
    const figures = [
        { key: "won", label: "Won", value: "2", hint: "", goal: "4", percent: 50 },
        { key: "last", label: "Last contact", value: "–", hint: "", goal: false },
    ];
    onRpc("crm.lead", "get_figures", ({ args, kwargs }) => {
        expect.step(["get", args, kwargs.with_parts, kwargs.header]);
        return { figures, notes: ["Not all of them."] };
    });
    onRpc("crm.lead", "action_open_figure", ({ args, kwargs }) => {
        expect.step(["open", args, kwargs.with_parts]);
        return { type: "ir.actions.act_window_close" };
    });
    mockService("action", {
        doAction({ type }) {
            expect.step(type);
        },
    });
    await mountView({
        type: "form",
        resModel: "crm.lead",
        resId: 7,
        arch: `
            <form>
                <widget name="relationship_figures" options="{'with_parts': True}"/>
            </form>`,
    });
    await animationFrame();
    expect.verifySteps([["get", [[7]], true, false]]);
    expect(queryAllTexts(".o_relationship_figures .fw-bold")).toEqual(["2", "–"]);
    expect(".o_relationship_figures .progress").toHaveCount(1);
    await click("button[name=last]");
    await animationFrame();
    expect.verifySteps([["open", [[7], "last"], true], "ir.actions.act_window_close"]);
});
