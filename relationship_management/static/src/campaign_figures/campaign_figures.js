import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, useState } from "@odoo/owl";

/** Figures of a campaign as tiles; each opens the records that it counts. */
export class CampaignFigures extends Component {
    static template = "relationship_management.CampaignFigures";
    static props = {
        ...standardWidgetProps,
        header: { type: Boolean, optional: true },
        withParts: { type: Boolean, optional: true },
    };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ figures: [], notes: [] });
        useRecordObserver(({ resId, data }) => this.load(resId, data.write_date));
    }

    /** Why a figure with a goal has a dash where others have a percentage. */
    get noPercentage() {
        return _t("No percentage, since not everything is counted");
    }

    async load(resId) {
        const { figures, notes } = resId
            ? await this.orm.call("relationship.campaign", "get_campaign_figures", [
                  [resId],
                  Boolean(this.props.withParts),
                  Boolean(this.props.header),
              ])
            : { figures: [], notes: [] };
        Object.assign(this.state, { figures, notes });
    }

    width(figure) {
        return `width: ${Math.min(Math.max(figure.percent, 0), 100)}%`;
    }

    async open(key) {
        const action = await this.orm.call(
            "relationship.campaign",
            "action_open_campaign_figure",
            [[this.props.record.resId], key, Boolean(this.props.withParts)],
        );
        await this.action.doAction(action);
    }
}

registry.category("view_widgets").add("relationship_campaign_figures", {
    component: CampaignFigures,
    extractProps: ({ options }) => ({
        header: Boolean(options.header),
        withParts: Boolean(options.with_parts),
    }),
    supportedOptions: [
        { name: "header", type: "boolean", label: "Only the most important figures" },
        {
            name: "with_parts",
            type: "boolean",
            label: "With the parts of the campaign",
        },
    ],
});
