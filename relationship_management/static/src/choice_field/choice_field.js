import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

import { ATTITUDES, getInfluenceLook } from "../opinion/opinion";

/**
 * A short selection as a row of symbols. Each symbol has its text; the chosen text is
 * also what a screen reader says of the whole. Choosing the chosen one again clears it.
 */
export class ChoiceField extends Component {
    static template = "relationship_management.ChoiceField";
    static props = { ...standardFieldProps };
    // Whether a value that is only read stands beside its symbol, in words.
    hasText = false;

    get value() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        return this.props.record.fields[this.props.name].string;
    }

    get text() {
        return this.choices.find((choice) => choice.isChosen)?.label || "–";
    }

    get valueLabel() {
        return `${this.label}: ${this.text}`;
    }

    get choices() {
        const { selection } = this.props.record.fields[this.props.name];
        const chosen = selection.findIndex(([value]) => value === this.value);
        return selection.map(([value, label], index) => ({
            value,
            label,
            isChosen: index === chosen,
            look: this.getLook(value, index, chosen),
        }));
    }

    /** The symbols of a value that is only read. */
    get shownChoices() {
        return this.choices;
    }

    /**
     * @param {string} value of the symbol
     * @param {number} index of the symbol
     * @param {number} chosen index of the chosen value, -1 for none
     * @returns {string} classes of the symbol
     */
    getLook(value, index, chosen) {
        return index === chosen ? "fa-circle" : "fa-circle-o";
    }

    choose(value) {
        this.props.record.update({
            [this.props.name]: value === this.value ? false : value,
        });
    }
}

/** Influence: as many dots as it is strong. */
export class InfluenceField extends ChoiceField {
    getLook(value, index, chosen) {
        return getInfluenceLook(index, chosen);
    }
}

/** Attitude: a thumb up, across or down. */
export class AttitudeField extends ChoiceField {
    hasText = true;

    get shownChoices() {
        return this.choices.filter((choice) => choice.isChosen);
    }

    getLook(value, index, chosen) {
        const { icon, color } = ATTITUDES[value];
        return `${icon} ${index === chosen ? color : "text-muted opacity-50"}`;
    }
}

registry.category("fields").add("relationship_influence", {
    component: InfluenceField,
    displayName: _t("Influence"),
    supportedTypes: ["selection"],
});
registry.category("fields").add("relationship_attitude", {
    component: AttitudeField,
    displayName: _t("Attitude"),
    supportedTypes: ["selection"],
});
