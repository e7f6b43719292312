import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, xml } from "@odoo/owl";

/** Call the number of a record with one touch. */
export class Call extends Component {
    static template = xml`
        <a
            t-if="number"
            class="o_relationship_call btn btn-secondary"
            t-attf-href="tel:{{number}}"
            t-att-title="number">
            <i class="fa fa-phone me-1" aria-hidden="true"/><t t-out="label"/>
        </a>`;
    static props = { ...standardWidgetProps };

    label = _t("Call");

    get number() {
        return (this.props.record.data.phone || "").replace(/\s+/g, "");
    }
}

registry.category("view_widgets").add("relationship_call", {
    component: Call,
    fieldDependencies: [{ name: "phone", type: "char" }],
});
