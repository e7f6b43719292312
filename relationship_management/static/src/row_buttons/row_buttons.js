import { registry } from "@web/core/registry";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";

import { useEffect } from "@odoo/owl";

/**
 * Leave a double click with what it meant: the first click may have moved the row away,
 * and the second one would open, or do, what stands there now.
 *
 * @param {typeof ListRenderer | typeof KanbanRenderer} Renderer
 */
function ignoresSecondClick(Renderer) {
    return class extends Renderer {
        setup() {
            super.setup();
            useEffect(
                (el) => {
                    el?.addEventListener("click", ignoreSecond, { capture: true });
                    return () =>
                        el?.removeEventListener("click", ignoreSecond, {
                            capture: true,
                        });
                },
                () => [this.rootRef.el],
            );
        }
    };
}

/** @param {MouseEvent} ev */
function ignoreSecond(ev) {
    const isInRow = ev.target.closest(".o_data_row, .o_kanban_record");
    if (ev.detail > 1 && isInRow && !ev.target.closest(".o_list_record_selector")) {
        ev.stopPropagation();
        ev.preventDefault();
    }
}

/** A list whose rows have buttons: Enter presses them, a double click does it once. */
export class RowButtonsListRenderer extends ignoresSecondClick(ListRenderer) {
    onCellKeydownReadOnlyMode(hotkey, cell, group, record) {
        // Core opens the row; what nobody handles presses the button.
        const isOnButton = document.activeElement.closest("td button");
        if (hotkey === "enter" && record && isOnButton) {
            return false;
        }
        return super.onCellKeydownReadOnlyMode(hotkey, cell, group, record);
    }
}

export class RowButtonsKanbanRenderer extends ignoresSecondClick(KanbanRenderer) {}

registry.category("views").add("relationship_row_buttons_list", {
    ...listView,
    Renderer: RowButtonsListRenderer,
});

registry.category("views").add("relationship_row_buttons_kanban", {
    ...kanbanView,
    Renderer: RowButtonsKanbanRenderer,
});
