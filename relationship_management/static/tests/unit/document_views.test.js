import { expect, test } from "@odoo/hoot";
import { queryAllTexts, setInputFiles } from "@odoo/hoot-dom";
import { Deferred, animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    MockServer,
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Document extends models.Model {
    name = fields.Char();

    _records = [{ id: 1, name: "Offer.pdf" }];
}

defineMailModels();
defineModels([Document]);

const ARCHS = {
    list: `
        <list js_class="relationship_document_list">
            <field name="name"/>
        </list>`,
    kanban: `
        <kanban js_class="relationship_document_kanban">
            <templates>
                <t t-name="card"><field name="name"/></t>
            </templates>
        </kanban>`,
};
const NAMES = {
    list: ".o_data_cell",
    kanban: ".o_kanban_record:not(.o_kanban_ghost)",
};

for (const type of ["list", "kanban"]) {
    test(`a file added before the ${type} is there is shown`, async () => {
        const firstLoad = new Deferred();
        let loads = 0;
        onRpc("web_search_read", async () => {
            loads++;
            if (loads === 1) {
                await firstLoad;
            }
        });
        mockService("http", {
            post(route, { ufile }) {
                expect.step(`uploaded ${ufile[0].name}`);
                MockServer.env["document"].create({ name: ufile[0].name });
                return JSON.stringify([{ id: 2, filename: ufile[0].name }]);
            },
        });
        await mountView({
            type,
            resModel: "document",
            arch: ARCHS[type],
            context: { relationship_partner_id: 7 },
        });

        await contains(".o_relationship_upload").click();
        await setInputFiles([new File(["a layout"], "Layout.txt")]);
        await animationFrame();
        expect.verifySteps(["uploaded Layout.txt"]);
        firstLoad.resolve();
        await animationFrame();
        await animationFrame();
        expect(queryAllTexts(NAMES[type])).toEqual(["Offer.pdf", "Layout.txt"]);
    });
}
