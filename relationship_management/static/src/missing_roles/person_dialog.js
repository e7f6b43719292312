import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { clearUncommittedChanges } from "@web/webclient/actions/action_service";

/**
 * Enter somebody in a role of an opportunity, campaign …, in a dialog that names both.
 *
 * @param {Object} env
 * @param {{field: string, documentId: number, customerId: number?, title: string, roleId: number, role: string}} missing
 * @param {Function} onAdded called when somebody was entered and the dialog is closed
 */
export function openPersonDialog(env, missing, onAdded) {
    const { field, documentId, customerId, title, roleId, role } = missing;
    let isAdded = false;
    env.services.dialog.add(
        FormViewDialog,
        {
            resModel: "relationship.reference",
            title: _t("Add to %(title)s: %(role)s", { title, role }),
            context: {
                [`default_${field}`]: documentId,
                default_type_id: roleId,
                relationship_customer_id: customerId,
            },
            canExpand: false,
            onRecordSaved: () => {
                isAdded = true;
            },
        },
        {
            // Not awaited: a dialog that waits for what follows would stay open below it.
            onClose: () => {
                if (isAdded) {
                    onAdded();
                }
            },
        },
    );
}

/**
 * Lead from a refused change of an opportunity to the person that it asks for.
 *
 * Afterwards the change is made, as it was asked for: a form still holds it, with all
 * else that was typed, and is saved; elsewhere (a card that was dragged) it is written
 * again. What lies below is then loaded anew.
 */
function addMissingPerson(env, { params }) {
    const { missing, values } = params;
    const { action, orm } = env.services;
    openPersonDialog(env, missing, async () => {
        if (!(await clearUncommittedChanges(env))) {
            return; // the form has told what else is missing
        }
        try {
            await orm.write("crm.lead", [missing.documentId], values);
        } finally {
            await action.doAction("soft_reload");
        }
    });
}

registry.category("actions").add("relationship_add_person", addMissingPerson);
