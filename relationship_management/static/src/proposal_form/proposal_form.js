import { useBus } from "@web/core/utils/hooks";
import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

/**
 * A form that opens filled in, as a proposal: it is saved by whoever wants it. Where
 * nobody has touched it, it goes with the page, as it does by going back.
 */
export class ProposalFormController extends FormController {
    setup() {
        super.setup();
        // Typed, but not left yet: the record does not know of it.
        this.isTyped = false;
        useBus(this.model.bus, "FIELD_IS_DIRTY", (ev) => (this.isTyped = ev.detail));
    }

    get isUntouched() {
        const { isNew, dirty } = this.model.root;
        return isNew && !dirty && !this.isTyped;
    }

    async beforeVisibilityChange() {
        if (!this.isUntouched) {
            return super.beforeVisibilityChange();
        }
    }

    async beforeUnload(ev) {
        if (!this.isUntouched) {
            return super.beforeUnload(ev);
        }
    }
}

registry.category("views").add("relationship_proposal_form", {
    ...formView,
    Controller: ProposalFormController,
});
