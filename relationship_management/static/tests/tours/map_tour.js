import { stepUtils } from "@web_tour/tour_utils";

import { addTour } from "./tour_steps";

const MAP = ".o_relationship_map";

function node(name) {
    return `${MAP}_node:contains(${name})`;
}

function noNode(name) {
    return `${MAP}_canvas:not(:has(${node(name)}))`;
}

/** Give the focus to a node, as Tab does, and press Enter. */
function pressEnterOn(name) {
    return {
        content: `Press Enter on ${name}`,
        trigger: node(name),
        async run({ press }) {
            this.anchor.focus();
            await press("Enter");
        },
    };
}

addTour("relationship_map_tour", {
    steps: () => [
        stepUtils.autoExpandMoreButtons(true),
        {
            content: "Open the map of the partner",
            trigger: "button[name=action_view_relationship_map]",
            run: "click",
        },
        { content: "The adviser stands beside it", trigger: node("A Tour adviser") },
        { content: "Two steps away", trigger: node("A Tour friend") },
        { content: "Three steps are too far", trigger: noNode("A Tour factory") },
        { content: "Not a competitor any more", trigger: noNode("A Tour rival") },

        // Filters
        {
            isActive: ["mobile"],
            content: "Show the filters",
            trigger: `${MAP}_show_filters`,
            run: "click",
        },
        {
            isActive: ["mobile"],
            content: "The numbers say what they are",
            trigger: `${MAP}_filters span:contains(Steps)`,
        },
        { content: "Choose relations", trigger: `${MAP}_types`, run: "click" },
        {
            content: "Only tax advisers",
            trigger: `${MAP}_type:contains(has tax adviser)`,
            run: "click",
        },
        { content: "Acquaintances are gone", trigger: noNode("A Tour friend") },
        { content: "The adviser is there", trigger: node("A Tour adviser") },
        {
            content: "All relations again",
            trigger: `${MAP}_type:contains(has tax adviser)`,
            run: "click",
        },
        { content: "Acquaintances are back", trigger: node("A Tour friend") },
        { content: "Close the choice", trigger: `${MAP}_types`, run: "click" },
        {
            content: "Look at an earlier day",
            trigger: `${MAP}_day input`,
            run: "edit 06/01/2020 && press Enter",
        },
        { content: "The competitor of that time", trigger: node("A Tour rival") },
        { content: "No adviser yet", trigger: noNode("A Tour adviser") },
        {
            content: "Look at today",
            trigger: `${MAP}_day input`,
            run: "clear && press Enter",
        },
        { content: "The competitor has gone", trigger: noNode("A Tour rival") },

        // Another partner in the middle
        pressEnterOn("A Tour adviser"),
        {
            content: "The adviser stands in the middle",
            trigger: `${MAP}_node[aria-current=true]:contains(A Tour adviser)`,
        },
        { content: "Two steps from there", trigger: node("A Tour factory") },

        // The same as a list
        {
            isActive: ["desktop"],
            content: "Skip the map",
            trigger: `${MAP}_skip`,
            run({ anchor }) {
                anchor.focus();
                anchor.click();
            },
        },
        {
            isActive: ["desktop"],
            content: "The list has the focus",
            trigger: `${MAP} h3:focus`,
        },
        {
            isActive: ["mobile"],
            content: "Choose the list",
            trigger: `${MAP}_switch [data-view=list]`,
            run: "click",
        },
        {
            content: "The list says the same",
            trigger: `${MAP}_list tr:contains(A Tour adviser):contains(knows):contains(A Tour friend)`,
        },
        {
            isActive: ["mobile"],
            content: "The map again",
            trigger: `${MAP}_switch [data-view=map]`,
            run: "click",
        },

        // The way to another partner
        {
            content: "How do we know them?",
            trigger: `${MAP}_pick`,
            run: "click",
        },
        {
            content: "Look for a partner",
            trigger: `${MAP}_other input`,
            run: "edit A Tour factory",
        },
        {
            content: "Choose it",
            trigger: ".o-autocomplete--dropdown-item:contains(A Tour factory)",
            run: "click",
        },
        {
            content: "The way has two steps",
            trigger: `${MAP}_steps:contains(A Tour friend is managing director of A Tour factory)`,
        },
        {
            content: "It is marked in the map",
            trigger: `${MAP}_on_path:contains(A Tour factory)`,
        },

        // Picture
        {
            content: "Save as a picture",
            trigger: `${MAP}_png`,
            run({ anchor }) {
                const keepName = (ev) => {
                    const link = ev.target.closest("a[download]");
                    if (link) {
                        ev.preventDefault();
                        document.body.dataset.savedFile = link.download;
                        document.removeEventListener("click", keepName, true);
                    }
                };
                document.addEventListener("click", keepName, true);
                anchor.click();
            },
        },
        {
            content: "The picture has a name",
            trigger:
                "body[data-saved-file^='Map of A Tour adviser'][data-saved-file$='.png']",
        },

        // A finger or a mouse
        {
            content: "Close the search for a way",
            trigger: `${MAP}_path .btn-close`,
            run: "click",
        },
        {
            content: "Click on the friend",
            trigger: node("A Tour friend"),
            run: "click",
        },
        {
            content: "The friend stands in the middle",
            trigger: `${MAP}_node[aria-current=true]:contains(A Tour friend)`,
        },
        pressEnterOn("A Tour friend"),
        {
            content: "Enter on the middle opens the partner",
            trigger: ".o_form_view .o_field_widget[name=name] :value(A Tour friend)",
        },
    ],
});
