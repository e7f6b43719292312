import { _t } from "@web/core/l10n/translation";
import { FileInput } from "@web/core/file_input/file_input";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";

import {
    RowButtonsKanbanRenderer,
    RowButtonsListRenderer,
} from "../row_buttons/row_buttons";

/**
 * Add files and notes to the partner whose documents are listed, for whoever may
 * change it: then the action names it in `relationship_partner_id` of the context.
 *
 * The file input stands outside of the buttons: on a phone these are in a menu, which
 * closes before a file is chosen.
 *
 * @param {typeof ListController | typeof KanbanController} Controller
 */
function addsDocuments(Controller) {
    return class extends Controller {
        static components = { ...Controller.components, FileInput };

        setup() {
            super.setup();
            this.orm = useService("orm");
            this.action = useService("action");
            this.notification = useService("notification");
        }

        get documentPartnerId() {
            return this.props.context.relationship_partner_id;
        }

        onClickUpload() {
            this.rootRef.el.querySelector(".o_input_file").click();
        }

        async onUploaded(files) {
            for (const { error } of files.filter((file) => file.error)) {
                this.notification.add(error, { type: "danger" });
            }
            const added = files.filter((file) => !file.error);
            if (added.length) {
                this.notification.add(
                    _t("Added: %s", added.map((file) => file.filename).join(", ")),
                    { type: "success" },
                );
                await this.reload();
            }
        }

        /**
         * The buttons are there before the list is: a second load would take the place
         * of the first one, and what waits for that one would never be shown.
         */
        async reload() {
            await this.model.whenReady;
            await this.model.load();
        }

        async onClickNote() {
            const action = await this.orm.call("res.partner", "action_new_note", [
                [this.documentPartnerId],
            ]);
            this.action.doAction(action, { onClose: () => this.reload() });
        }
    };
}

registry.category("views").add("relationship_document_list", {
    ...listView,
    Renderer: RowButtonsListRenderer,
    Controller: class extends addsDocuments(ListController) {
        static template = "relationship_management.DocumentListView";
    },
    buttonTemplate: "relationship_management.DocumentButtons",
});

registry.category("views").add("relationship_document_kanban", {
    ...kanbanView,
    Renderer: RowButtonsKanbanRenderer,
    Controller: class extends addsDocuments(KanbanController) {
        static template = "relationship_management.DocumentKanbanView";
    },
    buttonTemplate: "relationship_management.DocumentButtons",
});
