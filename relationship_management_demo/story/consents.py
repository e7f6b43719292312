"""What the partners of the story agreed or objected to, each entry by its person."""

from datetime import timedelta

from odoo import fields

from .player import MODULE, PRODUCT

# Name of the entry, days ago, who entered it, partner, channel, what; then the rest.
ENTRIES = (
    (
        "nowak_email",
        210,
        "anna",
        "nowak",
        "email",
        "given",
        {"origin": "form", "evidence": "Form at the fair in Poznań, signed"},
    ),
    (
        "nowak_phone",
        41,
        "anna",
        "nowak",
        "phone",
        "withdrawn",
        {"evidence": "“Please do not call me at work any more”"},
    ),
    (
        "nowak_events",
        40,
        "marta",
        "nowak",
        "phone",
        "given",
        {
            "purpose": "events",
            "evidence": "On the phone: call her about fairs and open days",
        },
    ),
    (
        "rek_letter",
        180,
        "marta",
        "rek",
        "letter",
        "given",
        {
            "legal_basis": "legitimate_interest",
            "evidence": "Customer since 2019; told that he can object",
        },
    ),
    (
        "wolski_email",
        95,
        "piotr",
        "wolski",
        "email",
        "withdrawn",
        {"evidence": "Wrote: no more newsletters"},
    ),
    (
        "brandt_email_wrong",
        60,
        "katrin",
        "brandt",
        "email",
        "withdrawn",
        {"evidence": "Did not answer three e-mails"},
    ),
    (
        "brandt_email",
        60,
        "katrin",
        "brandt",
        "email",
        "void",
        {
            "corrects": "brandt_email_wrong",
            "evidence": "Not answering is not objecting",
        },
    ),
    (
        "maj_sms",
        15,
        "ewa",
        "maj",
        "sms",
        "given",
        {"days": 365, "evidence": "By e-mail, for a year"},
    ),
)


def record_consents(env):
    """Record the entries that are not there yet; none is ever changed."""
    for name, days_ago, login, partner, channel, action, details in ENTRIES:
        xmlid = f"{MODULE}.consent_{name}"
        if env.ref(xmlid, raise_if_not_found=False):
            continue
        user = env.ref(f"{MODULE}.user_{login}")
        moment = fields.Datetime.now() - timedelta(days=days_ago)
        entries = env["relationship.consent"].with_user(user)
        entry = entries.with_context(lang=user.lang, tz=user.tz).create(
            {
                "partner_id": env.ref(f"{MODULE}.partner_{partner}").id,
                "channel": channel,
                "action": action,
                "date": moment,
                **_prepare_details(env, moment, details),
            }
        )
        env["ir.model.data"]._update_xmlids(
            [{"xml_id": xmlid, "record": entry, "noupdate": True}]
        )


def _prepare_details(env, moment, details):
    values = {
        name: details[name]
        for name in ("origin", "legal_basis", "evidence")
        if name in details
    }
    if purpose := details.get("purpose"):
        xmlid = f"{PRODUCT}.relationship_consent_purpose_{purpose}"
        values["purpose_id"] = env.ref(xmlid).id
    if corrected := details.get("corrects"):
        values["corrects_id"] = env.ref(f"{MODULE}.consent_{corrected}").id
    if days := details.get("days"):
        values["valid_until"] = (moment + timedelta(days=days)).date()
    return values
