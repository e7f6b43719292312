import { expect, test } from "@odoo/hoot";
import { click, dblclick, press, queryFirst } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    defineModels,
    fields,
    MockServer,
    mockService,
    models,
    mountView,
} from "@web/../tests/web_test_helpers";

class Visit extends models.Model {
    name = fields.Char();

    _records = [
        { id: 1, name: "Fair" },
        { id: 2, name: "Lunch" },
    ];
}

defineMailModels();
defineModels([Visit]);

const VIEWS = {
    list: {
        row: ".o_data_row",
        arch: `
            <list js_class="relationship_row_buttons_list" action="open" type="object">
                <field name="name"/>
                <button name="do_it" type="object" string="Done"/>
            </list>`,
    },
    kanban: {
        row: ".o_kanban_record:not(.o_kanban_ghost)",
        arch: `
            <kanban js_class="relationship_row_buttons_kanban" action="open" type="object">
                <templates>
                    <t t-name="card">
                        <field name="name"/>
                        <button name="do_it" type="object">Done</button>
                    </t>
                </templates>
            </kanban>`,
    },
};

for (const [type, { row, arch }] of Object.entries(VIEWS)) {
    test(`a double click in a ${type} is one click`, async () => {
        mockService("action", {
            doActionButton({ name, resId }) {
                expect.step(`${name} ${resId}`);
            },
        });
        await mountView({ type, resModel: "visit", arch });
        await dblclick(`${row} button[name=do_it]`);
        await animationFrame();
        expect.verifySteps(["do_it 1"]);
        await dblclick(`${row} [name=name], ${row} span:contains(Fair)`);
        await animationFrame();
        expect.verifySteps(["open 1"]);
        // Another one, later.
        await click(queryFirst(`${row}:contains(Lunch) button[name=do_it]`));
        await animationFrame();
        expect.verifySteps(["do_it 2"]);
    });
}

test("Enter presses the button of a row, and opens the row elsewhere in it", async () => {
    mockService("action", {
        doActionButton({ name, resId }) {
            expect.step(`${name} ${resId}`);
        },
    });
    await mountView({ type: "list", resModel: "visit", arch: VIEWS.list.arch });
    for (const [target, step] of [
        ["button[name=do_it]", "do_it 1"],
        ["td[name=name]", "open 1"],
    ]) {
        queryFirst(`.o_data_row ${target}`).focus();
        await press("Enter");
        await animationFrame();
        expect.verifySteps([step]);
    }
});

test("whoever comes back to a list that is read anew is where they were", async () => {
    let isGone = false;
    mockService("action", {
        async doActionButton({ resId, onClose }) {
            if (isGone) {
                MockServer.env.visit.unlink([resId]);
            }
            await onClose();
        },
    });
    await mountView({ type: "list", resModel: "visit", arch: VIEWS.list.arch });
    const buttonOf = (name) => `.o_data_row:contains(${name}) button[name=do_it]`;
    queryFirst(buttonOf("Fair")).focus();
    await press("Enter");
    await animationFrame();
    await animationFrame();
    expect(buttonOf("Fair")).toBeFocused();
    // Of what is gone, at what stands there now.
    isGone = true;
    await press("Enter");
    await animationFrame();
    await animationFrame();
    expect(buttonOf("Lunch")).toBeFocused();
    // And where nothing is left, nowhere.
    await press("Enter");
    await animationFrame();
    expect(".o_data_row").toHaveCount(0);
});
