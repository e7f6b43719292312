import { registry } from "@web/core/registry";
import {
    PropertiesField,
    propertiesField,
} from "@web/views/fields/properties/properties_field";

/**
 * Extra fields that say whose they are, while somebody edits what there is to fill in.
 *
 * *Edit Properties* opens every such field of a form; an opportunity has those of its sales
 * team and those of its type.
 */
export class PropertiesWithHeading extends PropertiesField {
    static template = "relationship_management.PropertiesWithHeading";

    get heading() {
        const { data, fields } = this.props.record;
        const owner = data[this.definitionRecordField];
        return `${fields[this.definitionRecordField].string}: ${owner.display_name}`;
    }

    /** Add a field to what was clicked: opening alone adds none, to neither of two. */
    onPropertyCreate(event) {
        return event && super.onPropertyCreate();
    }
}

registry.category("fields").add("relationship_properties", {
    ...propertiesField,
    component: PropertiesWithHeading,
});
