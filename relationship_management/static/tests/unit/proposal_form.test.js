import { expect, test } from "@odoo/hoot";
import { edit, unload } from "@odoo/hoot-dom";
import { animationFrame, mockSendBeacon } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    hideTab,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Visit extends models.Model {
    name = fields.Char({ default: "Visit" });
    place = fields.Char();

    _records = [{ id: 1, name: "Fair" }];
}

defineMailModels();
defineModels([Visit]);

async function mountForm(resId) {
    onRpc("web_save", ({ args }) => expect.step(args[1].place || args[1].name));
    // What the server is told as the page goes.
    mockSendBeacon(() => {
        expect.step("at the end");
        return true;
    });
    await mountView({
        type: "form",
        resModel: "visit",
        resId,
        arch: `
            <form js_class="relationship_proposal_form">
                <field name="name"/>
                <field name="place"/>
            </form>`,
    });
}

const WAYS = {
    "the page is hidden": hideTab,
    "the page is left": unload,
};

for (const [words, leave] of Object.entries(WAYS)) {
    test(`a proposal that nobody touched is not saved when ${words}`, async () => {
        await mountForm();
        await leave();
        await animationFrame();
        expect.verifySteps([]);
    });
}

test("what was entered into a proposal is saved when the page is hidden", async () => {
    await mountForm();
    await contains("[name=place] input").edit("Poznań");
    await hideTab();
    await animationFrame();
    expect.verifySteps(["Poznań"]);
});

test("what was typed last is saved, too", async () => {
    await mountForm();
    await contains("[name=place] input").click();
    await edit("Kraków");
    await hideTab();
    await animationFrame();
    expect.verifySteps(["Kraków"]);
});

test("what is there already is saved as ever", async () => {
    await mountForm(1);
    await contains("[name=place] input").edit("Wrocław");
    await hideTab();
    await animationFrame();
    expect.verifySteps(["Wrocław"]);
});
