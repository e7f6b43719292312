"""The channels, each with the address it needs and the blacklist that stops it."""

from typing import NamedTuple


class Channel(NamedTuple):
    """A way to approach somebody.

    ``address`` is SQL: of partner ``{0}``, the address as a text that finds doubles, or
    null. Whoever has no such text cannot be reached.
    """

    name: str
    label: str
    address: str
    blacklist: str = ""  # the model of core's list
    listed: str = ""  # the field of a partner that the list holds
    kept: str = ""  # the column of the ledger that keeps what it was


PHONE = """coalesce(nullif({0}.phone_sanitized, ''),
    nullif(regexp_replace({0}.phone, '[^0-9]', '', 'g'), ''))"""
# It does not tell calls from short messages.
PHONE_LIST = ("phone.blacklist", "phone_sanitized", "phone")
ALL_CHANNELS = (
    Channel(
        "letter",
        "Letter",
        # Two persons at one address get two letters, the same person one.
        "CASE WHEN btrim({0}.city) <> '' THEN lower(concat_ws('|', {0}.name,"
        " {0}.street, {0}.street2, {0}.zip, {0}.city, {0}.country_id)) END",
    ),
    Channel("fax", "Fax", "nullif(regexp_replace({0}.fax, '[^0-9]', '', 'g'), '')"),
    Channel(
        "email",
        "E-mail",
        "nullif({0}.email_normalized, '')",
        *("mail.blacklist", "email_normalized", "email"),
    ),
    Channel("phone", "Phone call", PHONE, *PHONE_LIST),
    Channel("sms", "SMS", PHONE, *PHONE_LIST),
)
CHANNELS = [(channel.name, channel.label) for channel in ALL_CHANNELS]
LISTED = tuple(channel for channel in ALL_CHANNELS if channel.blacklist)
LISTED_NAMES = tuple(channel.name for channel in LISTED)
# List → the field of a partner that it holds, and the channels that it stops.
BLACKLISTS = {
    channel.blacklist: (
        channel.listed,
        tuple(c.name for c in LISTED if c.blacklist == channel.blacklist),
    )
    for channel in LISTED
}
