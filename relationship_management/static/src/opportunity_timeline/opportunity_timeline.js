import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { getDefaultConfig } from "@web/views/view";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { Component, useRef, useState, useSubEnv } from "@odoo/owl";

import { ForecastChart } from "./forecast_chart";

const PAGE_SIZE = 25;

const EVENT_LOOKS = {
    baseline: { icon: "fa-flag-o", color: "secondary", text: "muted" },
    create: { icon: "fa-plus", color: "info", text: "info" },
    change: { icon: "fa-pencil", color: "secondary", text: "muted" },
    won: { icon: "fa-trophy", color: "success", text: "success" },
    lost: { icon: "fa-times", color: "danger", text: "danger" },
    reopen: { icon: "fa-undo", color: "warning", text: "warning" },
    archive: { icon: "fa-archive", color: "secondary", text: "muted" },
    restore: { icon: "fa-undo", color: "info", text: "info" },
    merge: { icon: "fa-compress", color: "warning", text: "warning" },
    delete: { icon: "fa-trash", color: "danger", text: "danger" },
};

/**
 * What happened to one opportunity, newest first.
 *
 * The opportunity is the `active_id` of the action, so that the address of the page
 * holds it and a reload of the browser comes back here. It may be gone: its history
 * stays.
 */
export class OpportunityTimeline extends Component {
    static template = "relationship_management.OpportunityTimeline";
    static components = { ForecastChart, Layout };
    static props = { ...standardActionServiceProps };
    static displayName = _t("History of an opportunity");
    static path = "opportunity-history";

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.rootRef = useRef("root");
        useSubEnv({ config: { ...getDefaultConfig(), ...this.env.config } });
        const { events = [], shown = PAGE_SIZE } = this.props.state || {};
        this.state = useState({
            status: "loading",
            entries: [],
            canOpen: false,
            events: new Set(events),
            shown,
        });
        useSetupAction({
            rootRef: this.rootRef,
            getLocalState: () => ({
                events: [...this.state.events],
                shown: this.state.shown,
            }),
        });
        this.load();
    }

    get opportunityId() {
        const { context, params } = this.props.action;
        return context?.active_id || params?.opportunity_id || false;
    }

    async load() {
        try {
            const { entries, can_open: canOpen } = await this.orm.call(
                "crm.lead",
                "get_timeline",
                [this.opportunityId],
            );
            this.state.entries = entries.map((entry) => this.prepareEntry(entry));
            this.state.canOpen = canOpen;
            this.state.status = entries.length ? "loaded" : "empty";
            this.setTitle();
        } catch (error) {
            if (error.exceptionName !== "odoo.exceptions.AccessError") {
                throw error;
            }
            this.state.status = "denied";
        }
    }

    prepareEntry(entry) {
        const date = deserializeDateTime(entry.changed_at);
        return {
            ...entry,
            date,
            dateText: toLocaleDateTimeString(date),
            look: EVENT_LOOKS[entry.event] || EVENT_LOOKS.change,
        };
    }

    setTitle() {
        const [latest] = this.state.entries;
        if (latest) {
            this.env.config.setDisplayName(
                _t("History of %(opportunity)s", { opportunity: latest.name }),
            );
        }
    }

    get filters() {
        const counts = new Map();
        for (const { event, event_label: label, look } of this.state.entries) {
            const filter = counts.get(event) || { event, label, look, count: 0 };
            filter.count++;
            counts.set(event, filter);
        }
        return [...counts.values()];
    }

    get filteredEntries() {
        const { entries, events } = this.state;
        return events.size ? entries.filter(({ event }) => events.has(event)) : entries;
    }

    get shownEntries() {
        return this.filteredEntries.slice(0, this.state.shown);
    }

    get remaining() {
        return Math.max(this.filteredEntries.length - this.state.shown, 0);
    }

    get showMoreLabel() {
        const count = Math.min(this.remaining, PAGE_SIZE);
        return _t("Show %(count)s older of %(total)s", {
            count,
            total: this.filteredEntries.length,
        });
    }

    toggleEvent(event) {
        if (!this.state.events.delete(event)) {
            this.state.events.add(event);
        }
        this.state.shown = PAGE_SIZE;
    }

    showAll() {
        this.state.events.clear();
        this.state.shown = PAGE_SIZE;
    }

    showMore() {
        this.state.shown += PAGE_SIZE;
    }

    /** Go back to the form that we come from; without one, open it. */
    openOpportunity() {
        const previous = this.env.config.breadcrumbs.at(-2);
        const form = `/${this.opportunityId}`;
        if (previous?.isFormView && previous.url?.split("?")[0].endsWith(form)) {
            return previous.onSelected();
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.lead",
            res_id: this.opportunityId,
            views: [[false, "form"]],
        });
    }
}

registry
    .category("actions")
    .add("relationship_opportunity_timeline", OpportunityTimeline);
