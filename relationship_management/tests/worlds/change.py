"""Make the second world: change all that is hidden, in everything that may change."""

from datetime import timedelta
from functools import partial

from odoo.tools import mute_logger

from .bridges import MARK

PLAIN = ("char", "text", "html")
# What decides from whom a record is hidden stays, and what says which one it is.
KEPT = frozenset(
    (
        *("company_id", "see_group_ids", "use_group_ids", "analyse_group_ids"),
        *("active", "privacy", "res_id", "res_model", "model", "res_model_id"),
        *("create_uid", "create_date", "write_uid", "write_date", "parent_path"),
        *("relationship_company_id", "relationship_linked_company_ids"),
        *("utm_campaign_id", "linked_company_ids", "parent_id", "type"),
        *("number_sequence_id", "company_sequence_id", "access_token", "res_field"),
        "public",
        *("allowed_company_ids", "partner_ids", "attendee_ids"),
        # By decision of core all may know when somebody is busy.
        *("start", "stop", "start_date", "stop_date", "duration", "allday", "show_as"),
    )
)

# What is copied with what it belongs to, and what everybody sees that it is there.
NOT_COPIED = {
    *("utm.campaign", "mail.activity.plan", "mail.activity.plan.template"),
    *("calendar.event", "ir.attachment", "mail.message"),
}
HIDING = {
    *("company_id", "see_group_ids", "user_id", "privacy", "type_id"),
    *("opportunity_type_id", "partner_ids", "res_id", "res_model"),
}


class Changer:
    """Changes the records of pools, and remembers which fields take another value."""

    def __init__(self, env):
        # Changes are told where changes are told: chatters are a channel.
        self.env = env(context={**env.context, "tracking_disable": False})
        # The fields that may change, by model.
        self.known = {}

    def change(self, pools):
        """Change, add, merge and delete; return how many values of each model."""
        counts = {}
        for pool in pools:
            for model, records in pool.records.items():
                for record in records.with_env(self.env).sudo():
                    changed = self.change_record(pool, record)
                    counts[model] = counts.get(model, 0) + len(changed)
        for pool in pools:
            self.add_and_delete(pool)
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.flush_all()
        return counts

    def apply(self, record, values):
        """Write values, by halves where some are refused; return which ones it took."""
        if not values or self.attempt(lambda: record.write(values)):
            return set(values)
        if len(values) == 1:
            return set()
        names = list(values)
        middle = len(names) // 2
        return set().union(
            *(
                self.apply(record, {name: values[name] for name in half})
                for half in (names[:middle], names[middle:])
            )
        )

    def attempt(self, change):
        """Do what may be refused; tell whether it was done."""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                change()
                self.env.flush_all()
        except Exception:  # noqa: BLE001 (whatever stands against it, it is left out)
            self.env.invalidate_all()
            return False
        return True

    def change_record(self, pool, record):
        """Change what may change; of a model, what the first one takes is tried."""
        taken = self.known.get(record._name)
        values = {
            name: value
            for name, field in record._fields.items()
            if (taken is None or name in taken)
            and self.may_change(field)
            and (value := self.find_value(pool, record, field)) is not None
        }
        changed = self.apply(record, values)
        self.known.setdefault(record._name, changed)
        return changed

    def may_change(self, field):
        return (
            field.store
            and field.name not in KEPT
            # Core writes these to the partner, whom everybody sees.
            and field.name not in ("email_from", "phone", "lang_id", "website")
            and not field.related
            and (not field.compute or not field.readonly)
            and not (field.type == "many2one" and "type" in field.comodel_name)
        )

    def find_value(self, pool, record, field):
        """Return another value of a field; None if there is none."""
        value = record[field.name]
        if field.type in PLAIN:
            return f"{MARK} changed {field.name}"[: getattr(field, "size", None)]
        if field.type in ("integer", "float", "monetary"):
            return value + 5
        if field.type in ("date", "datetime"):
            return value and value + timedelta(days=2)
        if field.type == "boolean":
            return not value
        if field.type == "selection":
            keys = [key for key in field.get_values(record.env) if key != value]
            return keys[0] if keys else None
        return self.find_other(pool, record, field, value)

    def find_other(self, pool, record, field, value):
        if field.type != "many2one":
            return None
        others = {
            "res.partner": self.env["res.partner"].search(
                [("name", "in", ("Silent S.A.", "Stalmet S.A.", "PakTech"))]
            ),
            "res.users": self.env["res.users"].search(
                [("login", "in", ("test_olga", "test_konrad"))]
            ),
            "crm.stage": self.env["crm.stage"].search(
                [("name", "in", ("Qualified 1", "Proposal 2", "Signed 3"))]
            ),
        }.get(field.comodel_name)
        hidden = pool.records.get(field.comodel_name, ())
        if others is None or value in hidden:
            others = hidden
        if field.comodel_name == "res.users" and others:
            others = others.filtered(lambda u: pool.company in u.company_ids)
        return next((other.id for other in others if other != value), None)

    def add_and_delete(self, pool):
        """Add one more of each, merge and delete what was added."""
        for model, records in list(pool.records.items()):
            if model in NOT_COPIED:
                continue
            record = records[:1].with_env(self.env).sudo()
            # As hidden as the first one: a copy has not everything of it.
            same = {
                name: record._fields[name].convert_to_write(record[name], record)
                for name in HIDING & record._fields.keys()
            }
            self.attempt(partial(record.copy, same))
            self.attempt(lambda r=record, v=same: r.copy(v).unlink())
        partners = pool.records.get("res.partner")
        if partners and len(partners) > 1:
            merger = self.env["base.partner.merge.automatic.wizard"]
            self.attempt(lambda: merger.sudo()._merge(partners.ids, partners[:1]))
        if leads := pool.records.get("crm.lead"):
            # Not the one with a task of somebody else, whom merging tells.
            lead = leads[:1].with_env(self.env).sudo()
            same = {"user_id": lead.user_id.id}
            self.attempt((lead.copy(same) | lead.copy(same)).merge_opportunity)
        # The oldest of some goes for good; what it was told of is told no more.
        for model in ("relationship.campaign.cost", "relationship.reference"):
            for record in pool.records.get(model, ())[:1]:
                self.attempt(record.with_env(self.env).sudo().unlink)
