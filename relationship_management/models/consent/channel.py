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
    every: str = ""  # SQL: all addresses as an array, if there may be several

    @property
    def mailboxes(self):
        """Return SQL: the addresses that others may share, as an array.

        A refusal counts for them, whoever of those who share them has said it.
        """
        return self.every or f"ARRAY[{self.address}]"


PHONE = """coalesce(nullif({0}.phone_sanitized, ''),
    nullif(regexp_replace({0}.phone, '[^0-9]', '', 'g'), ''))"""
# It does not tell calls from short messages.
PHONE_LIST = ("phone.blacklist", "phone_sanitized", "phone")
LETTER = """CASE WHEN btrim({0}.city) <> '' THEN lower(concat_ws('|', {0}.name,
    {0}.street, {0}.street2, {0}.zip, {0}.city, {0}.country_id)) END"""
# Core takes the first one of several addresses, and writes to all of them.
EMAILS = """CASE WHEN {0}.email ~ '@.*@' THEN ARRAY(
        SELECT lower(found[1]) FROM regexp_matches(
            {0}.email, '[^[:space:]<>,;:"]+@[^[:space:]<>,;:"]+', 'g') found
        UNION SELECT nullif({0}.email_normalized, ''))
    ELSE ARRAY[nullif({0}.email_normalized, '')] END"""
ALL_CHANNELS = (
    Channel(
        "letter",
        "Letter",
        # Two persons at one address get two letters, the same person one.
        LETTER,
        # A town alone is no address that two of one name have in common.
        every=f"CASE WHEN btrim({{0}}.street) <> '' THEN ARRAY[{LETTER}] END",
    ),
    Channel("fax", "Fax", "nullif(regexp_replace({0}.fax, '[^0-9]', '', 'g'), '')"),
    Channel(
        "email",
        "E-mail",
        "nullif({0}.email_normalized, '')",
        *("mail.blacklist", "email_normalized", "email"),
        every=EMAILS,
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
