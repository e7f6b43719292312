from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

MAX_DEPTH = 3
MAX_NODES = 200


class ResPartner(models.Model):
    """The map of a partner: who is around it, and how they stand to each other."""

    _inherit = "res.partner"

    def action_view_relationship_map(self):
        """Open the map with this partner in the middle."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "relationship_map",
            "path": "relationship-map",
            "name": self.env._("Map of %(partner)s", partner=self._get_label()),
            "context": {"active_id": self.id},
        }

    def get_relationship_map(
        self,
        depth=2,
        type_ids=None,
        kinds=None,
        day=None,
        limit=40,
        with_contacts=True,
    ):
        """Return who is around this partner, and the relations among all of them.

        Only relations that hold on the day, and only relations and partners that the
        user may read. The number of queries does not depend on the number of partners.

        :param depth: steps from the partner, 1 to 3
        :param type_ids: only relations of these types; empty: of all
        :param kinds: only relations of types of these kinds; empty: of all
        :param day: a date or its ISO text; empty: today
        :param limit: highest number of nodes, this partner included, at most 200; those
            with the highest influence come first, then by name
        :param with_contacts: also the contacts of a company, as a lighter kind of edge
        :return: ``{centre, nodes, edges, types, more}``: nodes and edges as in
            :meth:`_prepare_nodes` and :meth:`_prepare_edges`, the nearest first; types
            that the user may choose from as ``{id, name, inverse_name}``; ``more``
            partners who stand next to a node, within the depth, had no place
        :raise UserError: depth or day make no sense
        """
        partner = self._look_at_network(day)
        if type(depth) is not int or depth not in range(1, MAX_DEPTH + 1):
            raise UserError(
                self.env._("A map shows one, two or three steps: choose one of them.")
            )
        limit = min(max(limit, 1), MAX_NODES) if type(limit) is int else MAX_NODES
        domain = partner._get_network_domain(type_ids, kinds)
        hops = partner._walk(depth, domain, with_contacts, limit)
        partners = partner.browse(hops)
        found = partner.env["relationship.relation"].search(
            domain
            & Domain("left_partner_id", "in", partners.ids)
            & Domain("right_partner_id", "in", partners.ids)
        )
        contacts = partners if with_contacts else partner.browse()
        edges = contacts._prepare_edges(found, hops)
        nodes = partners._prepare_nodes(edges, hops)
        return {
            "centre": partner.id,
            "nodes": nodes,
            "edges": self._sort_edges(edges, nodes),
            "types": partner._prepare_map_types(),
            "more": partner._count_left_out(hops, depth, domain, with_contacts, limit),
        }

    def _walk(self, depth, domain, with_contacts, limit):
        """Return {partner id: steps from this partner}, the nearest first."""
        hops, frontier = {self.id: 0}, self.ids
        for hop in range(1, depth + 1):
            room = limit - len(hops)
            if not (room and frontier):
                break
            query = SQL(
                """
                SELECT p.id
                  FROM (%(links)s) link (near, far, influence, relation_id)
                  JOIN res_partner p ON p.id = link.far
                 WHERE p.id NOT IN %(known)s AND p.id IN %(readable)s
                 GROUP BY p.id
                 ORDER BY max(link.influence) DESC NULLS LAST, lower(p.name), p.id
                 LIMIT %(room)s
                """,
                links=self._get_links(frontier, domain, with_contacts),
                known=tuple(hops),
                readable=self._get_readable_partners(),
                room=room,
            )
            frontier = [row[0] for row in self.env.execute_query(query)]
            hops.update(dict.fromkeys(frontier, hop))
        return hops

    def _count_left_out(self, hops, depth, domain, with_contacts, limit):
        """Count the neighbours, within the depth, for whom the limit left no place."""
        if len(hops) < limit:
            return 0
        near = [partner_id for partner_id, hop in hops.items() if hop < depth]
        query = SQL(
            """
            SELECT count(DISTINCT link.far)
              FROM (%(links)s) link (near, far, influence, relation_id)
             WHERE link.far NOT IN %(known)s AND link.far IN %(readable)s
            """,
            links=self._get_links(near, domain, with_contacts),
            known=tuple(hops),
            readable=self._get_readable_partners(),
        )
        return self.env.execute_query(query)[0][0]

    def _sort_edges(self, edges, nodes):
        """Sort edges from the middle outwards, in the order of the nodes."""
        order = {node["id"]: index for index, node in enumerate(nodes)}
        return sorted(
            edges,
            key=lambda edge: (
                order[edge["source"]],
                order[edge["target"]],
                not edge["relation_id"],
                edge["relation_id"],
            ),
        )

    def _prepare_map_types(self):
        types = self.env["relationship.relation.type"]
        found = types.search([("id", "not in", types._get_forbidden_ids("see"))])
        return [
            {
                "id": record.id,
                "name": record.name,
                "inverse_name": record._get_words(True),
            }
            for record in found
        ]
