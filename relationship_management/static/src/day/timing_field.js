import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component, xml } from "@odoo/owl";

/** How far away a day is, as a symbol whose shape tells it, and in words. */
export class TimingField extends Component {
    static template = xml`
        <span class="o_relationship_timing text-nowrap" t-att-class="look.color">
            <i class="fa me-1" t-att-class="look.icon" aria-hidden="true"/><t
                t-out="text"/>
        </span>`;
    static props = { ...standardFieldProps };

    get days() {
        return this.props.record.data[this.props.name];
    }

    get look() {
        if (this.days < 0) {
            return { icon: "fa-exclamation-circle", color: "text-danger" };
        }
        return this.days
            ? { icon: "fa-circle-o", color: "text-muted" }
            : { icon: "fa-dot-circle-o", color: "text-info" };
    }

    get text() {
        switch (this.days) {
            case -1:
                return _t("1 day late");
            case 0:
                return _t("Today");
            case 1:
                return _t("Tomorrow");
        }
        return this.days < 0
            ? _t("%s days late", -this.days)
            : _t("In %s days", this.days);
    }
}

registry.category("fields").add("relationship_timing", {
    component: TimingField,
    displayName: _t("Timing"),
    supportedTypes: ["integer"],
    isEmpty: () => false,
});
