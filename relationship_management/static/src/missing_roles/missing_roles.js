import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

/** Roles of an opportunity that nobody plays yet, each with a button to name somebody. */
export class ProposedRolesField extends Component {
    static template = "relationship_management.ProposedRoles";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

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

    /** Name somebody in the role, in a dialog; an opportunity not saved yet is saved. */
    async add(role) {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        await this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: role.name,
                res_model: "relationship.reference",
                views: [[false, "form"]],
                target: "new",
                context: {
                    default_lead_id: record.resId,
                    default_type_id: role.type_id,
                },
            },
            { onClose: () => record.load() },
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
