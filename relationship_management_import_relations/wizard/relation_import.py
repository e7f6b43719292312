from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.sql import table_columns, table_exists

from odoo.addons.relationship_management.models.shared.button import open_form
from odoo.addons.relationship_management.models.shared.may_be_told import is_hidden

TABLE = "res_partner_relation"
TYPE_TABLE = "res_partner_relation_type"
MODULE = "__import__"
SHOWN = 50
TAG_COLUMNS = ("partner_category_left", "partner_category_right")
SIDES = {"c": "company", "p": "person"}


class RelationshipRelationImport(models.TransientModel):
    """Take over the relations that another addon left in this database.

    Reads the tables ``res_partner_relation`` and ``res_partner_relation_type``. Each
    row gets an external id, so that a second run adds nothing. A row that breaks a rule
    of its type is left out and told of.
    """

    _name = "relationship.relation.import"
    _description = "Import of relations"

    summary = fields.Text(readonly=True)
    problems = fields.Text(string="Left out", readonly=True)

    def _is_available(self):
        """Tell whether there are such tables."""
        return table_exists(self.env.cr, TABLE) and table_exists(
            self.env.cr, TYPE_TABLE
        )

    def action_check(self):
        """Tell what an import would do, and do nothing."""
        with self.env.cr.savepoint() as savepoint:
            done, problems = self._import()
            savepoint.rollback()
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        return self._tell(
            self.env._(
                "Relations that can be imported: %(done)s. Rows that would be left out:"
                " %(left)s.",
                done=done,
                left=len(problems),
            ),
            problems,
        )

    def action_import(self):
        """Import what breaks no rule."""
        done, problems = self._import()
        return self._tell(
            self.env._(
                "Relations imported: %(done)s. Rows left out: %(left)s.",
                done=done,
                left=len(problems),
            ),
            problems,
        )

    def _tell(self, summary, problems):
        lines = problems[:SHOWN]
        if len(problems) > SHOWN:
            more = len(problems) - SHOWN
            lines.append(self.env._("… and %(count)s more.", count=more))
        summary = "\n".join(filter(None, [summary, self._tell_tag_limits()]))
        self.write({"summary": summary, "problems": "\n".join(lines)})
        return open_form(
            self._name,
            name=self.env._("Import of relations"),
            res_id=self.id,
            target="new",
        )

    def _tell_tag_limits(self):
        """Return a sentence on types that ask for a tag, which ours cannot; or None."""
        known = table_columns(self.env.cr, TYPE_TABLE)
        columns = [SQL.identifier(name) for name in TAG_COLUMNS if name in known]
        if not columns:
            return None
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT name FROM %s WHERE COALESCE(%s) IS NOT NULL ORDER BY id",
                SQL.identifier(TYPE_TABLE),
                SQL(", ").join(columns),
            )
        )
        if not rows:
            return None
        return self.env._(
            "These types asked for a tag of the partner. Tags are not asked for any"
            " more; ask for a role in the relation type instead: %(types)s.",
            types=", ".join(_say(row["name"]) for row in rows),
        )

    def _import(self):
        """Import types and relations.

        :return: number of new relations, list of sentences on what was left out
        """
        self.check_access("write")
        self.ensure_one()
        if not self._is_available():
            raise UserError(
                self.env._("There are no relations of another addon in this database.")
            )
        # sudo: managers of relations take over those of the whole database, whatever
        # company they belong to; the access rights of this wizard name the managers.
        wizard = self.sudo()
        rows = wizard._read_rows()
        types = wizard._get_types(rows)
        plan = [wizard._prepare_relation(row, types) for row in rows]
        problems = wizard._get_problems(rows, plan)
        good = [index for index in range(len(plan)) if index not in problems]
        relations = wizard.env["relationship.relation"].create(
            [{k: v for k, v in plan[i].items() if k != "company_id"} for i in good]
        )
        wizard._remember(
            (f"relationship_relation_{rows[index]['id']}", relation)
            for index, relation in zip(good, relations, strict=True)
        )
        return len(relations), list(problems.values())

    def _read_rows(self):
        """Return the rows that were not imported before, oldest first."""
        has_function = "function" in table_columns(self.env.cr, TABLE)
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT r.id, r.left_partner_id, r.right_partner_id, r.type_id,
                       r.date_start, r.date_end, %s AS function
                  FROM %s r
                 WHERE NOT EXISTS (
                    SELECT FROM ir_model_data d
                     WHERE d.module = %s AND d.model = 'relationship.relation'
                       AND d.name = 'relationship_relation_' || r.id)
                 ORDER BY r.id
                """,
                SQL("r.function") if has_function else SQL("NULL"),
                SQL.identifier(TABLE),
                MODULE,
            )
        )

    def _get_types(self, rows):
        """Return ``{id of the other addon: relation type}``, made where missing."""
        columns = table_columns(self.env.cr, TYPE_TABLE)
        types = {}
        for row in self.env.execute_query_dict(
            SQL("SELECT * FROM %s ORDER BY id", SQL.identifier(TYPE_TABLE))
        ):
            name = f"relationship_relation_type_{row['id']}"
            known = self.env.ref(f"{MODULE}.{name}", raise_if_not_found=False)
            symmetric = "is_symmetric" in columns and bool(row["is_symmetric"])
            if not known:
                known = self._find_type(row, symmetric) or self._create_type(
                    row, symmetric
                )
                self._remember([(name, known)])
            if known.function_use == "no" and any(
                line["function"] for line in rows if line["type_id"] == row["id"]
            ):
                known.function_use = "optional"
            types[row["id"]] = known
        return types

    def _find_type(self, row, symmetric):
        types = self.env["relationship.relation.type"].with_context(active_test=False)
        domain = [("name", "=", _say(row["name"])), ("is_symmetric", "=", symmetric)]
        if not symmetric:
            domain.append(("inverse_name", "=", _say(row["name_inverse"])))
        return types.with_context(lang="en_US").search(domain, limit=1)

    def _create_type(self, row, symmetric):
        left = SIDES.get(row.get("contact_type_left"), "any")
        right = SIDES.get(row.get("contact_type_right"), "any")
        if symmetric and left != right:
            left = right = "any"
        name = _say(row["name"])
        return (
            self.env["relationship.relation.type"]
            .with_context(lang="en_US")
            .create(
                {
                    "name": name,
                    "inverse_name": not symmetric
                    and (_say(row["name_inverse"]) or name),
                    "is_symmetric": symmetric,
                    "left_is": left,
                    "right_is": right,
                }
            )
        )

    def _prepare_relation(self, row, types):
        relations = self.env["relationship.relation"]
        partners = self.env["res.partner"].browse(
            [row["left_partner_id"], row["right_partner_id"]]
        )
        kind = types[row["type_id"]]
        company = partners[0].company_id or partners[1].company_id or kind.company_id
        values = relations._prepare_ends(
            {
                "left_partner_id": row["left_partner_id"],
                "right_partner_id": row["right_partner_id"],
                "type_id": kind.id,
            }
        )
        return {
            **values,
            "company_id": company.id or None,
            "date_from": row["date_start"] or None,
            "date_to": row["date_end"] or None,
            "function": row["function"] or None,
        }

    def _get_problems(self, rows, plan):
        """Return ``{index of the row: sentence}``; of two that collide the first stays.

        Dates are judged before the rules: a row that ends before it begins would
        overlap nothing.
        """
        problems = {
            index: self.env._("Row %(number)s ends before it begins.", number=row["id"])
            for index, row in enumerate(rows)
            if row["date_start"]
            and row["date_end"]
            and row["date_end"] < row["date_start"]
        }
        relations = self.env["relationship.relation"]
        for problem in relations._find_planned_problems(plan):
            index = -problem.relation_id - 1
            other = -problem.other_id - 1 if (problem.other_id or 0) < 0 else None
            if index in problems or (
                other is not None and (other > index or other in problems)
            ):
                continue
            told = relations._get_told_sentences({problem.other_id})
            problems[index] = self.env._(
                "Row %(number)s: %(problem)s",
                number=rows[index]["id"],
                problem=self._explain(problem, plan[index], told),
            )
        return problems

    def _explain(self, problem, values, told):
        relations = self.env["relationship.relation"]
        planned = relations.new(
            {key: value for key, value in values.items() if value is not None}
        )
        ends = planned.left_partner_id | planned.right_partner_id
        if is_hidden(ends) or is_hidden(planned.type_id):
            return self.env._(
                "this relation breaks a rule, and names somebody or something that you"
                " may not see."
            )
        # sudo: only its days, if the user may know it.
        other = relations.sudo().browse(told.keys() & {problem.other_id})
        words = told.get(problem.other_id) or self.env._("another row")
        return planned._explain(problem.rule, words, other)

    def _remember(self, named):
        """Give external ids, which a second run looks for.

        :param named: pairs of name and record
        """
        self.env["ir.model.data"].create(
            [
                {
                    "module": MODULE,
                    "name": name,
                    "model": record._name,
                    "res_id": record.id,
                    "noupdate": True,
                }
                for name, record in named
            ]
        )


def _say(words):
    """Return a translated or plain column as English text."""
    if isinstance(words, dict):
        return words.get("en_US") or next(iter(words.values()), "")
    return words or ""
