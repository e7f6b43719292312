import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component, xml } from "@odoo/owl";

const LOOKS = {
    "1_overdue": { icon: "fa-exclamation-circle", color: "text-danger" },
    "2_today": { icon: "fa-dot-circle-o", color: "text-info" },
    "3_planned": { icon: "fa-circle-o", color: "text-muted" },
    "4_no_date": { icon: "fa-circle-thin", color: "text-muted" },
    "5_done": { icon: "fa-check-circle", color: "text-success" },
    "6_done_late": { icon: "fa-check-circle-o", color: "text-warning" },
    "7_over": { icon: "fa-ban", color: "text-muted" },
    "8_partner": { icon: "fa-user-o", color: "text-muted" },
};

/** How late something is, as a symbol whose shape tells it, and in words. */
export class ItemTimingField extends Component {
    static template = xml`
        <span class="text-nowrap" t-att-class="look.color">
            <i class="fa fa-fw me-1" t-att-class="look.icon" aria-hidden="true"/><t
                t-out="text"/>
        </span>`;
    static props = { ...standardFieldProps };

    get look() {
        return LOOKS[this.props.record.data[this.props.name]] || LOOKS["4_no_date"];
    }

    get text() {
        const { data, fields } = this.props.record;
        const timing = data[this.props.name];
        const days = Math.abs(data.days);
        if (timing === "1_overdue") {
            return days === 1 ? _t("1 day late") : _t("%s days late", days);
        }
        if (timing === "3_planned") {
            return days === 1 ? _t("Tomorrow") : _t("In %s days", days);
        }
        if (timing === "6_done_late") {
            return _t("Done late (days: %s)", days);
        }
        const labels = Object.fromEntries(fields[this.props.name].selection);
        return labels[timing] || "";
    }
}

registry.category("fields").add("relationship_item_timing", {
    component: ItemTimingField,
    displayName: _t("Timing"),
    supportedTypes: ["selection"],
    isEmpty: () => false,
    fieldDependencies: [{ name: "days", type: "integer" }],
});
