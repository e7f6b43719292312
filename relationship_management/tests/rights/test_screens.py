from odoo.tests import new_test_user, tagged

from ..common import RelationshipCase
from .screens import ScreenCase

ADDON = "relationship_management"
USERS, SALES, COMPANIES, CURRENCIES, SYSTEM, NOBODY = (
    *("users", "sales", "several companies", "several currencies"),
    *("administrators", "nobody"),
)
SALES_AND_MANAGERS, MANAGERS = "sales and managers", "managers"
MANAGERS_OF_SEVERAL = "managers of several companies"
COMPANY = {COMPANIES: ["field company_id"]}
COMPANY_FILTER = {COMPANIES: ["filter group_by_company"]}


def ours(table):
    """Return a table with the external ids of this addon in full."""
    return {f"{ADDON}.{name}": value for name, value in table.items()}


@tagged("post_install", "-at_install")
class TestRightsToScreens(ScreenCase, RelationshipCase):
    """Who sees which field, part of a screen, menu and action.

    Jan is a user, Anna sells, Maria manages without selling, Clara works for two
    companies, Mona manages two, Conrad has several currencies, Adam is the
    administrator, and a manager.
    """

    who = {
        USERS: (["jan"], ["clerk"]),
        SALES: (["anna"], ["jan", "maria"]),
        "all opportunities": (["piotr"], ["anna"]),
        MANAGERS: (["maria"], ["jan", "anna"]),
        SALES_AND_MANAGERS: (["anna", "maria"], ["jan"]),
        COMPANIES: (["clara"], ["anna"]),
        MANAGERS_OF_SEVERAL: (["mona"], ["maria", "clara"]),
        CURRENCIES: (["conrad"], ["anna"]),
        SYSTEM: (["adam"], ["maria"]),
        NOBODY: ([], ["jan", "adam"]),
    }
    fields = {
        "res.partner": {
            USERS: [
                *("role_ids", "role_type_ids", "relationship_date", "role_badges"),
                *("relation_left_ids", "relation_right_ids", "related_partner_id"),
                *("relation_direction_id", "relation_type_id", "relation_count"),
                *("related_category_ids", "related_role_type_ids", "competitor_ids"),
                *("consent_ids", "consent_letter", "consent_fax", "consent_email"),
                *("consent_phone", "consent_sms", "addressee_count"),
                *("duplicate_partners", "figure_currency_id", "last_contact_date"),
                *("next_contact_date", "employee_count", "founding_year"),
                *("annual_turnover", "annual_turnover_year", "abc_class", "potential"),
                *("marketing_currency_id", "credit_rating", "credit_rating_date"),
                *("credit_rating_source", "interest_ids", "address_source"),
                "preferred_channel",
            ],
            SALES: [
                *("open_opportunity_count", "open_opportunity_amount"),
                *("won_opportunity_count", "won_opportunity_amount"),
                *("lost_opportunity_count", "lost_opportunity_amount"),
            ],
        },
        "utm.campaign": {
            USERS: [
                *("relationship_campaign_ids", "relationship_type_id"),
                *("relationship_company_id", "relationship_linked_company_ids"),
            ],
            NOBODY: [
                "relationship_every_linked_company_ids",
                "relationship_left_company_ids",
            ],
        },
        "relationship.campaign": {NOBODY: ["group_company_ids"]},
        "relationship.activity": {NOBODY: ["cancelled_tasks"]},
        "relationship.campaign.freeze": {NOBODY: ["rule_text"]},
        "relationship.opportunity.history": {
            NOBODY: ["final_type_id", "reference_lines"]
        },
        "relationship.opportunity.type": {SYSTEM: ["company_sequence_id"]},
        "relationship.campaign.type": {SYSTEM: ["company_sequence_id"]},
        "relationship.activity.type": {SYSTEM: ["company_sequence_id"]},
    }
    screens = {
        "base.view_partner_form": {
            USERS: [
                *("button action_view_relations", "button action_view_addressees"),
                *("button action_view_documents", "button action_view_statistics"),
                *("button action_view_activities", "button action_view_items"),
                *("button action_view_relationship_map", "page relations"),
                "page marketing",
                *(
                    "//div[contains(., 'Already known')]",
                    "//div[@name='phone_buttons']",
                ),
            ],
            CURRENCIES: ["field marketing_currency_id"],
        },
        "base.view_res_partner_filter": {
            USERS: [
                *(
                    f"filter filter_role_{kind}"
                    for kind in (
                        *("customer", "supplier", "contact", "prospect", "employee"),
                        *("sales_representative", "organisation", "competitor"),
                    )
                ),
                *(f"filter filter_{channel}_refused" for channel in ("email", "phone")),
                *("filter filter_class_a", "filter filter_no_contact"),
                *("filter filter_contact_planned", "filter group_by_role"),
                *("filter group_by_abc_class", "filter group_by_interest"),
            ],
            SALES: [
                "filter filter_open_opportunity",
            ],
        },
        "base.res_config_settings_view_form": {
            SYSTEM: [f"//app[@name='{ADDON}']"],
        },
        "crm.crm_stage_form": COMPANY,
        "crm.crm_lead_stage_search": COMPANY_FILTER,
        "mail.mail_activity_view_search": {
            SALES: ["field crm_stage_id", "filter group_by_crm_stage"],
        },
        **ours(
            {
                **{
                    f"{name}_view_list": COMPANY
                    for name in (
                        *("crm_stage", "relationship_campaign_addressee"),
                        *("relationship_campaign_type", "relationship_consent"),
                        *("relationship_consent_purpose", "relationship_role"),
                        *("relationship_opportunity_history", "relationship_role_type"),
                        *(
                            "relationship_opportunity_type",
                            "relationship_partner_report",
                        ),
                        *("relationship_reference_type", "relationship_relation_type"),
                    )
                },
                **{
                    f"{name}_view_form": COMPANY
                    for name in (
                        *("relationship_campaign_addressee", "relationship_consent"),
                        *("relationship_campaign_adopt", "relationship_consent_record"),
                        *("relationship_relation", "relationship_role"),
                        "relationship_role_type",
                    )
                },
                "crm_stage_view_kanban": COMPANY,
                "relationship_campaign_opportunity_view_form": {
                    "all opportunities": ["field user_id"],
                    **COMPANY,
                },
                "relationship_campaign_view_form": {
                    COMPANIES: [
                        "//group/field[@name='company_id'][@options or @readonly]",
                        "page companies",
                    ],
                    CURRENCIES: ["//div/field[@name='currency_id']"],
                },
                "relationship_campaign_view_list": {
                    **COMPANY,
                    SALES_AND_MANAGERS: [
                        f"button {ADDON}.relationship_campaign_adopt_action"
                    ],
                },
                "relationship_campaign_view_search": {
                    COMPANIES: ["filter filter_own_company"],
                },
                "relationship_activity_type_view_list": COMPANY,
                "relationship_activity_view_list": {
                    SALES: ["field lead_id"],
                    **COMPANY,
                },
                "relationship_activity_view_form": {
                    SALES: ["//group/field[@name='lead_id']"],
                    COMPANIES: ["//group/field[@name='company_id']"],
                },
                "relationship_activity_view_search": {SALES: ["field lead_id"]},
                "relationship_item_view_list": {
                    **COMPANY,
                    SALES_AND_MANAGERS: ["button action_generate_campaign"],
                },
                "relationship_type_right_view_list": {
                    MANAGERS_OF_SEVERAL: ["field company_id"]
                },
                "relationship_opportunity_type_view_search": COMPANY_FILTER,
                "relationship_role_view_search": COMPANY_FILTER,
                "relationship_opportunity_type_view_form": {
                    SALES: ["button action_view_records"],
                    COMPANIES: ["field company_id", "field numbers_per_company"],
                    SYSTEM: ["field number_sequence_id"],
                },
            }
        ),
    }
    menus = {
        USERS: ours({"relationship_menu_root": True}),
        SALES: ours(
            {
                "crm_lead_menu": True,
                "crm_lead_menu_forecast": True,
                "relationship_opportunity_history_menu": True,
            }
        ),
        MANAGERS: ours({"relationship_menu_configuration": True}),
        SYSTEM: ours({"res_config_settings_menu": True}),
    }
    actions = {
        USERS: ours(
            {
                "relationship_campaign_assign_action": True,
                "relationship_consent_record_action": True,
                "relationship_relation_create_action": True,
                "relationship_document_action_partner": True,
                "relationship_map_action_partner": True,
                "relationship_consent_report": True,
                "relationship_consent_report_entries": True,
                "res_partner_action_items": True,
            }
        ),
        MANAGERS: ours(
            {
                f"{name}_right_question_action": True
                for name in (
                    *("crm_lead", "relationship_campaign"),
                    *("relationship_activity", "res_partner"),
                )
            }
        ),
        SALES: ours({"relationship_campaign_opportunity_action": True}),
        SALES_AND_MANAGERS: ours(
            {
                "relationship_campaign_adopt_action": True,
                "relationship_campaign_generate_action": True,
            }
        ),
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A database with several currencies lets everybody see them.
        cls.env.ref("base.group_user").implied_ids -= cls.env.ref(
            "base.group_multi_currency"
        )
        group = f"{ADDON}.relationship_management_group"
        cls.maria, cls.mona, cls.clara, cls.conrad, cls.adam = cls._new_users(
            ("maria", f"{group}_manager", {}),
            ("mona", f"{group}_manager", {}),
            ("clara", "sales_team.group_sale_salesman", {}),
            ("conrad", "sales_team.group_sale_salesman,base.group_multi_currency", {}),
            ("adam", f"{group}_manager,base.group_system", {}),
        )
        (cls.clara | cls.mona).company_ids += cls.other_company
        cls.clerk = new_test_user(
            cls.env, "clerk_s", groups="base.group_user,base.group_partner_manager"
        )
        cls.env["relationship.campaign.type"].create({"name": "Fair"})
        cls.env["utm.campaign"].create({"title": "Newsletter"})
        cls.env.flush_all()

    def get_record(self, model):
        records = {"res.partner": self.kranbau}
        return records.get(model) or super().get_record(model)

    def test_every_cell_holds(self):
        self.assertEqual(list(self.find_differences()), [])
