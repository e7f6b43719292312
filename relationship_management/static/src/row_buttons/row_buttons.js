import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";

import { onPatched, useEffect, useExternalListener } from "@odoo/owl";

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

const ROW = ".o_data_row";

/**
 * A list whose rows have buttons: Enter presses them, a double click does it once, and
 * whoever comes back from their dialog is where they were, or at what came in its place.
 */
export class RowButtonsListRenderer extends ignoresSecondClick(ListRenderer) {
    setup() {
        super.setup();
        this.left = null;
        useExternalListener(document, "focusin", (ev) => this.onFocusIn(ev));
        // A dialog that closes goes after the list has been drawn anew.
        onPatched(() => browser.requestAnimationFrame(() => this.returnFocus()));
    }

    /** @param {FocusEvent} ev */
    onFocusIn({ target }) {
        const root = this.rootRef.el;
        const row = root?.contains(target) && target.closest(ROW);
        if (row) {
            const cell = target.closest("td");
            this.left = {
                row: [...root.querySelectorAll(ROW)].indexOf(row),
                cell: [...row.children].indexOf(cell),
                button: target.closest("button")?.name,
            };
        } else if (!target.closest(".modal")) {
            this.left = null;
        }
    }

    returnFocus() {
        const isLost = document.activeElement === document.body;
        const root = this.rootRef.el;
        if (!root || !this.left || !isLost || document.querySelector(".modal")) {
            return;
        }
        const { row, cell, button } = this.left;
        const rows = root.querySelectorAll(ROW);
        const found = rows[Math.min(row, rows.length - 1)];
        const place = found?.children[cell];
        const pressed = button && found?.querySelector(`button[name="${button}"]`);
        (pressed || place?.querySelector("input, button") || place)?.focus();
    }

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
