import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, useState } from "@odoo/owl";

/** Figures of a partner; computed when their page is opened. */
export class MarketingFigures extends Component {
    static template = "relationship_management.MarketingFigures";
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ figures: [] });
        useRecordObserver(({ resId }) => this.load(resId));
    }

    async load(resId) {
        this.state.figures = resId
            ? await this.orm.call("res.partner", "get_marketing_figures", [[resId]])
            : [];
    }

    async open(key) {
        const { resId } = this.props.record;
        const action = await this.orm.call(
            "res.partner",
            "action_open_marketing_figure",
            [[resId], key],
        );
        if (action) {
            await this.action.doAction(action);
        }
    }
}

registry.category("view_widgets").add("relationship_marketing_figures", {
    component: MarketingFigures,
});
