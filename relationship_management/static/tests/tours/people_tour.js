import { addTour, feel } from "./tour_steps";

const SUGGESTED = ".o_relationship_suggested_people";
const RELATIONS = ".o_relationship_people_relations";

addTour("relationship_people_tour", {
    steps: () => [
        { content: "Go to the people", trigger: "a[name=people]", run: "click" },
        {
            content: "Who advises the customer is suggested, with the reason",
            trigger: `${SUGGESTED} li:contains(Zofia Tour advises Tour customer)`,
        },
        {
            content: "Nobody has been entered",
            trigger: "[name=reference_ids]:not(:contains(Zofia Tour))",
        },
        feel(`${SUGGESTED} button`),
        {
            content: "Add her",
            trigger: `${SUGGESTED} li:contains(Zofia Tour) button`,
            run: "click",
        },
        {
            content: "She is one of the people",
            trigger:
                "[name=reference_ids] .o_data_row:contains(Zofia Tour), [name=reference_ids] .o_kanban_record:contains(Zofia Tour)",
        },
        {
            content: "How she relates to who decides",
            trigger: `${RELATIONS} li:contains(Zofia Tour knows Tomasz Tour)`,
        },
        {
            content: "Nobody else is suggested",
            trigger: `body:not(:has(${SUGGESTED}))`,
        },
    ],
});
