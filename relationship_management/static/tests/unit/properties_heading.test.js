import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
    toggleActionMenu,
    toggleMenuItem,
} from "@web/../tests/web_test_helpers";

class Deal extends models.Model {
    team_id = fields.Many2one({ string: "Team", relation: "team" });
    kind_id = fields.Many2one({ string: "Type", relation: "kind" });
    team_properties = fields.Properties({
        definition_record: "team_id",
        definition_record_field: "definitions",
    });
    kind_properties = fields.Properties({
        definition_record: "kind_id",
        definition_record_field: "definitions",
    });

    _records = [{ id: 1, team_id: 1, kind_id: 1 }];
}

class Team extends models.Model {
    name = fields.Char();
    definitions = fields.PropertiesDefinition();

    _records = [{ id: 1, name: "Poznań", definitions: [] }];
}

class Kind extends models.Model {
    name = fields.Char();
    definitions = fields.PropertiesDefinition();

    _records = [{ id: 1, name: "Machine", definitions: [] }];
}

defineMailModels();
defineModels([Deal, Team, Kind]);

test("extra fields say whose they are, and one is added where it is asked for", async () => {
    onRpc("has_access", () => true);
    await mountView({
        type: "form",
        resModel: "deal",
        resId: 1,
        arch: `
            <form>
                <field name="team_id"/>
                <field name="kind_id"/>
                <field
                    name="team_properties"
                    widget="relationship_properties"
                    class="o_field_properties"/>
                <field
                    name="kind_properties"
                    widget="relationship_properties"
                    class="o_field_properties"/>
            </form>`,
        actionMenus: {},
    });
    expect(".o_relationship_properties_heading").toHaveCount(0);

    await toggleActionMenu();
    await toggleMenuItem("Edit Properties");
    expect(queryAllTexts(".o_relationship_properties_heading")).toEqual([
        "Team: Poznań",
        "Type: Machine",
    ]);
    expect(".o_property_field").toHaveCount(0);

    await contains("[name=kind_properties] .o_field_property_add button").click();
    expect("[name=kind_properties] .o_property_field").toHaveCount(1);
    expect("[name=team_properties] .o_property_field").toHaveCount(0);
});
