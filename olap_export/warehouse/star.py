"""The tables of the star schema, as far as the loading code must know them."""

import dataclasses
import datetime

VERSION = 4


@dataclasses.dataclass(frozen=True)
class Dimension:
    """A dimension that is compared with the whole of its source in each run.

    :param name: table, and name of ``sql/source/<name>.sql``
    :param key: its key column
    :param facts: columns of the event fact that hold the key
    :param groups: columns of the bridge of references that hold it
    :param remembered: columns that stay as they were known when a member is gone
    """

    name: str
    key: str
    facts: tuple = ()
    label: str = "name"
    schema: str = "schema"
    groups: tuple = ()
    remembered: tuple = ()


DIMENSIONS = (
    Dimension("dim_currency", "currency_key", ("currency_key", "group_currency_key")),
    Dimension("dim_company", "company_key", ("company_key",)),
    Dimension(
        *("dim_partner", "partner_key", ("partner_key",)),
        label="country_code",
        groups=("partner_key", "contact_key"),
        remembered=(
            *("is_company", "parent_key", "commercial_key", "country_code", "language"),
        ),
    ),
    Dimension("partner_pii", "partner_key", schema="pii"),
    Dimension("dim_employee", "employee_key", ("employee_key", "changed_by_key")),
    Dimension("dim_team", "team_key", ("team_key",)),
    Dimension("dim_stage", "stage_key", ("stage_key",)),
    Dimension("dim_campaign", "campaign_key", ("campaign_key",)),
    Dimension("dim_lost_reason", "lost_reason_key", ("lost_reason_key",)),
    Dimension(
        "dim_opportunity_type", "opportunity_type_key", ("opportunity_type_key",)
    ),
    Dimension(
        *("dim_reference_type", "reference_type_key"), groups=("reference_type_key",)
    ),
    Dimension("dim_activity_type", "activity_type_key"),
    Dimension("dim_activity_result", "activity_result_key"),
    Dimension(
        *("dim_opportunity", "opportunity_key", ("opportunity_key", "merged_into_key")),
        remembered=("created_at",),
    ),
)

# Tables whose rows belong to one source and follow from its history.
FACTS = (
    "fact_opportunity_event",
    "fact_opportunity_state",
    "bridge_opportunity_reference",
    "bridge_opportunity_rep",
    "bridge_opportunity_competitor",
    "etl_quarantine",
    "etl_batch",
)

# The columns of etl_quarantine, as sql/source/quarantine.sql gives them.
QUARANTINE = ("event_key", "source_key", "batch_id", "reason", "content")

# Nobody else's tables have these names: one of them tells that ours were made here.
UNMISTAKABLE = (
    *(table for table in FACTS if "opportunity" in table),
    "dim_opportunity",
)

# What nothing else follows from: a transfer that finds the fact empty fills it.
ACTIVITY_TABLES = ("fact_activity", "dim_activity_type", "dim_activity_result")

VIEWS = (
    "v_opportunity_as_of",
    "v_pipeline_as_of",
    "v_pipeline_by_rep",
    "v_forecast",
    "v_activity_done",
    "v_activity_outcome",
)

FIRST_DAY = datetime.date(2000, 1, 1)
LAST_DAY = datetime.date(2049, 12, 31)
# Until when a state lasts that is not over; further days come with the facts.
ENDLESS = datetime.date(9999, 12, 31)
