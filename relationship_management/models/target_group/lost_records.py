"""Rules that name what is gone: a target group that cannot be known is not frozen.

Such a condition finds nobody. A step that takes those with a tag away would take nobody
away, and they would be written to, once the tag is deleted.
"""

import ast

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..shared.may_be_told import is_hidden
from ..shared.source import Source
from .rule_ids import find_ids, map_ids
from .selection import BROKEN


class RelationshipCampaignSelection(models.Model):
    _inherit = "relationship.campaign.selection"

    def _check_complete(self):
        """Refuse a group that cannot be known: hidden or deleted is not empty."""
        for number, step in enumerate(self.sorted(), start=1):
            words = {"number": number, "step": step.text}
            if step._is_other_hidden():
                raise AccessError(
                    self.env._(
                        "Step %(number)s of the target group (%(step)s) names a"
                        " campaign that you may not see: ask somebody who sees it to"
                        " freeze the group, or remove this step.",
                        **words,
                    )
                )
            if any(named != named.exists() for named in step._get_named_records()):
                raise UserError(
                    self.env._(
                        "Step %(number)s of the target group (%(step)s) names a record"
                        " that was deleted, so it can no longer be told who is meant:"
                        " choose another one there, or remove this step.",
                        **words,
                    )
                )
            if any(is_hidden(named) for named in step._get_named_records(others=True)):
                raise AccessError(
                    self.env._(
                        "Step %(number)s of the target group (%(step)s) names a record"
                        " that you may not see: ask somebody who sees it to freeze the"
                        " group, or remove this step.",
                        **words,
                    )
                )

    def _get_named_records(self, others=False):
        """Return the records that the rule of this step names, by model.

        :param others: without those that are found themselves: whom a person may not
            see is not found, and left out anyhow
        """
        if self.source != "rule":
            return []
        self._parse_rule()
        rule = self._read_rule()
        if others:
            rule = [term for term in rule if term[:1] not in (("id",), ["id"])]
        return list(find_ids(self.env["res.partner"], rule).values())

    def _describe_source(self):
        return Source(merge=60)

    @api.model
    def _fold_partners(self, sources, destination):
        """Let rules name the partner that stays."""
        self._replace_in_rules(sources, destination)
        return []

    @api.model
    def _settle_merge(self, _destination):
        return []

    @api.model
    def _replace_in_rules(self, gone, kept):
        """Let all rules name the record that stays after a merge, and touch no other.

        In SQL, as core's merge itself: a rule is checked with the rights of whoever
        wrote it, not of whoever merges.
        """
        self.env.flush_all()
        pattern = rf"\m({'|'.join(map(str, gone.ids))})\M"

        def change(named, id_):
            is_gone = named._name == gone._name and id_ in gone._ids
            return kept.id if is_gone else id_

        self.env.cr.execute(
            "SELECT id FROM relationship_campaign_selection"
            " WHERE source = 'rule' AND rule ~ %s",
            [pattern],
        )
        for step in self.browse(id_ for (id_,) in self.env.cr.fetchall()):
            if rule := step._map_rule(change):
                self.env.cr.execute(
                    "UPDATE relationship_campaign_selection"
                    " SET rule = %s, write_uid = %s, write_date = %s WHERE id = %s",
                    [rule, self.env.uid, self.env.cr.now(), step.id],
                )
        self.invalidate_model()
        self._replace_in_runs(pattern, change)

    def _map_rule(self, change):
        """Return the rule with other ids in it; nothing if it names none of them."""
        model = self.env["res.partner"]
        try:
            rule = self._read_rule()
            changed = map_ids(model, rule, change)
            untouched = map_ids(model, rule, lambda _model, id_: id_)
        except BROKEN:
            return None  # the text of the step says so
        return str(changed) if changed != untouched else None

    @api.model
    def _replace_in_runs(self, pattern, change):
        """Let runs know the rule by which they found, as it reads now."""
        runs = self.env["relationship.campaign.freeze"]
        self.env.cr.execute(
            "SELECT id, rule_key FROM relationship_campaign_freeze WHERE rule_key ~ %s",
            [pattern],
        )
        for id_, key in self.env.cr.fetchall():
            steps = [
                (
                    operation,
                    self.new({"source": "rule", "rule": what})._map_rule(change) or what
                    if not part
                    else what,
                    *part,
                )
                for operation, what, *part in ast.literal_eval(key)
            ]
            self.env.cr.execute(
                "UPDATE relationship_campaign_freeze SET rule_key = %s WHERE id = %s",
                [repr(steps), id_],
            )
        runs.invalidate_model(["rule_key"])


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_dependences(self, opportunities):
        """Let rules name the opportunity that stays."""
        result = super()._merge_dependences(opportunities)
        # sudo: whoever may merge opportunities changes their number in all rules.
        steps = self.env["relationship.campaign.selection"].sudo()
        steps._replace_in_rules(opportunities, self)
        return result
