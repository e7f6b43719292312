import { expect, test } from "@odoo/hoot";
import {
    advanceTime,
    animationFrame,
    pointerDown,
    queryAllTexts,
} from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

/** As long as a finger has to stay on a line before it is chosen, and more. */
const LONG = 1000;

class Item extends models.Model {
    _name = "relationship.item";

    name = fields.Char();

    _records = [{ id: 1, name: "Letter" }];
}

class Lead extends models.Model {
    _name = "crm.lead";

    name = fields.Char();

    _records = [{ id: 1, name: "Press" }];
}

defineMailModels();
defineModels([Item, Lead]);

const BUTTON = `<button name="hand_over" type="object" string="Hand over"/>`;

/** Choose the only line of a list, with which nothing else can be done, by a finger. */
async function choose(resModel) {
    onRpc("has_group", () => false); // nor exported
    await mountView({
        type: "list",
        resModel,
        arch: `
            <list create="0" delete="0" duplicate="0">
                <header>${BUTTON}</header>
                <field name="name"/>
            </list>`,
    });
    await pointerDown(".o_data_row");
    await advanceTime(LONG);
    await animationFrame();
    expect(".o_data_row_selected").toHaveCount(1);
}

test.tags("mobile");
test("a phone offers the buttons of chosen lines in the gear", async () => {
    await choose("relationship.item");
    await contains(".o_cp_action_menus .fa-cog").click();
    expect(queryAllTexts(".o-dropdown--menu button")).toEqual(["Hand over"]);
});

test.tags("mobile");
test("lists of others are as core has them", async () => {
    await choose("crm.lead");
    expect(".o_cp_action_menus").toHaveCount(0);
});
