import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { RadioField, radioField } from "@web/views/fields/radio/radio_field";

/**
 * Radio buttons that choose what a form shows and change nothing of its record: the
 * choice goes into the context, under the key of the option `context_key`, and the
 * record is read again with it. What somebody is editing is saved first.
 */
export class FilterField extends RadioField {
    static props = { ...RadioField.props, contextKey: String };

    async onChange([value]) {
        const { contextKey, record } = this.props;
        if ((await record.isDirty()) && !(await record.save())) {
            return;
        }
        const { config } = record.model;
        await record.model.load({
            context: { ...config.context, [contextKey]: value },
        });
    }
}

registry.category("fields").add("relationship_filter", {
    ...radioField,
    component: FilterField,
    displayName: _t("Filter of what is shown"),
    supportedOptions: [
        ...radioField.supportedOptions,
        { label: _t("Key of the context"), name: "context_key", type: "string" },
    ],
    supportedTypes: ["selection"],
    extractProps: (info, dynamicInfo) => ({
        ...radioField.extractProps(info, dynamicInfo),
        contextKey: info.options.context_key,
        // The field is computed, but this is no value that somebody enters.
        readonly: false,
    }),
});
