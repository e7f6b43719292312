"""What is remembered of rights from one request to the next, and when it is forgotten.

All requests of a process share what ``ormcache`` remembers, although each sees the
database as it was when it began. One that began before rights were taken away may fill
the cache afterwards with what was so before, and nothing would clear it again. Hence

- whoever changes rights calls :func:`forget`: it clears at once, for the own request,
  and when the others see the change, so that Odoo signals it then at the earliest;
- the key of what is remembered has ``_get_state()`` of ``ir.rule``, the number of the
  newest signal that the own transaction sees: what is older stays with the older ones.
"""

from odoo import api, models

STATE = "relationship_management.state"
FORGOTTEN = "relationship_management.forgotten"


def forget(env):
    """Forget what is remembered of rights, now and once more after the commit."""
    env.registry.clear_cache()
    if not env.cr.postcommit.data.get(FORGOTTEN):
        env.cr.postcommit.data[FORGOTTEN] = True
        env.cr.postcommit.add(env.registry.clear_cache)


class IrRule(models.Model):
    """Keep the conditions of rules, which name forbidden types, apart by state."""

    _inherit = "ir.rule"

    def _compute_domain_context_values(self):
        yield from super()._compute_domain_context_values()
        yield self._get_state()

    @api.model
    def _get_state(self):
        """Return what state of the database the transaction sees, read once in it."""
        seen = self.env.cr.postcommit.data
        if STATE not in seen:
            self.env.cr.execute("SELECT max(id) FROM orm_signaling_default")
            (seen[STATE],) = self.env.cr.fetchone()
        return seen[STATE]
