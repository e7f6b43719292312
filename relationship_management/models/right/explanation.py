"""Say in words why somebody may not see a record."""

from odoo import api, models

from ..shared.may_be_told import is_hidden, names_of, quote, quote_names, would_see
from .type_right import is_type


class RelationshipRightExplanation(models.AbstractModel):
    """What decides whether somebody sees a record: rights, companies, types, rules."""

    _name = "relationship.right.explanation"
    _description = "Why somebody may not see a record"

    @api.model
    def _explain(self, record, user):
        """Return sentences for whoever asks, who sees the record.

        :param user: asked with all companies in which they may work
        """
        record.ensure_one().check_access("read")
        companies = self._get_companies_of(user)
        asked = record.with_user(user).with_context(allowed_company_ids=companies.ids)
        name = user.display_name
        if not user.active:
            return [
                self.env._("%(person)s is archived and cannot log in.", person=name)
            ]
        if not asked.browse().has_access("read"):
            return [self._explain_model(record, user)]
        if asked.has_access("read"):
            return [self._explain_seen(record, user)]
        failing = self._get_failing_rules(asked)
        # Any one rule of a group would do: of these together it is told what they ask.
        granting = failing.filtered("groups")
        sentences = [
            self._explain_rule(rule, record, user) for rule in failing - granting
        ]
        if granting:
            sentences.append(self._explain_granting(granting, record, user))
        return list(dict.fromkeys(sentences)) or [
            self.env._(
                "It belongs to something that %(person)s may not see, or names somebody"
                " whom %(person)s may not see: ask the same question there.",
                person=name,
            )
        ]

    def _get_failing_rules(self, asked):
        """Return the rules against a record, and against what it delegates to."""
        asking = self.env["ir.rule"].with_env(asked.env)
        # sudo: only which rules they are; the record is one that the manager sees
        failing = asking._get_failing(asked, "read").sudo()
        for name in asked._inherits.values():
            failing |= self._get_failing_rules(asked.sudo()[name].sudo(False))
        return failing

    def _explain_seen(self, record, user):
        # sudo: where the colleague begins to work
        if would_see(record, user, user.sudo().company_id.ids):
            return self.env._("%(person)s may see this.", person=user.display_name)
        return self.env._(
            "%(person)s may see this, once the right company is switched on at the top"
            " right: %(companies)s.",
            person=user.display_name,
            companies=names_of(self._get_companies(record)).removesuffix("."),
        )

    def _explain_model(self, record, user):
        kind = self.env["relationship.source"]._get_label(record._name)
        groups = self.env["ir.model.access"].group_names_with_access(
            record._name, "read"
        )
        return self.env._(
            "%(person)s has no right to records of this kind (%(kind)s). One of these"
            " groups gives it: %(groups)s.",
            person=user.display_name,
            kind=kind,
            groups=", ".join(groups),
        )

    def _explain_granting(self, rules, record, user):
        """Return why none of the rules lets a colleague see it that could.

        Of what belongs to a project, that is what hides the project.
        """
        companies = self._get_companies_of(user).ids
        for name in ("lead_id", "campaign_id"):
            project = record[name] if name in record._fields else record.browse()
            if project and not would_see(project, user, companies):
                told = self.env._(
                    "It belongs to %(project)s, which %(person)s may not see.",
                    project=quote_names(project),
                    person=user.display_name,
                )
                seen = project._filtered_access("read")
                return " ".join([told, *(self._explain(seen, user) if seen else [])])
        if any("user.id" in (rule.domain_force or "") for rule in rules):
            kind = self.env["relationship.source"]._get_label(record._name)
            return self.env._(
                "Of records of this kind (%(kind)s), %(person)s sees only their own and"
                " those of nobody.",
                kind=kind,
                person=user.display_name,
            )
        return self.env._(
            "None of the rules holds that could show it to %(person)s: %(rules)s.",
            person=user.display_name,
            rules=", ".join(quote(self.env, rule.name or "") for rule in rules),
        )

    def _explain_rule(self, rule, record, user):
        """Return a sentence for a record rule that stands against it."""
        condition = rule.domain_force or ""
        if "forbidden_types" in condition and (types := self._find_types(record, user)):
            return " ".join(self._explain_type(kind) for kind in types)
        if not rule.groups and "company_ids" in condition:
            return self.env._(
                "It belongs to %(companies)s; %(person)s works in %(others)s.",
                companies=names_of(self._get_companies(record))
                or self.env._("another company"),
                person=user.display_name,
                others=names_of(self._get_companies_of(user)).removesuffix("."),
            )
        return self.env._(
            "The rule %(rule)s keeps it from %(person)s.",
            rule=quote(self.env, rule.name or rule.model_id.name),
            person=user.display_name,
        )

    def _get_companies_of(self, user):
        # sudo: in which companies a colleague works; named to who may see them
        return self.env["res.company"].browse(user.sudo()._get_company_ids())

    def _get_companies(self, record):
        if record._name == "res.company":
            return record
        field = record._fields.get("company_id")
        return record.company_id if field else self.env["res.company"]

    def _find_types(self, record, user):
        """Return the types that hide a record: its own, and those of its projects."""
        found, asked, seen = [], [record], set()
        while asked:
            record = asked.pop()
            seen.add(record)
            for field in record._fields.values():
                if field.type != "many2one" or not field.store:
                    continue
                target = record[field.name]
                if is_type(target):
                    hidden = target.with_user(user)._get_forbidden_ids("see")
                    found += [target] if target.id in hidden else []
                elif getattr(target, "_type_field", None) and target not in seen:
                    asked += target
        return list(dict.fromkeys(found))

    def _explain_type(self, kind):
        """Name the groups that see a type, to whoever sees the type."""
        if is_hidden(kind):
            return self.env._("It has a type that you may not see, either.")
        groups = kind.see_group_ids | kind.use_group_ids
        return self.env._(
            "Records of the type %(type)s are seen by these groups alone: %(groups)s.",
            type=quote(self.env, kind.display_name),
            groups=", ".join(groups.mapped("display_name")),
        )
