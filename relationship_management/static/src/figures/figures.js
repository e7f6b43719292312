import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, useState } from "@odoo/owl";

/** Figures of a record as tiles; each opens the records that it counts. */
export class Figures extends Component {
    static template = "relationship_management.Figures";
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
            ? await this.orm.call(
                  this.props.record.resModel,
                  "get_figures",
                  [[resId]],
                  {
                      with_parts: Boolean(this.props.withParts),
                      header: Boolean(this.props.header),
                  },
              )
            : { figures: [], notes: [] };
        Object.assign(this.state, { figures, notes });
    }

    width(figure) {
        return `width: ${Math.min(Math.max(figure.percent, 0), 100)}%`;
    }

    async open(key) {
        const { resId, resModel } = this.props.record;
        const action = await this.orm.call(
            resModel,
            "action_open_figure",
            [[resId], key],
            {
                with_parts: Boolean(this.props.withParts),
            },
        );
        await this.action.doAction(action);
    }
}

registry.category("view_widgets").add("relationship_figures", {
    component: Figures,
    extractProps: ({ options }) => ({
        header: Boolean(options.header),
        withParts: Boolean(options.with_parts),
    }),
    supportedOptions: [
        { name: "header", type: "boolean", label: "Only the most important figures" },
        { name: "with_parts", type: "boolean", label: "With the parts of the record" },
    ],
});
