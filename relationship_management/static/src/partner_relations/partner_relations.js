import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, useState } from "@odoo/owl";

const ATTITUDES = {
    for: { icon: "fa-thumbs-up text-success", text: _t("For us") },
    neutral: { icon: "fa-thumbs-up fa-rotate-90 text-warning", text: _t("Neutral") },
    against: { icon: "fa-thumbs-down text-danger", text: _t("Against us") },
};
const INFLUENCES = [_t("Low"), _t("Medium"), _t("High"), _t("Decides")];

/** The relations of a partner as sentences; loaded when their page is opened. */
export class PartnerRelations extends Component {
    static template = "relationship_management.PartnerRelations";
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ relations: null, withContacts: false });
        useRecordObserver((record) => this.load(record.resId));
    }

    get partnerId() {
        return this.props.record.resId;
    }

    get isCompany() {
        return this.props.record.data.is_company;
    }

    get groups() {
        const labels = { now: "", future: _t("Later"), over: _t("Earlier") };
        return Object.entries(labels)
            .map(([name, label]) => ({
                name,
                label,
                relations: (this.state.relations || []).filter((r) => r.when === name),
            }))
            .filter((group) => group.relations.length);
    }

    async load(partnerId = this.partnerId) {
        this.state.relations = partnerId
            ? await this.orm.call("res.partner", "get_relations", [[partnerId]], {
                  with_contacts: this.state.withContacts,
              })
            : [];
    }

    async toggleContacts(withContacts) {
        this.state.withContacts = withContacts;
        await this.load();
    }

    getDetails(relation) {
        return [relation.period, relation.details, relation.note]
            .filter(Boolean)
            .join(" · ");
    }

    getAttitude({ attitude }) {
        return ATTITUDES[attitude];
    }

    getInfluence({ influence }) {
        return influence ? _t("Influence: %s", INFLUENCES[Number(influence)]) : "";
    }

    async openRelation(relationId, seenFromId) {
        if (!(await this.props.record.save())) {
            return;
        }
        await this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: _t("Relation"),
                res_model: "relationship.relation",
                res_id: relationId || false,
                views: [[false, "form"]],
                target: "new",
                context: { relationship_partner_id: seenFromId || this.partnerId },
            },
            { onClose: () => this.reload() },
        );
    }

    openPartner(partnerId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: partnerId,
            views: [[false, "form"]],
        });
    }

    async end(relationId) {
        await this.orm.call("relationship.relation", "action_end", [[relationId]]);
        await this.reload();
    }

    async reload() {
        await this.props.record.load();
        await this.load();
    }
}

registry.category("view_widgets").add("relationship_partner_relations", {
    component: PartnerRelations,
});
