import { addTour } from "./tour_steps";

const faults = [];

/** Tell whether something in a cell does not fit into it. */
function isCut(cell) {
    return [cell, ...cell.querySelectorAll("*")].some(
        (part) => part.clientWidth && part.scrollWidth > part.clientWidth,
    );
}

function isEmpty(cell) {
    return !cell.innerText.trim() && !cell.querySelector("img, i, input, button");
}

/** Note which names of a list are cut while a column of the list shows nothing. */
async function measure(names) {
    await document.fonts.ready;
    await new Promise((done) =>
        requestAnimationFrame(() => requestAnimationFrame(done)),
    );
    const list = document.querySelector(".o_list_view.o_action");
    const rows = [...list.querySelectorAll(".o_data_row")];
    const columns = [...list.querySelectorAll("th[data-name]")].map(
        (header) => header.dataset.name,
    );
    const get = (name) =>
        rows.map((row) => row.querySelector(`td[name="${name}"]`)).filter(Boolean);
    const empty = columns.filter((name) => get(name).every(isEmpty));
    for (const name of names) {
        const cells = get(name);
        if (!cells.length) {
            throw new Error(`No column ${name} among ${columns}`);
        }
        const cut = [...new Set(cells.filter(isCut).map((cell) => cell.innerText))];
        if (cut.length && empty.length) {
            faults.push(`${name} cuts ${cut} beside the empty ${empty}`);
        }
    }
}

/** Open a list, and measure its names. */
function look(action, names) {
    return [
        {
            content: `Open the list of ${action}`,
            trigger: ".o_action_manager > *",
            run: () =>
                odoo.__WOWL_DEBUG__.root.env.services.action.doAction(
                    `relationship_management.${action}`,
                    { viewType: "list", clearBreadcrumbs: true },
                ),
        },
        {
            content: "Measure its names",
            trigger: `.o_list_view.o_action .o_data_row td[name=${names[0]}]`,
            run: () => measure(names),
        },
    ];
}

addTour("relationship_width_tour", {
    steps: () => [
        ...look("relationship_campaign_addressee_action", [
            "campaign_id",
            "partner_id",
            "contact_id",
        ]),
        ...look("res_partner_action", ["complete_name"]),
        ...look("crm_lead_action", ["name", "partner_id"]),
        {
            content: "No name was cut",
            trigger: ".o_list_view.o_action",
            run() {
                if (faults.length) {
                    throw new Error(faults.join("; "));
                }
            },
        },
    ],
});
