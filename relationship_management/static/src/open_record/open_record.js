import { _t } from "@web/core/l10n/translation";

/** Open a partner, with the action service. */
export function openPartner(action, partnerId) {
    return action.doAction({
        type: "ir.actions.act_window",
        res_model: "res.partner",
        res_id: partnerId,
        views: [[false, "form"]],
    });
}

/** Open a record, without an id a new one, in a dialog. */
export function openDialog(action, model, recordId, { name, context, onClose }) {
    return action.doAction(
        {
            type: "ir.actions.act_window",
            name,
            res_model: model,
            res_id: recordId || false,
            views: [[false, "form"]],
            target: "new",
            context,
        },
        { onClose },
    );
}

/** Open a relation, looked at from a partner. */
export function openRelation(action, relationId, partnerId, options) {
    return openDialog(action, "relationship.relation", relationId, {
        name: _t("Relation"),
        ...options,
        context: { relationship_partner_id: partnerId, ...options.context },
    });
}
