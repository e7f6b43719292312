import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
} from "@web/../tests/web_test_helpers";

class Firm extends models.Model {
    founded = fields.Integer();
    share = fields.Float();
    turnover = fields.Monetary({ currency_field: "currency_id" });
    currency_id = fields.Many2one({ relation: "res.currency", default: 1 });

    _records = [
        { id: 1, founded: 1987, share: 12.5, turnover: 4000, currency_id: 1 },
        { id: 2, founded: 0, share: 0, turnover: 0, currency_id: 1 },
    ];
}

defineMailModels();
defineModels([Firm]);

const FIELDS = `
    <field name="founded" widget="relationship_integer" options="{'enable_formatting': False}"/>
    <field name="share" widget="relationship_float"/>
    <field name="turnover" widget="relationship_monetary"/>
    <field name="currency_id" invisible="1"/>`;
const NAMES = ["founded", "share", "turnover"];

function mountForm(resId) {
    return mountView({
        type: "form",
        resModel: "firm",
        resId,
        arch: `<form>${FIELDS}</form>`,
    });
}

test("a number that nobody has entered is empty in a list", async () => {
    await mountView({
        type: "list",
        resModel: "firm",
        arch: `<list>${FIELDS.replace('invisible="1"', 'column_invisible="1"')}</list>`,
    });
    expect(queryAllTexts(".o_data_cell")).toEqual([
        ...["1987", "12.50", "$ 4,000.00"],
        ...["", "", ""],
    ]);
});

test("a number that nobody has entered is empty in a form", async () => {
    await mountForm(2);
    for (const name of NAMES) {
        expect(`[name=${name}] input`).toHaveValue("");
    }
});

test("what was entered is shown, and emptied it is empty", async () => {
    await mountForm(1);
    expect("[name=founded] input").toHaveValue("1987");
    expect("[name=share] input").toHaveValue("12.50");
    expect("[name=turnover] input").toHaveValue("4,000.00");
    for (const name of NAMES) {
        await contains(`[name=${name}] input`).edit("0");
        expect(`[name=${name}] input`).toHaveValue("");
    }
});
