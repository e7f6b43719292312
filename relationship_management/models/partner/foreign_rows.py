"""What other companies have entered about a shared partner stays theirs."""

from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..shared.kinds import check_kinds
from ..shared.may_be_told import find_hidden, names_of

COMPARED = ("company_id", "note", "active")
# Of rows of other companies also what they say.
SAID = ("date_from", "date_to", "share", "function", "influence", "attitude", "state")
# They would go to the company of the partner, or be out of reach for their own.
MOVED = ("relationship.role", "relationship.relation", "relationship.activity")


class ResPartner(models.Model):
    """Refuse what would move, unite or delete rows of companies one does not work for.

    Roles and relations follow the company of their partner, go with it, and are united
    by a merge, as superuser. Whoever may change the partner need not see them.
    """

    _inherit = "res.partner"

    def write(self, vals):
        """Let nobody take along what is hidden from them by moving the partner."""
        if "company_id" not in vals:
            return super().write(vals)
        check_kinds(self, [vals])
        self._refuse_rows_of_others(self.env["res.company"].browse(vals["company_id"]))
        with self._keeping_foreign_rows():
            return super().write(vals)

    def _refuse_rows_of_others(self, company):
        """Refuse to give a partner to one company while others have rows about it.

        Roles and relations follow the company of their partner; those of a third one
        would be given away, and not come back with the partner.
        """
        if not company or self.env.su:
            return
        for partner in self.filtered(lambda p: p.company_id != company):
            kept = [False, company.id, partner.company_id.id]
            domains = partner._get_row_domains()
            for model in MOVED:
                # sudo: those of companies that are switched off count most.
                rows = self.env[model].sudo().with_context(active_test=False)
                others = Domain("company_id", "not in", kept)
                if rows := rows.search(domains[model] & others):
                    if find_hidden(rows):
                        self._refuse_foreign_rows(names_of(partner))
                    raise UserError(partner._get_words_of_rows(rows, company))

    def _get_words_of_rows(self, rows, company):
        words = {
            "partner": names_of(self),
            "companies": names_of(rows.company_id),
            "company": names_of(company),
        }
        if rows._name == "relationship.activity":
            return self.env._(
                "%(partner)s has activities of %(companies)s, which nobody there could"
                " change any more: leave the partner to every company.",
                **words,
            )
        return self.env._(
            "%(partner)s has roles or relations of %(companies)s, which this would give"
            " to %(company)s: leave the partner to every company, or end and delete"
            " them first.",
            **words,
        )

    def unlink(self):
        """Let nobody delete rows of other companies, or of types one may not use."""
        self.check_access("unlink")
        if any(self._get_foreign_rows().values()) or self._has_forbidden_rows():
            self._refuse_foreign_rows(names_of(self[:5]))
        return super().unlink()

    def _get_row_domains(self):
        """Return {model: domain} of the rows with a company that stand at partners."""
        relations = self.env["relationship.relation"]
        at_partner = Domain("partner_id", "in", self.ids)
        return {
            "relationship.role": at_partner,
            relations._name: relations._get_partner_domain(self.ids),
            "relationship.consent": at_partner,
            "relationship.reference": at_partner | Domain("contact_id", "in", self.ids),
            "relationship.activity": (
                (at_partner | Domain("contact_id", "in", self.ids))
                & Domain("lead_id", "=", False)
                & Domain("campaign_id", "=", False)
            ),
        }

    def _get_hidden_rows(self):
        """Return {model: rows} at these partners that the person may not see."""
        if self.env.su:
            return {}  # the system itself, which hides nothing
        found = {}
        for model, domain in self._get_row_domains().items():
            # sudo: whether there are hidden ones is the question.
            rows = self.env[model].sudo().with_context(active_test=False)
            rows = rows.search(domain)
            found[model] = rows.browse(find_hidden(rows))
        return found

    def _get_foreign_rows(self):
        """Return those of the hidden rows that belong to a company not switched on."""
        own = self.env.companies
        return {
            model: rows.filtered(lambda r: r.company_id and r.company_id not in own)
            for model, rows in self._get_hidden_rows().items()
        }

    def _has_forbidden_rows(self):
        """Tell whether roles or relations have a type that the person may not use."""
        if self.env.su:
            return False
        for model, domain in self._get_row_domains().items():
            # sudo: whether there are any, hidden or not, is the question.
            rows = self.env[model].sudo().with_context(active_test=False)
            if "type_id" in rows._fields:
                forbidden = self.env[rows.type_id._name]._get_forbidden_ids("use")
                if rows.search_count(domain & Domain("type_id", "in", forbidden)):
                    return True
        return False

    @contextmanager
    def _keeping_foreign_rows(self):
        """Refuse a change that gives hidden rows another company, note or end.

        Those of other companies say what they said before, of the same days.
        """
        hidden, foreign = self._get_hidden_rows(), self._get_foreign_rows()
        if not any(hidden.values()):
            yield
            return
        # Before the change, which may take the partners themselves from sight.
        names = names_of(self[:5])
        before = {
            m: self._describe_rows(rows, foreign[m]) for m, rows in hidden.items()
        }
        with self.env.cr.savepoint():
            yield
            self.env.flush_all()
            for model, rows in hidden.items():
                now = self._describe_rows(rows.exists(), foreign[model])
                for row in rows:
                    is_gone = row.id not in now and row in foreign[model]
                    if (
                        is_gone
                        or now.get(row.id, before[model][row.id])
                        != (before[model][row.id])
                    ):
                        self._refuse_foreign_rows(names)

    def _describe_rows(self, rows, foreign):
        names = [name for name in COMPARED if name in rows._fields]
        said = [name for name in SAID if name in rows._fields]
        # An empty note may be a text without letters.
        return {
            row.id: [
                row[name] or False
                for name in (names + said if row in foreign else names)
            ]
            for row in rows
        }

    @api.model
    def _refuse_foreign_rows(self, partners):
        raise UserError(
            self.env._(
                "There is something about %(partners)s that you may not see, entered"
                " for another company or kept from you, and this would take it along:"
                " leave the partner and its company as they are, archive the partner,"
                " or ask somebody who works for every company.",
                partners=partners,
            )
        )
