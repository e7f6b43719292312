import { _t } from "@web/core/l10n/translation";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { SearchModel } from "@web/search/search_model";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";

import {
    RowButtonsKanbanRenderer,
    RowButtonsListRenderer,
} from "../row_buttons/row_buttons";

import { onWillStart, useState } from "@odoo/owl";

const EACH_ONCE = "search_default_each_once";
const MANAGER = "relationship_management.relationship_management_group_manager";

/**
 * Tell a manager how many rows about a partner are hidden from them, and why: the
 * action names the partner in `relationship_about_id` of the context.
 *
 * @param {typeof ListController | typeof KanbanController} Controller
 */
function tellsHidden(Controller) {
    return class extends Controller {
        setup() {
            super.setup();
            this.dialog = useService("dialog");
            this.hidden = useState({ count: 0, reasons: [] });
            const orm = useService("orm");
            onWillStart(async () => {
                const partnerId = this.props.context.relationship_about_id;
                if (partnerId && (await user.hasGroup(MANAGER))) {
                    const hidden = orm.silent.call("relationship.item", "get_hidden", [
                        partnerId,
                    ]);
                    // The list does not wait for it.
                    hidden.then((found) => Object.assign(this.hidden, found));
                }
            });
        }

        onClickHidden() {
            this.dialog.add(AlertDialog, {
                title: _t("%s more that you may not see", this.hidden.count),
                body: this.hidden.reasons.join("\n"),
            });
        }
    };
}

/** Let the panel at the left count what the list finds: as the filters say, too. */
export class ItemSearchModel extends SearchModel {
    /** By its address the list of a company begins as by the button of its form. */
    async load(config) {
        const { context = {}, state } = config;
        const id = context.relationship_about_id;
        if (!id || state || EACH_ONCE in context) {
            return super.load(config);
        }
        const isCompany = await this.orm.searchCount("res.partner", [
            ["id", "=", id],
            ["commercial_partner_id", "=", id],
        ]);
        return super.load({
            ...config,
            context: { ...context, [EACH_ONCE]: isCompany },
        });
    }

    _fetchCategories(categories) {
        return this._askAsFiltered(() => super._fetchCategories(categories));
    }

    _fetchFilters(filters) {
        return this._askAsFiltered(() => super._fetchFilters(filters));
    }

    /** Core takes the context before it begins to wait. */
    _askAsFiltered(ask) {
        const { globalContext } = this;
        this.globalContext = { ...globalContext, ...this._getContext() };
        try {
            return ask();
        } finally {
            this.globalContext = globalContext;
        }
    }
}

registry.category("views").add("relationship_item_list", {
    ...listView,
    Controller: tellsHidden(ListController),
    Renderer: RowButtonsListRenderer,
    SearchModel: ItemSearchModel,
    buttonTemplate: "relationship_management.ItemHidden",
});

registry.category("views").add("relationship_item_kanban", {
    ...kanbanView,
    Controller: tellsHidden(KanbanController),
    Renderer: RowButtonsKanbanRenderer,
    SearchModel: ItemSearchModel,
    buttonTemplate: "relationship_management.ItemHidden",
});
