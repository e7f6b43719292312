import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, useState } from "@odoo/owl";

const ICONS = {
    given: "fa-check-circle text-success",
    withdrawn: "fa-ban text-danger",
    unknown: "fa-question-circle-o text-muted",
};

/** What a partner agreed to, by channel; loaded when the page is opened. */
export class PartnerConsents extends Component {
    static template = "relationship_management.PartnerConsents";
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ consents: [] });
        useRecordObserver((record) => this.load(record.resId));
    }

    async load(partnerId = this.props.record.resId) {
        this.state.consents = partnerId
            ? await this.orm.call("res.partner", "get_consents", [[partnerId]])
            : [];
    }

    getIcon(state) {
        return ICONS[state];
    }

    async record() {
        if (!(await this.props.record.save())) {
            return;
        }
        const { resId } = this.props.record;
        await this.action.doAction(
            "relationship_management.relationship_consent_record_action",
            {
                additionalContext: { active_model: "res.partner", active_ids: [resId] },
                onClose: () => this.load(),
            },
        );
    }

    open() {
        return this.action.doAction(
            "relationship_management.relationship_consent_action",
            {
                additionalContext: {
                    search_default_partner_id: this.props.record.resId,
                },
            },
        );
    }
}

registry.category("view_widgets").add("relationship_consents", {
    component: PartnerConsents,
});
