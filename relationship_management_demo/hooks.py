from odoo.exceptions import UserError

from .story.player import MODULE

LOGINS = ("anna", "ewa", "jan", "katrin", "marta", "piotr")


def pre_init_hook(env):
    """Refuse a database that has the people of the story, or others of their names."""
    users = env["res.users"].with_context(active_test=False)
    found = users.search([("login", "in", LOGINS)], order="login").mapped("login")
    if found:
        raise UserError(
            env._(
                "The demo story brings its own people, and this database already has"
                " users with these logins: %(logins)s. Install it into a new database.",
                logins=", ".join(found),
            )
        )


def uninstall_hook(env):
    """Take the plans of the story out of the stages, which stay: the plans go then."""
    plans = env["ir.model.data"].search(
        [("module", "=", MODULE), ("model", "=", "mail.activity.plan")]
    )
    stages = env["crm.stage"]
    for name in ("activity_plan_id", "campaign_plan_id"):
        planned = stages.search([(name, "in", plans.mapped("res_id"))])
        planned.write({name: False})
