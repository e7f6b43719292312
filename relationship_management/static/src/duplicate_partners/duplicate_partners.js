import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

import { openPartner } from "../open_record/open_record";

/** Links to the partners that have the same e-mail, phone or tax number. */
export class DuplicatePartnersField extends Component {
    static template = "relationship_management.DuplicatePartners";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get partners() {
        return this.props.record.data[this.props.name] || [];
    }

    open(partnerId) {
        return openPartner(this.action, partnerId);
    }
}

registry.category("fields").add("relationship_duplicates", {
    component: DuplicatePartnersField,
    displayName: _t("Partners already known"),
    supportedTypes: ["json"],
});
