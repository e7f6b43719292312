from odoo import api, fields, models
from odoo.tools import format_datetime

from .addressee import EXCLUSIONS


class RelationshipCampaignFreeze(models.Model):
    """A run, and what came of it, in words."""

    _inherit = "relationship.campaign.freeze"

    summary = fields.Text(string="Result", compute="_compute_summary")

    @api.depends("campaign_id", "started_on")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for run in self:
            run.display_name = self.env._(
                "%(when)s by %(user)s",
                when=format_datetime(self.env, run.started_on, dt_format="short"),
                # sudo: the name of a colleague, whatever the companies.
                user=run.sudo().user_id.name,
            )

    @api.depends("counts", "reached")
    @api.depends_context("lang")
    def _compute_summary(self):
        for run in self:
            run.summary = run._get_summary(run.counts or {}, run.reached or None)

    @api.model
    def _get_summary(self, counts, reached=None):
        """Return counts by kind and reason as lines of text.

        :param counts: number by kind (new, known, control, gone) and reason or ""
        :param reached: addressees in all, once that is known
        """
        new, known = dict(counts.get("new") or {}), counts.get("known") or {}
        control = sum((counts.get("control") or {}).values())
        entered = new.pop("", 0) - control
        if reached is None:
            lines = [self.env._("New members: %(count)s", count=entered)]
        else:
            lines = [
                self.env._(
                    "New: %(count)s, in all: %(all)s", count=entered, all=reached
                )
            ]
        if control:
            lines.append(
                self.env._("Held back as control group: %(count)s", count=control)
            )
        if known and reached is None:
            lines.append(
                self.env._("Already in the list: %(count)s", count=sum(known.values()))
            )
        if gone := sum((counts.get("gone") or {}).values()):
            lines.append(
                self.env._("No longer in the target group: %(count)s", count=gone)
            )
        labels = dict(EXCLUSIONS)
        if new:
            labels = dict(
                self.env["relationship.campaign.addressee"]
                ._fields["exclusion"]
                ._description_selection(self.env)
            )
            lines.append(self.env._("Excluded (%(count)s):", count=sum(new.values())))
        lines += [
            f"– {labels[reason]}: {count}"
            for reason, count in sorted(new.items(), key=lambda item: -item[1])
        ]
        return "\n".join(lines)

    def _get_short_summary(self):
        """Return in one line what came of the run, for a notice."""
        self.ensure_one()
        counts = self.counts or {}
        new = dict(counts.get("new") or {})
        control = sum((counts.get("control") or {}).values())
        entered = new.pop("", 0) - control
        numbers = {"count": entered, "all": self.reached}
        gone = sum((counts.get("gone") or {}).values())
        if left_out := sum(new.values()) + control + gone:
            return self.env._(
                "New members: %(count)s, in all: %(all)s, excluded: %(left_out)s",
                left_out=left_out,
                **numbers,
            )
        return self.env._("New members: %(count)s, in all: %(all)s", **numbers)

    def _note_in_chatter(self):
        """Leave a note at the campaign: numbers only, the rule may name what is hidden.

        The run is written by the system; the note is its user's.
        """
        run = self.with_context(lang=self.user_id.lang)
        run.campaign_id._message_log(
            body=run.env._(
                "Target group: %(summary)s", summary=run._get_short_summary()
            ),
            author_id=run.user_id.partner_id.id,
        )

    def _tell_user(self):
        run = self.with_context(lang=self.user_id.lang)
        if self.state == "done":
            message = run.env._(
                "Target group of “%(campaign)s”: %(summary)s",
                campaign=run.campaign_id.title,
                summary=run._get_short_summary(),
            )
        else:
            message = run.env._(
                "The target group of “%(campaign)s” was not frozen completely: open the"
                " campaign to see why, and choose Go on.",
                campaign=run.campaign_id.title,
            )
        self.user_id._bus_send(
            "simple_notification",
            {
                "type": "success" if self.state == "done" else "danger",
                "message": message,
                "sticky": self.state != "done",
            },
        )
