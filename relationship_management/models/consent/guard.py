"""The triggers that keep the entries of the consent ledger as they are."""

from ..shared.row_trigger import Trigger

TABLE = "relationship_consent"
GUARD = "relationship_consent_guard"
FROZEN = (
    "partner_id",
    "company_id",
    "purpose_id",
    "channel",
    "legal_basis",
    "action",
    "date",
    "valid_until",
    "user_id",
    "origin",
    "evidence",
    "corrects_id",
    "email",
    "phone",
    "address",
    "create_date",
)
TRIGGERS = (
    Trigger(
        name="relationship_consent_guard_update",
        table=TABLE,
        function=GUARD,
        timing="BEFORE",
        events="UPDATE",
        columns=FROZEN,
        when=" OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in FROZEN),
    ),
    Trigger(
        name="relationship_consent_guard_delete",
        table=TABLE,
        function=GUARD,
        timing="BEFORE",
        events="DELETE",
    ),
    Trigger(
        name="relationship_consent_guard_truncate",
        table=TABLE,
        function=GUARD,
        timing="BEFORE",
        events="TRUNCATE",
        level="STATEMENT",
    ),
)
