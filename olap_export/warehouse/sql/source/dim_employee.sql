-- The name stays here, beside the reports that it labels, and outlives the account: an
-- employee answers for a past pipeline under a name. It follows the user's name in Odoo,
-- so renaming the user there, before deleting it, takes the name out of the warehouse.
-- Users of the portal are no employees: their names are in partner_pii alone.
SELECT u.id + {offset} AS employee_key, {source_key}::smallint AS source_key,
       u.id::bigint AS source_id,
       CASE WHEN u.share IS NOT TRUE THEN p.name END::{name_type} AS name,
       coalesce(u.company_id + {offset}, -1) AS company_key,
       coalesce(u.partner_id + {offset}, -1) AS partner_key,
       coalesce(u.active, true) AS is_active,
       false AS is_deleted, false AS is_inferred
  FROM res_users u
  LEFT JOIN res_partner p ON p.id = u.partner_id
