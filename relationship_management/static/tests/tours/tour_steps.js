import { registry } from "@web/core/registry";

/** What a step may take, in milliseconds: the most core allows, however busy the machine. */
const STEP_TIMEOUT = 60000;

/**
 * Register a tour none of whose steps fails because the machine is slow.
 *
 * @param {string} name
 * @param {{ url?: string, steps: () => Object[] }} tour
 */
export function addTour(name, { steps, ...tour }) {
    registry.category("web_tour.tours").add(name, {
        ...tour,
        steps: () => steps().map((step) => ({ timeout: STEP_TIMEOUT, ...step })),
    });
}

/**
 * The menus of a list are there before its records: used then, they close again.
 * The lists inside a form have the class of a list, too.
 */
export const LIST_IS_LOADED = {
    content: "The list has loaded",
    trigger:
        ":is(.o_list_view, .o_kanban_view).o_action :is(.o_list_renderer, .o_kanban_renderer)",
};

/**
 * Go back to the list from which a record was opened, without loading the page anew:
 * a tour fails when that takes longer than 20 seconds.
 */
export const GO_BACK = {
    content: "Go back to the list",
    trigger: "body:not(:has(.modal)):has(.o_form_view .o_form_saved) .o_back_button",
    run: "click",
};

/** Odoo's own buttons beside ours have 37; a finger wants more. */
const FINGER = 40;

/**
 * See that everything of a kind is on the screen of a phone, as large as a finger.
 *
 * @param {string} selector
 */
export function feel(selector) {
    return {
        isActive: ["mobile"],
        content: `Large enough for a finger: ${selector}`,
        trigger: selector,
        run() {
            for (const element of document.querySelectorAll(selector)) {
                const { width, height } = element.getBoundingClientRect();
                if (Math.min(width, height) < FINGER) {
                    throw new Error(`${element.outerHTML}: ${width} × ${height}`);
                }
            }
        },
    };
}

/**
 * Choose a record in a Many2one: in its dropdown, or on a phone in a dialog.
 *
 * @param {string} field selector of the field
 * @param {string} name of the record
 */
export function choose(field, name) {
    return [
        {
            isActive: ["desktop"],
            content: `Type ${name}`,
            trigger: `${field} input`,
            run: `edit ${name}`,
        },
        {
            isActive: ["desktop"],
            content: `Choose ${name}`,
            trigger: `.o-autocomplete--dropdown-item:contains("${name}")`,
            run: "click",
        },
        {
            isActive: ["mobile"],
            content: `Look for ${name}`,
            trigger: `${field} input`,
            run: "click",
        },
        {
            isActive: ["mobile"],
            content: `Choose ${name}`,
            trigger: `.o_select_create_dialog_content .o_kanban_record:contains("${name}")`,
            run: "click",
        },
        {
            isActive: ["mobile"],
            content: "The choice is made",
            trigger: "body:not(:has(.o_select_create_dialog_content))",
        },
    ];
}
