import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";

/** Records that are worked on in their own form: a read-only list opens that. */
export class OpenedRecordsField extends X2ManyField {
    async openRecord(record) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: record.resModel,
            res_id: record.resId,
            views: [[false, "form"]],
        });
    }
}

registry.category("fields").add("relationship_opened_records", {
    ...x2ManyField,
    component: OpenedRecordsField,
    displayName: _t("Records, opened in their form"),
});
