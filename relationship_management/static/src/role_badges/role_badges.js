import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

import { openDialog } from "../open_record/open_record";

/** The roles of a partner as badges; on a form with a button to give another one. */
export class RoleBadgesField extends Component {
    static template = "relationship_management.RoleBadges";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get badges() {
        const badges = this.props.record.data[this.props.name] || [];
        return badges.map((badge, index) => ({
            ...badge,
            key: badge.id || `new${index}`,
            label: [badge.name, badge.company && `(${badge.company})`, badge.period]
                .filter(Boolean)
                .join(" "),
            title: this.getTitle(badge),
            look: this.getLook(badge),
        }));
    }

    get isOnForm() {
        return this.env.config?.viewType === "form";
    }

    getTitle({ state, when }) {
        const words = {
            proposed: _t("Proposed: choose it to confirm or refuse it"),
            over: _t("This role is over"),
            future: _t("This role begins later"),
        };
        return words[when] || words[state];
    }

    getLook({ color, state, when }) {
        const look =
            when === "over" ? "o_relationship_over" : `o_tag o_tag_color_${color || 0}`;
        return state === "proposed" ? `${look} o_relationship_proposed` : look;
    }

    async open(roleId) {
        if (!this.isOnForm || !(await this.props.record.save())) {
            return;
        }
        const { record } = this.props;
        await openDialog(this.action, "relationship.role", roleId, {
            name: roleId ? _t("Role") : _t("New role"),
            context: { default_partner_id: record.resId },
            onClose: () => record.load(),
        });
    }
}

registry.category("fields").add("relationship_role_badges", {
    component: RoleBadgesField,
    displayName: _t("Roles of a partner"),
    supportedTypes: ["json"],
    isEmpty: () => false,
});
