"""What summary and note of a task template may name, and how it is filled in."""

import re

from markupsafe import Markup, escape

PLACEHOLDERS = ("partner", "contact", "subject", "number", "project", "responsible")
# What the words for a partner are made of.
WORD_FIELDS = ("name", "is_company", "commercial_partner_id")
PATTERN = re.compile(r"\{([^{}<>]*)\}")
EVERY = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)


def find_unknown(*texts):
    """Return the placeholders that do not exist, as they were typed."""
    found = (name for text in texts if text for name in PATTERN.findall(str(text)))
    return [f"{{{name}}}" for name in found if name.strip() not in PLACEHOLDERS]


def fill(text, words):
    """Return a text, or HTML, with the words in place of the placeholders."""
    if not text:
        return text
    is_html = isinstance(text, Markup)

    def replace(match):
        name = match[1].strip()
        # One that was typed before they were checked stays as it is.
        word = (words.get(name) or "") if name in PLACEHOLDERS else match[0]
        return str(escape(word)) if is_html else word

    filled = str(text)
    if "{" in filled:
        filled = PATTERN.sub(replace, filled)
    # What is empty leaves no gap behind.
    return Markup(filled) if is_html else " ".join(filled.split())  # noqa: S704


def get_partner_words(partner, contact=None, otherwise=None):
    """Return what stands for a partner, and for the person to talk to there.

    :param otherwise: what stands there if there is no partner
    """
    # sudo: in a task at a record that names the partner.
    partner, contact = partner.sudo(), (contact or partner.browse()).sudo()
    person = contact if contact or partner.is_company else partner
    name = partner.commercial_partner_id.name or partner.name or contact.name
    name = name or otherwise
    return {"partner": name, "contact": person.name or name}
