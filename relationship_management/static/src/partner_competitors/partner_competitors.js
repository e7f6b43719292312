import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, useState } from "@odoo/owl";

/** Who competes with us at a partner; these are relations, told and changed here. */
export class PartnerCompetitors extends Component {
    static template = "relationship_management.PartnerCompetitors";
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ relations: [], directionId: false });
        useRecordObserver(({ resId }) => this.load(resId));
    }

    async load(partnerId = this.props.record.resId) {
        const { relations, direction_id: directionId } = partnerId
            ? await this.orm.call("res.partner", "get_competitors", [[partnerId]])
            : { relations: [], direction_id: false };
        Object.assign(this.state, { relations, directionId });
    }

    getDetails({ details, period, note }) {
        return [details, period, note].filter(Boolean).join(" · ");
    }

    openPartner(partnerId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: partnerId,
            views: [[false, "form"]],
        });
    }

    async openRelation(relationId) {
        if (!(await this.props.record.save())) {
            return;
        }
        const context = { relationship_partner_id: this.props.record.resId };
        if (!relationId) {
            context.default_direction_id = this.state.directionId;
        }
        await this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: _t("Competitor"),
                res_model: "relationship.relation",
                res_id: relationId || false,
                views: [[false, "form"]],
                target: "new",
                context,
            },
            { onClose: () => this.reload() },
        );
    }

    async reload() {
        await this.props.record.load();
        await this.load();
    }
}

registry.category("view_widgets").add("relationship_partner_competitors", {
    component: PartnerCompetitors,
});
