import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

import { PartnerRelations } from "../partner_relations/partner_relations";

/** Who competes with us at a partner; these are relations, told and changed here. */
export class PartnerCompetitors extends PartnerRelations {
    static template = "relationship_management.PartnerCompetitors";

    async load(partnerId = this.partnerId) {
        const { relations, direction_id: directionId } = partnerId
            ? await this.orm.call("res.partner", "get_competitors", [[partnerId]])
            : { relations: [], direction_id: false };
        Object.assign(this.state, { relations, directionId });
    }

    getDetails({ details, period, note }) {
        return [details, period, note].filter(Boolean).join(" · ");
    }

    openCompetitor(relationId) {
        const { directionId } = this.state;
        return this.openRelation(relationId, this.partnerId, {
            name: _t("Competitor"),
            context: relationId ? {} : { default_direction_id: directionId },
        });
    }
}

registry.category("view_widgets").add("relationship_partner_competitors", {
    component: PartnerCompetitors,
});
