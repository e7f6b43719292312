import { registry } from "@web/core/registry";
import { floatField } from "@web/views/fields/float/float_field";
import { integerField } from "@web/views/fields/integer/integer_field";
import { monetaryField } from "@web/views/fields/monetary/monetary_field";

/** Numbers that nobody has entered are shown as nothing, not as 0. */
for (const [type, field] of Object.entries({
    float: floatField,
    integer: integerField,
    monetary: monetaryField,
})) {
    class BlankZeroField extends field.component {
        get formattedValue() {
            return this.value ? super.formattedValue : "";
        }
    }
    registry.category("fields").add(`relationship_${type}`, {
        ...field,
        component: BlankZeroField,
    });
}
