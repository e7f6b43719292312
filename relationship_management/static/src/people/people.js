import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

/** Who might play a role, and why: grey lines, each with a button that enters it. */
export class SuggestedPeopleField extends Component {
    static template = "relationship_management.SuggestedPeople";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
    }

    get people() {
        return this.props.record.data[this.props.name] || [];
    }

    getKey({ values }) {
        return `${values.partner_id}-${values.type_id}`;
    }

    getLabel({ name, role }) {
        return _t("Add %(name)s as %(role)s", { name, role });
    }

    /** Enter somebody; what is not saved yet is saved before. */
    async add(person) {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        const key = this.getKey(person);
        const found = this.people.find((suggested) => this.getKey(suggested) === key);
        if (found) {
            await this.orm.create("relationship.reference", [found.values]);
            await record.load();
        }
    }
}

/** How the people relate to each other, in sentences. */
export class PeopleRelationsField extends Component {
    static template = "relationship_management.PeopleRelations";
    static props = { ...standardFieldProps };

    get relations() {
        return this.props.record.data[this.props.name] || [];
    }

    getIcon({ id }) {
        return typeof id === "number" ? "fa-share-alt" : "fa-chain-broken";
    }
}

for (const [name, component, displayName] of [
    ["relationship_suggested_people", SuggestedPeopleField, _t("Suggested people")],
    ["relationship_people_relations", PeopleRelationsField, _t("Relations of people")],
]) {
    registry.category("fields").add(name, {
        component,
        displayName,
        supportedTypes: ["json"],
        isEmpty: () => false,
    });
}
