from odoo import api, fields, models
from odoo.tools import format_datetime

from .freeze_sql import ONLY_COUNTED


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

    @api.depends("counts", "reached", "held", "left_out", "state")
    @api.depends_context("lang")
    def _compute_summary(self):
        for run in self:
            numbers = run._get_numbers(run.counts or {})
            lines = run._get_heading(numbers)
            if run.state == "done":
                lines += run._get_campaign_lines(numbers)
            run.summary = "\n".join(lines + run._get_reason_lines(numbers))

    @api.model
    def _get_summary(self, counts):
        """Return counts by kind and reason as lines of text.

        :param counts: number by kind (new, known, control, gone) and reason or ""; of
            the control group "known" are those who were in the list before
        """
        numbers = self._get_numbers(counts)
        lines = self._get_heading(numbers) + self._get_reason_lines(numbers)
        return "\n".join(lines)

    def _get_short_summary(self):
        """Return in one line what came of the run, for a notice."""
        self.ensure_one()
        numbers = self._get_numbers(self.counts or {})
        return ". ".join(self._get_heading(numbers) + self._get_campaign_lines(numbers))

    @api.model
    def _get_numbers(self, counts):
        """Return what became of those who were found: each is in one number."""
        new, known = (dict(counts.get(kind) or {}) for kind in ("new", "known"))
        drawn = counts.get("control") or {}
        numbers = {"new": sum(new.values()), "known": sum(known.values())}
        numbers["missed"] = {why: new.pop(why) for why in ONLY_COUNTED if why in new}
        numbers["new"] -= sum(numbers["missed"].values())
        members = new.pop("", 0) + known.pop("", 0)
        numbers["drawn"] = drawn.get("known", 0)
        numbers["control"] = sum(drawn.values()) + known.pop("control", 0)
        numbers["members"] = members - sum(drawn.values())
        numbers["excluded"] = {
            why: new.get(why, 0) + known.get(why, 0) for why in {**new, **known}
        }
        numbers["gone"] = sum((counts.get("gone") or {}).values())
        return numbers

    @api.model
    def _get_parts(self, members, control, excluded, missed=0):
        """Return numbers that add up, in the words of the page of the campaign."""
        parts = [
            self.env._("1 member")
            if members == 1
            else self.env._("%(count)s members", count=members)
        ]
        if control:
            parts.append(
                self.env._("%(count)s held back as control group", count=control)
            )
        parts.append(self.env._("%(count)s excluded", count=excluded))
        if missed:
            parts.append(
                self.env._(
                    "%(count)s not entered, since they are not yours to see",
                    count=missed,
                )
            )
        return ", ".join(parts)

    @api.model
    def _get_heading(self, numbers):
        members, control = numbers["members"], numbers["control"]
        excluded = sum(numbers["excluded"].values())
        missed = sum(numbers["missed"].values())
        lines = [
            self.env._(
                "%(found)s found: %(parts)s",
                found=members + control + excluded + missed,
                parts=self._get_parts(members, control, excluded, missed),
            )
        ]
        if numbers["known"]:
            lines.append(
                self.env._(
                    "New: %(new)s, already in the list: %(known)s",
                    new=numbers["new"],
                    known=numbers["known"],
                )
            )
        if numbers["drawn"]:
            lines.append(
                self.env._(
                    "Held back of those who are in the list: %(count)s",
                    count=numbers["drawn"],
                )
            )
        if numbers["gone"]:
            lines.append(
                self.env._(
                    "No longer in the target group: %(count)s", count=numbers["gone"]
                )
            )
        return lines

    def _get_campaign_lines(self, numbers):
        """Tell of the whole campaign, if others than those found are in it, too."""
        whole = (self.reached, self.held, self.left_out)
        excluded = sum(numbers["excluded"].values())
        if whole == (numbers["members"], numbers["control"], excluded):
            return []
        return [self.env._("In the campaign: %(parts)s", parts=self._get_parts(*whole))]

    @api.model
    def _get_reason_lines(self, numbers):
        labels = dict(
            self.env["relationship.campaign.addressee"]
            ._fields["exclusion"]
            ._description_selection(self.env)
        )
        lines = []
        for reasons, heading in (
            (numbers["excluded"], self.env._("Excluded:")),
            (numbers["missed"], self.env._("Not entered:")),
        ):
            if sum(reasons.values()):
                lines.append(heading)
                lines += [
                    f"– {labels[reason]}: {count}"
                    for reason, count in sorted(reasons.items(), key=lambda i: -i[1])
                    if count
                ]
        return lines

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
