from .history import test_at_once as test_history_at_once
from .history import test_currency as test_history_currency
from .history import test_values as test_history_values
from .shared import test_forged_ids as test_shared_forged_ids
from .shared import test_on_a_phone as test_shared_on_a_phone
from .history import test_lines as test_history_lines
from .shared import test_restricted_deletion as test_shared_restricted_deletion
from .partner import test_constraint_secrets as test_partner_constraint_secrets
from .campaign import test_constraint_secrets as test_campaign_constraint_secrets
from .shared import test_constraint_secrets as test_shared_constraint_secrets
from .shared import test_parent_moves as test_shared_parent_moves
from .shared import test_parent_guard as test_shared_parent_guard
from .shared import test_import as test_shared_import
from .shared import test_name_search as test_shared_name_search
from .shared import test_onchange_secrets as test_shared_onchange_secrets
from .history import test_told as test_history_told
from .partner import test_merge_rights as test_partner_merge_rights
from .partner import test_foreign_rows as test_partner_foreign_rows
from .campaign import test_linked_companies as test_campaign_linked_companies
from .campaign import test_figures as test_campaign_figures
from .campaign import test_opportunity as test_campaign_opportunity
from .campaign import test_campaign
from .campaign import test_rights as test_campaign_rights
from .campaign import test_marks as test_campaign_marks
from .campaign import test_utm_campaign as test_campaign_utm_campaign
from .campaign import test_adopt as test_campaign_adopt
from .campaign import test_checks as test_campaign_checks
from .campaign import test_company as test_campaign_company
from .campaign import test_name as test_campaign_name
from .campaign import test_plan as test_campaign_plan
from .campaign import test_status as test_campaign_status
from .campaign import test_tour as test_campaign_tour
from .consent import test_tour as test_consent_tour
from .consent import test_consent
from .consent import test_blacklist as test_consent_blacklist
from .consent import test_import as test_consent_import
from .consent import test_mailbox as test_consent_mailbox
from .consent import test_merge as test_consent_merge
from .consent import test_partner as test_consent_partner
from .history import test_columns as test_history_columns
from .history import test_history
from .history import test_kept as test_history_kept
from .history import test_transactions as test_history_transactions
from .opportunity import test_timeline
from .opportunity import test_forecast as test_opportunity_forecast
from .opportunity import test_plan as test_opportunity_plan
from .opportunity import test_stage as test_opportunity_stage
from .opportunity import test_planned_role as test_opportunity_planned_role
from .opportunity import test_opportunity_type
from .opportunity import test_reference as test_opportunity_reference
from .opportunity import test_merge as test_opportunity_merge
from .role import test_merge as test_role_merge
from .relation import test_merge as test_relation_merge
from .relation import test_ownership as test_relation_ownership
from .opportunity import test_stage_tour as test_opportunity_stage_tour
from .partner import test_contact_tour as test_partner_contact_tour
from .partner import test_opportunity_address as test_partner_opportunity_address
from .partner import test_list_tour as test_partner_list_tour
from .partner import test_merge as test_partner_merge
from .partner import test_reading as test_partner_reading
from .partner import test_requirements as test_partner_requirements
from .partner import test_rights as test_partner_rights
from .partner import test_properties as test_partner_properties
from .partner import test_marketing_tour as test_partner_marketing_tour
from .partner import test_buttons as test_partner_buttons
from .partner import test_overview as test_partner_overview
from .partner import test_duplicate as test_partner_duplicate
from .partner import test_contact as test_partner_contact
from .partner import test_figure as test_partner_figure
from .partner import test_marketing as test_partner_marketing
from .partner import test_merge_amounts as test_partner_merge_amounts
from .partner import test_privacy_lookup as test_partner_privacy_lookup
from .relation import test_relation_tour
from .relation import test_map_tour as test_relation_map_tour
from .relation import test_relation
from .relation import test_create as test_relation_create
from .relation import test_import as test_relation_import
from .relation import test_rules as test_relation_rules
from .relation import test_competitor as test_relation_competitor
from .relation import test_search as test_relation_search
from .relation import test_map as test_relation_map
from .relation import test_path as test_relation_path
from .report import test_activities as test_report_activities
from .report import test_document as test_report_document
from .report import test_document_tour as test_report_document_tour
from .report import test_partner_report as test_report_partner_report
from .role import test_role
from .role import test_import as test_role_import
from .role import test_given as test_role_given
from .role import test_rules as test_role_rules
from .role import test_derive_bad_rows as test_role_derive_bad_rows
from .shared import test_override_order as test_shared_override_order
from .shared import test_server_fields as test_shared_server_fields
from .shared import test_search_limit as test_shared_search_limit
from .shared import test_not_offered
from .shared import test_context_keys as test_shared_context_keys
from .shared import test_wrong_kinds as test_shared_wrong_kinds
from .shared import test_source as test_shared_source
from .shared import test_source_check as test_shared_source_check
from .shared import test_row_trigger as test_shared_row_trigger
from .shared import test_tours as test_shared_tours
from .shared import test_web_client as test_shared_web_client
from .shared import test_chatter_secrets as test_shared_chatter_secrets
from .target_group import test_control as test_target_group_control
from .target_group import test_freeze as test_target_group_freeze
from .target_group import test_freeze_background as test_target_group_freeze_background
from .target_group import (
    test_freeze_transactions as test_target_group_freeze_transactions,
)
from .target_group import test_addressee as test_target_group_addressee
from .target_group import test_answer
from .target_group import test_member_tour
from .target_group import test_target_group
from .target_group import test_exclusion as test_target_group_exclusion
from .target_group import test_judged_once as test_target_group_judged_once
from .target_group import test_reach as test_target_group_reach
from .target_group import test_refresh as test_target_group_refresh
from .target_group import test_assign as test_target_group_assign
from .target_group import test_contact as test_target_group_contact
from .target_group import test_comparison as test_target_group_comparison
from .target_group import test_lost_records as test_target_group_lost_records
from .target_group import test_merge as test_target_group_merge
from .rights import test_campaigns as test_rights_campaigns
from .rights import test_dialogs as test_rights_dialogs
from .rights import test_opportunities as test_rights_opportunities
from .rights import test_partners as test_rights_partners
from .rights import test_screens as test_rights_screens
from .rights import test_types as test_rights_types
from .types import test_access as test_types_access
from .types import test_type as test_types_type
from .types import test_another_type as test_types_another_type
from .target_group import test_rule_tour as test_target_group_rule_tour
from .types import test_permissions as test_types_permissions
from .types import test_binding as test_types_binding
from .types import test_remembered as test_types_remembered
from .target_group import test_rule_limit as test_target_group_rule_limit
from .campaign import test_linking as test_campaign_linking
from .target_group import test_responsible as test_target_group_responsible
from .types import test_number_range as test_types_number_range
from .shared import test_input_checks as test_shared_input_checks
from .shared import test_uninstall as test_shared_uninstall
from .opportunity import test_installed as test_opportunity_installed
from .types import test_unusable_types as test_types_unusable_types
from .types import test_every_type as test_types_every_type
from .types import test_analysis as test_types_analysis
from .types import test_hidden_opportunities as test_types_hidden_opportunities
from .target_group import test_numbers as test_target_group_numbers
from .opportunity import test_lost as test_opportunity_lost
from .opportunity import test_launch as test_opportunity_launch
from .partner import test_picker as test_partner_picker
from .campaign import test_people as test_campaign_people
from .relation import test_people as test_relation_people
from .partner import test_opportunity_role as test_partner_opportunity_role
from .activity import test_outlive
from .day import test_day
from .day import test_day_tour
from .activity import test_generation as test_activity_generation
from .activity import test_follow as test_activity_follow
from .rights import test_activities as test_rights_activities
from .relation import test_people_tour as test_relation_people_tour
from .activity import test_end as test_activity_end
from .activity import test_run as test_activity_run
from .activity import test_run_again as test_activity_run_again
from .activity import test_share as test_activity_share
from .activity import test_secrets as test_activity_secrets
from .activity import test_days as test_activity_days
from .activity import test_background as test_activity_background
from .activity import test_leaving as test_activity_leaving
from .activity import test_lines as test_activity_lines
from .activity import test_many as test_activity_many
from .activity import test_edges as test_activity_edges
from .activity import test_load as test_activity_load
from .activity import test_waiting as test_activity_waiting
from .activity import test_members as test_activity_members
from .activity import test_again as test_activity_again
from .activity import test_duplicate as test_activity_duplicate
from .activity import test_joining as test_activity_joining
from .activity import test_planners
from .activity import test_hands
from .activity import test_seen as test_activity_seen
from .day import test_shelf
from .history import test_activity_history
from .people import test_people as test_activity_people
from .people import test_tasks as test_people_tasks
from .people import test_activity_tour as test_people_activity_tour
from .meeting import test_planned as test_meeting_planned
from .meeting import test_followed as test_meeting_followed
from .meeting import test_moved as test_meeting_moved
from .meeting import test_told as test_meeting_told
from .meeting import test_busy as test_meeting_busy
from .meeting import test_asked as test_meeting_asked
from .meeting import test_busy_left as test_meeting_busy_left
from .meeting import test_left as test_meeting_left
from .meeting import test_other_end as test_meeting_other_end
from .item import test_about as test_item_about
from .item import test_access as test_item_access
from .item import test_actions as test_item_actions
from .item import test_at_once as test_item_at_once
from .item import test_by_kind as test_item_by_kind
from .item import test_hidden as test_item_hidden
from .item import test_mirror as test_item_mirror
from .item import test_source as test_item_source
from .item import test_timing as test_item_timing
from .right import test_explanation as test_right_explanation
from .right import test_followers as test_right_followers
from .item import test_tour as test_item_tour
from .right import test_tour as test_right_tour
from .right import test_type_right as test_right_type_right
from .worlds import test_planted as test_worlds_planted
from .worlds import test_worlds
