import { DomainSelector } from "@web/core/domain_selector/domain_selector";
import { _t } from "@web/core/l10n/translation";
import { ModelFieldSelector } from "@web/core/model_field_selector/model_field_selector";
import { ModelFieldSelectorPopover } from "@web/core/model_field_selector/model_field_selector_popover";
import { registry } from "@web/core/registry";
import { condition } from "@web/core/tree_editor/condition_tree";
import { TreeEditor } from "@web/core/tree_editor/tree_editor";
import { sortBy } from "@web/core/utils/arrays";
import { DomainField, domainField } from "@web/views/fields/domain/domain_field";

// What target groups are made of, in the order of its groups; the rest is one click away.
const GROUPS = [
    [
        _t("Who they are"),
        ["role_type_ids", "is_company", "function", "industry_id", "category_id"],
        ["employee_count", "annual_turnover"],
    ],
    [_t("Where they are"), ["country_id", "state_id", "zip", "city", "lang"]],
    [
        _t("What they want"),
        ["interest_ids", "preferred_channel"],
        ["consent_email", "consent_phone", "consent_sms", "consent_letter"],
        ["consent_fax"],
    ],
    [
        _t("Whom they are related to"),
        ["related_partner_id", "relation_direction_id", "related_role_type_ids"],
    ],
    [
        _t("Our work with them"),
        ["user_id", "abc_class", "potential", "address_source", "last_contact_date"],
        ["open_opportunity_count", "won_opportunity_count"],
    ],
];
const MORE = _t("More fields");
const OFFERED = GROUPS.flatMap(([, ...names]) => names.flat());

function getGroup(name) {
    const [label] = GROUPS.find(([, ...names]) => names.flat().includes(name)) || [
        MORE,
    ];
    return label;
}

/** The fields of partners by group, first those that marketing asks for. */
export class RuleFieldPopover extends ModelFieldSelectorPopover {
    static template = "relationship_management.RuleFieldPopover";
    static defaultProps = {
        ...ModelFieldSelectorPopover.defaultProps,
        sort: (fieldDefs) => {
            const rest = Object.keys(fieldDefs).filter((n) => !OFFERED.includes(n));
            return [
                ...OFFERED.filter((name) => name in fieldDefs),
                ...sortBy(rest, (name) => fieldDefs[name].string),
            ];
        },
    };

    setup() {
        super.setup();
        this.state.showsAll = false;
    }

    /** Whether a page shows what is offered, and nothing else. */
    isShort({ previousPage, query }) {
        return !previousPage && !query && !this.state.showsAll;
    }

    /** Show what is offered, unless somebody looks for more. */
    offer(page) {
        if (this.isShort(page)) {
            page.fieldNames = page.sortedFieldNames.filter((n) => OFFERED.includes(n));
            page.resetFocusedFieldName();
        }
        return page;
    }

    /** The heading above a field, if it is the first one of its group. */
    getHeading(name) {
        const { previousPage, query, fieldNames } = this.state.page;
        if (previousPage || query) {
            return false;
        }
        const before = fieldNames[fieldNames.indexOf(name) - 1];
        const heading = getGroup(name);
        return (!before || getGroup(before) !== heading) && heading;
    }

    async loadPages(...args) {
        return this.offer(await super.loadPages(...args));
    }

    openPage(page) {
        super.openPage(page);
        this.offer(page);
    }

    searchFields(query) {
        super.searchFields(query);
        this.offer(this.state.page);
    }

    showAll() {
        this.state.showsAll = true;
        this.state.page.searchFields();
    }
}

export class RuleFieldSelector extends ModelFieldSelector {
    static components = { ...ModelFieldSelector.components, Popover: RuleFieldPopover };
}

/** Core's editor, in which a condition has one word, and its operator room. */
export class RuleTreeEditor extends TreeEditor {
    static template = "relationship_management.RuleTreeEditor";
}
RuleTreeEditor.components = { ...TreeEditor.components, TreeEditor: RuleTreeEditor };

/** Conditions on partners; a new one asks for the role. */
export class RuleSelector extends DomainSelector {
    static components = { ...DomainSelector.components, TreeEditor: RuleTreeEditor };

    getDefaultCondition(fieldDefs) {
        return "role_type_ids" in fieldDefs
            ? condition("role_type_ids", "in", [])
            : super.getDefaultCondition(fieldDefs);
    }

    getPathEditorInfo(resModel, defaultCondition) {
        const info = super.getPathEditorInfo(resModel, defaultCondition);
        return resModel === this.props.resModel
            ? { ...info, component: RuleFieldSelector }
            : info;
    }
}

export class RuleField extends DomainField {
    static components = { ...DomainField.components, DomainSelector: RuleSelector };
}

registry.category("fields").add("relationship_rule", {
    ...domainField,
    component: RuleField,
    displayName: _t("Rule of a target group"),
});
