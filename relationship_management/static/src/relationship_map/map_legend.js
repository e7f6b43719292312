import { _t } from "@web/core/l10n/translation";

import { Component } from "@odoo/owl";

import { ATTITUDES, INFLUENCES } from "../opinion/opinion";
import { MARKS, getDots, getPalette } from "./map_look";

/** What colours, symbols and lines of the map mean, in words. */
export class MapLegend extends Component {
    static template = "relationship_management.MapLegend";
    static props = { hasContacts: Boolean };

    setup() {
        this.palette = getPalette();
        this.attitudes = Object.entries(ATTITUDES).map(([key, { text }]) => ({
            key,
            text: key === "neutral" ? _t("Neutral, or nobody said") : text,
            mark: MARKS[key],
        }));
        this.influences = INFLUENCES.map((text, index) => ({
            key: String(index),
            text,
            fill: this.palette.node[index],
            dots: getDots({ influence: String(index) }, this.palette),
        }));
    }
}
