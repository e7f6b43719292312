from odoo.tools import SQL

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

from .models.activity import history
from .models.consent import consent
from .models.history import capture, former_name
from .models.shared import row_trigger


def uninstall_hook(env):
    """Drop triggers, functions and the raw column before the tables go.

    And what lies in tables of core: it would be left over without a use.
    """
    env = env(context={**env.context, MODULE_UNINSTALL_FLAG: True})
    remove_number_ranges(env)
    remove_campaign_stages(env)
    settings = env["ir.config_parameter"]
    settings.search([("key", "=like", "relationship\\_management.%")]).unlink()
    capture.remove_capture(env.cr)
    former_name.remove_capture(env.cr)
    row_trigger.remove(env.cr, consent.TRIGGERS)
    history.remove_history(env.cr)
    env["relationship.item"]._remove()
    env.cr.execute("DROP TABLE IF EXISTS relationship_item_again")


def remove_number_ranges(env):
    """Remove the number ranges of types, which nothing else counts with."""
    for name, model in env.registry.items():
        if "number_sequence_id" in model._fields and not model._abstract:
            types = env[name].with_context(active_test=False).search([])
            ranges = types._get_own_ranges()
            table = SQL.identifier(types._table)
            for column in ("number_sequence_id", "company_sequence_id"):
                env.cr.execute(
                    SQL("UPDATE %s SET %s = NULL", table, SQL.identifier(column))
                )
            ranges.unlink()


def remove_campaign_stages(env):
    """Remove stages that only campaigns passed: CRM would show them as columns."""
    env.flush_all()
    table = SQL.identifier(env["relationship.campaign"]._table)
    # The campaigns go in a moment, with their table.
    env.cr.execute(SQL("ALTER TABLE %s ALTER stage_id DROP NOT NULL", table))
    env.cr.execute(SQL("UPDATE %s SET stage_id = NULL", table))
    env.invalidate_all()
    stages = env["crm.stage"].with_context(active_test=False)
    leads = env["crm.lead"].with_context(active_test=False)
    stages = stages.search([("use_for", "=", "campaign")])
    used = leads.search([("stage_id", "in", stages.ids)]).stage_id
    (stages - used).unlink()
