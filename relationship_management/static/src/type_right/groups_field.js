import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import {
    Many2ManyTagsField,
    many2ManyTagsField,
} from "@web/views/fields/many2many_tags/many2many_tags_field";

import { xml } from "@odoo/owl";

/** Groups that have a right; where there are none, everybody has it. */
export class GroupsField extends Many2ManyTagsField {
    static template = xml`
        <span
            t-if="props.readonly and !tags.length"
            class="text-muted fst-italic"
            t-out="everybody"/>
        <t t-else="" t-call="web.Many2ManyTagsField"/>`;

    get everybody() {
        return _t("Everybody");
    }
}

registry.category("fields").add("relationship_groups", {
    ...many2ManyTagsField,
    component: GroupsField,
    displayName: _t("Groups that have a right"),
    isEmpty: () => false,
});
