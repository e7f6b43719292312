"""Groups that fields name."""

EVERYBODY = "relationship_management.relationship_management_group_user"
SALES = "sales_team.group_sale_salesman"
