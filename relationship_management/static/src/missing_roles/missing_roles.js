import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

import { openPersonDialog } from "./person_dialog";

/** Roles of a document that nobody plays yet, each with a button to name somebody. */
export class ProposedRolesField extends Component {
    static template = "relationship_management.ProposedRoles";
    static props = { ...standardFieldProps };

    get roles() {
        return (this.props.record.data[this.props.name] || []).map((role) => ({
            ...role,
            sentence: this.getSentence(role),
        }));
    }

    getSentence({ name, count }) {
        return count > 1
            ? _t("%(role)s: %(count)s people missing", { role: name, count })
            : _t("No %(role)s yet", { role: name.toLowerCase() });
    }

    /** Name somebody in the role, in a dialog; what is not saved yet is saved before. */
    async add(role) {
        const { record } = this.props;
        const isSaved = await record.save();
        if (!isSaved || !this.roles.some(({ type_id: id }) => id === role.type_id)) {
            return;
        }
        openPersonDialog(
            this.env,
            {
                field: role.field,
                documentId: record.resId,
                customerId: record.data.partner_id?.id,
                title: record.data.display_name || record.data.name,
                roleId: role.type_id,
                role: role.name,
            },
            () => record.load(),
        );
    }
}

/** The same as a warning above the opportunity. */
export class MissingRolesField extends ProposedRolesField {
    static template = "relationship_management.MissingRoles";
}

for (const [name, component, displayName] of [
    ["relationship_proposed_roles", ProposedRolesField, _t("Proposed roles")],
    ["relationship_missing_roles", MissingRolesField, _t("Missing roles")],
]) {
    registry.category("fields").add(name, {
        component,
        displayName,
        supportedTypes: ["json"],
        isEmpty: () => false,
    });
}
