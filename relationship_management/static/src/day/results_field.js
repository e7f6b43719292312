import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component, xml } from "@odoo/owl";

/** The results that an activity may have: a touch chooses one, and is done. */
export class ResultsField extends Component {
    static template = xml`
        <div class="o_relationship_results d-flex flex-wrap gap-2">
            <button
                t-foreach="results"
                t-as="result"
                t-key="result.id"
                type="button"
                class="btn btn-outline-primary rounded-pill"
                t-on-click="() => this.choose(result)"
                t-out="result.data.display_name"/>
        </div>`;
    static props = { ...standardFieldProps };

    get results() {
        return this.props.record.data[this.props.name].records;
    }

    async choose({ resId, data }) {
        const { record } = this.props;
        await record.update({
            result_id: { id: resId, display_name: data.display_name },
        });
        await this.env.onClickViewButton({
            clickParams: { name: "action_done", type: "object" },
            getResParams: () => ({
                context: record.context,
                evalContext: record.evalContext,
                resModel: record.resModel,
                resId: record.resId,
                resIds: record.resIds,
            }),
        });
    }
}

registry.category("fields").add("relationship_results", {
    component: ResultsField,
    supportedTypes: ["many2many"],
    relatedFields: [{ name: "display_name", type: "char" }],
});
