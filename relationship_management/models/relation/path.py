from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

MAX_STEPS = 4
# So many partners are looked at from either end. A hub may know half the world.
MAX_VISITED = 20000


class ResPartner(models.Model):
    """How do we know them? The shortest way from one partner to another one."""

    _inherit = "res.partner"

    def get_relationship_path(self, other_id, day=None, with_contacts=True):
        """Return the shortest chain of relations from this partner to another one.

        At most four steps, each over a relation and to a partner that the user may
        read. Breadth first from both ends: a query a step, at most four.

        :param other_id: id of the partner at the other end
        :param day: a date or its ISO text; empty: today
        :param with_contacts: a contact of a company counts as a step as well
        :return: ``{found, message, nodes, edges}``: nodes and edges as in the map, in
            the order of the way; ``message`` is one sentence that tells the result
        :raise UserError: both ends are the same partner, or the day is none
        """
        partner = self._look_at_network(day)
        other = partner.browse(other_id if type(other_id) is int else None).exists()
        if not other:
            raise UserError(
                self.env._("The other partner is no longer there: choose somebody.")
            )
        other.check_access("read")
        if other == partner:
            raise UserError(
                self.env._(
                    "This is %(partner)s already: choose somebody else.",
                    partner=partner._get_label(),
                )
            )
        steps, is_complete = partner._find_path(other, with_contacts)
        return {
            "found": bool(steps),
            "message": partner._tell_path(other, steps, is_complete),
            **partner._prepare_path(steps),
        }

    def _find_path(self, other, with_contacts):
        """Return the steps from this partner to the other one, and if all was seen.

        :return: list of (partner id, next partner id, relation id or None), bool
        """
        # For each end: partner id → (partner id nearer to that end, relation id).
        seen = {self.id: {self.id: None}, other.id: {other.id: None}}
        frontiers = {self.id: self.ids, other.id: other.ids}
        domain, is_complete = self._get_network_domain(), True
        for _step in range(MAX_STEPS):
            end = min(frontiers, key=lambda e: len(frontiers[e]))
            opposite = seen[other.id if end == self.id else self.id]
            reached = self._reach(frontiers[end], domain, with_contacts)
            is_complete &= len(reached) < MAX_VISITED
            new = {
                far: (near, relation_id)
                for far, near, relation_id in reached
                if far not in seen[end]
            }
            seen[end].update(new)
            if meeting := [partner_id for partner_id in new if partner_id in opposite]:
                return self._join_path(other, seen, min(meeting)), True
            if not new:
                return [], is_complete
            frontiers[end] = [*new]
        return [], is_complete

    def _reach(self, partner_ids, domain, with_contacts):
        """Return (far, near, relation id) for who stands next to these partners."""
        return self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (link.far) link.far, link.near, link.relation_id
                  FROM (%(links)s) link (near, far, influence, relation_id)
                 WHERE link.far IN %(readable)s
                 ORDER BY link.far, link.influence DESC NULLS LAST, link.relation_id
                 LIMIT %(limit)s
                """,
                links=self._get_links(partner_ids, domain, with_contacts),
                readable=self._get_readable_partners(),
                limit=MAX_VISITED,
            )
        )

    def _join_path(self, other, seen, meeting):
        """Return the steps over the partner where the two searches met."""
        steps, here = [], meeting
        while link := seen[self.id][here]:
            steps.insert(0, (link[0], here, link[1]))
            here = link[0]
        here = meeting
        while link := seen[other.id][here]:
            steps.append((here, *link))
            here = link[0]
        return steps

    def _prepare_path(self, steps):
        if not steps:
            return {"nodes": [], "edges": []}
        order = {partner_id: hop for hop, (partner_id, *_step) in enumerate(steps)}
        order[steps[-1][1]] = len(steps)
        found = self.env["relationship.relation"].browse(
            step[2] for step in steps if step[2]
        )
        partners = self.browse(order)
        contacts = partners.browse(
            partner_id
            for near, far, relation_id in steps
            if not relation_id
            for partner_id in (near, far)
        )
        pairs = {(near, far) for near, far, _relation_id in steps}
        edges = [
            edge
            for edge in contacts._prepare_edges(found, order)
            if (edge["source"], edge["target"]) in pairs
        ]
        return {
            "nodes": partners._prepare_nodes(edges, order),
            "edges": sorted(edges, key=lambda edge: order[edge["source"]]),
        }

    def _tell_path(self, other, steps, is_complete):
        names = {"partner": self._get_label(), "other": other._get_label()}
        if len(steps) == 1:
            return self.env._(
                "%(partner)s and %(other)s are directly related:", **names
            )
        if steps:
            return self.env._(
                "From %(partner)s to %(other)s in %(count)s steps:",
                count=len(steps),
                **names,
            )
        if is_complete:
            return self.env._(
                "No way of at most %(count)s steps leads from %(partner)s to"
                " %(other)s.",
                count=MAX_STEPS,
                **names,
            )
        return self.env._(
            "No way was found from %(partner)s to %(other)s: they know too many to look"
            " at all of them. Try from somebody in between.",
            **names,
        )
