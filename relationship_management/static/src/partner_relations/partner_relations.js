import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, useState } from "@odoo/owl";

import { openPartner, openRelation } from "../open_record/open_record";
import {
    getAttitude,
    getAttitudeLook,
    getInfluence,
    getInfluenceLook,
} from "../opinion/opinion";

/** The relations of a partner as sentences; loaded when their page is opened. */
export class PartnerRelations extends Component {
    static template = "relationship_management.PartnerRelations";
    static props = { ...standardWidgetProps };

    getAttitude = getAttitude;
    getAttitudeLook = getAttitudeLook;
    getInfluenceLook = getInfluenceLook;

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
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

    getInfluence(relation) {
        return relation.influence && _t("Influence: %s", getInfluence(relation));
    }

    async openRelation(relationId, seenFromId, options = {}) {
        if (await this.props.record.save()) {
            const partnerId = seenFromId || this.partnerId;
            await openRelation(this.action, relationId, partnerId, {
                onClose: () => this.reload(),
                ...options,
            });
        }
    }

    openPartner(partnerId) {
        return openPartner(this.action, partnerId);
    }

    /** Ask before a relation ends: a thumb slips easily. */
    end(relation) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("End today?"),
            body: relation.sentence,
            confirmLabel: _t("End today"),
            confirm: async () => {
                const ids = [relation.id];
                await this.orm.call("relationship.relation", "action_end", [ids]);
                await this.reload();
            },
            cancel: () => {},
        });
    }

    async reload() {
        await this.props.record.load();
        await this.load();
    }
}

registry.category("view_widgets").add("relationship_partner_relations", {
    component: PartnerRelations,
});
