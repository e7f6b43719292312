import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, useState } from "@odoo/owl";

const ADDON = "relationship_management";
const STATE_ICONS = {
    given: "fa-check-circle text-success",
    withdrawn: "fa-ban text-danger",
    unknown: "fa-question-circle-o text-muted",
};
const CHANNEL_ICONS = {
    letter: "fa-envelope-open-o",
    fax: "fa-fax",
    email: "fa-at",
    phone: "fa-phone",
    sms: "fa-mobile",
};

/** What a partner agreed to, by channel; loaded when the page is opened. */
export class PartnerConsents extends Component {
    static template = "relationship_management.PartnerConsents";
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ consents: [] });
        useRecordObserver((record) => this.load(record.resId));
    }

    get partnerId() {
        return this.props.record.resId;
    }

    async load(partnerId = this.partnerId) {
        this.state.consents = partnerId
            ? await this.keepLast.add(
                  this.orm.call("res.partner", "get_consents", [[partnerId]]),
              )
            : [];
    }

    getStateIcon(state) {
        return STATE_ICONS[state];
    }

    getChannelIcon(channel) {
        return CHANNEL_ICONS[channel];
    }

    /** Record an entry; from a channel, what most likely is said next. */
    async record(consent) {
        if (!(await this.props.record.save())) {
            return;
        }
        const additionalContext = {
            active_model: "res.partner",
            active_ids: [this.partnerId],
        };
        if (consent) {
            additionalContext[`default_${consent.channel}`] = true;
            additionalContext.default_action =
                consent.state === "given" ? "withdrawn" : "given";
        }
        await this.action.doAction(`${ADDON}.relationship_consent_record_action`, {
            additionalContext,
            onClose: () => this.reload(),
        });
    }

    async correct(entryId) {
        if (!(await this.props.record.save())) {
            return;
        }
        const action = await this.orm.call("relationship.consent", "action_correct", [
            [entryId],
        ]);
        await this.action.doAction(action, { onClose: () => this.reload() });
    }

    async openEntries() {
        const action = await this.orm.call("res.partner", "action_view_consents", [
            [this.partnerId],
        ]);
        await this.action.doAction(action);
    }

    print() {
        return this.action.doAction(`${ADDON}.relationship_consent_report`, {
            additionalContext: {
                active_model: "res.partner",
                active_id: this.partnerId,
                active_ids: [this.partnerId],
            },
        });
    }

    async reload() {
        // The form tells about the blacklist, too.
        await this.props.record.load();
        await this.load();
    }
}

registry.category("view_widgets").add("relationship_consents", {
    component: PartnerConsents,
});
