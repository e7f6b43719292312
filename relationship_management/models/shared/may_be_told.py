"""What may be told: nothing of what the person whom a refusal stops may not see.

Odoo runs constraints as superuser, and checks of ours look as superuser for what is
hidden but counts. There nobody has fewer rights than another, so a question of rights
is answered with yes, and every name is there to be told. This is the one place that
asks for the person behind the superuser: a check looks for the conflict as superuser,
and takes the words for it from here.

OdooBot, and with it what the system does by itself, sees everything.
"""

from markupsafe import Markup

from odoo import SUPERUSER_ID


def as_person(records):
    """Return the records with the rights of the person behind a superuser."""
    return records.sudo(False)


def find_visible(records):
    """Return those of the records that the person may see."""
    asked = as_person(records._origin)
    # A record that is gone has no name that could be told.
    visible = asked._filtered_access("read") if asked else asked
    if records._name == "res.company":
        # One's own companies are no secret, switched on or not.
        visible |= asked & records.env.user.company_ids.with_env(asked.env)
    return visible


def find_hidden(records):
    """Return the ids of the records that the person may not see."""
    return set((as_person(records._origin) - find_visible(records)).ids)


def is_hidden(records):
    """Tell whether there is one among the records that the person may not see."""
    return bool(find_hidden(records))


def would_see(records, user, company_ids):
    """Tell whether a colleague could read the records with these companies."""
    theirs = records.with_user(user).with_context(allowed_company_ids=company_ids)
    return theirs.has_access("read")


def refuse_also(refusal, records, get_error):
    """Return what ``_check_access`` returns, with further records that it refuses.

    :param refusal: what core says: None, or refused records and a function
    """
    if not records:
        return refusal
    if refusal:
        return refusal[0] | records, refusal[1]
    return records, get_error


def name_of(record, field="display_name", after_noun=False):
    """Return the name of a record, or words in its place if the person may not see it.

    :param field: the field with the name
    :param after_noun: the sentence has its noun already: “the campaign %(campaign)s”
    """
    if is_hidden(record):
        return get_hidden_words(record, after_noun)
    return record.sudo()[field]  # sudo: asked; a name may be made of what it shows


def names_of(records, field="display_name", after_noun=False):
    """Return the names of records that the person may see, and words for the others."""
    names = [name_of(record, field, after_noun) or "" for record in records]
    return ", ".join(dict.fromkeys(names))


def quote_names(records):
    """Return the names of records in the quotation marks of the language.

    Names of types are half sentences: nobody would see where they begin and end.
    """
    hidden = find_hidden(records)
    return ", ".join(
        get_hidden_words(record)
        if record.id in hidden
        # sudo: asked; a name may be made of what it shows
        else quote(record.env, record.sudo().display_name)
        for record in records
    )


def quote(env, text):
    """Return a text in the quotation marks of the language."""
    return env._("“%(text)s”", text=text)


def hide_names(records, hidden=None):
    """Put words in place of the names that the person behind a superuser may not see.

    Core reads as superuser what stands behind a many2one. OdooBot sees every name, and
    so does what the system does by itself.

    :param hidden: ids, if it is known which ones are hidden
    """
    if not records.env.su:
        return
    hidden = find_hidden(records) if hidden is None else hidden
    for record in records:
        if record._origin.id in hidden:
            record.display_name = get_hidden_words(record)


def get_hidden_words(record, after_noun=False):
    """Return the words in place of the name of a record."""
    env = record.env
    if after_noun:
        return env._("that you may not see")
    words = {
        "crm.lead": lambda: env._("an opportunity that you may not see"),
        "relationship.activity": lambda: env._("an activity that you may not see"),
        "relationship.campaign": lambda: env._("a campaign that you may not see"),
        "utm.campaign": lambda: env._("a campaign that you may not see"),
        "res.company": lambda: env._("a company that you may not see"),
        "res.partner": lambda: env._("somebody whom you may not see"),
        "res.users": lambda: env._("somebody whom you may not see"),
    }
    return words.get(record._name, lambda: env._("something that you may not see"))()


def get_hidden_sentence(env):
    """Return the sentence of a refusal that is due to what the person may not see."""
    return env._(
        "Something that you may not see stands against this: choose something else, or"
        " ask a manager."
    )


# In the chatter, which everybody reads who sees the record


def tell(record, sentence, company, record_type=None):
    """Return a sentence for the chatter of ``record``; None where it would betray.

    :param company: only this company sees what the sentence tells; empty: every one,
        as where there is only one
    :param record_type: type that may hide it from some, if it has one
    """
    companies = [company]
    if record_type:
        # sudo: the question is whether all may know, not whether the user may.
        record_type = record_type.sudo()
        companies += record_type.company_id if "company_id" in record_type else []
    is_open = all(not each or each == record.company_id for each in companies) or (
        # sudo: the question is whether there are others, whoever sees them.
        record.env["res.company"].sudo().search_count([], limit=2) == 1
    )
    if record_type and record_type._is_restricted():
        is_open = False
    return sentence if is_open else None


def leave_note(record, sentences):
    """Tell in the chatter of ``record`` what came of a merge.

    :param sentences: as of :func:`tell`; of those that would betray only the number
    """
    leave_notes(record, {record: sentences})


def leave_notes(records, sentences):
    """Tell in the chatter of many records what came of a merge or a deletion.

    :param sentences: ``{record: sentences}``, as of :func:`leave_note`
    """
    bodies = {}
    for record, its in sentences.items():
        told = [sentence for sentence in its if sentence is not None]
        if hidden := len(its) - len(told):
            told.append(
                record.env._("More that not everybody may see: %(count)s", count=hidden)
            )
        if told:
            lines = Markup().join(Markup("<li>%s</li>") % line for line in told)
            bodies[record.id] = Markup("<ul>%s</ul>") % lines
    log_notes(records.browse(bodies), bodies)


def log_notes(records, bodies):
    """Write into chatters, whoever sees them: where the person does not, as OdooBot.

    Core lets everybody read what they are the author of, wherever it stands.

    :param bodies: ``{id: body}``
    """
    hidden = records.browse(find_hidden(records))
    for theirs, author in (
        (records - hidden, records.env.uid),
        (hidden, SUPERUSER_ID),
    ):
        if theirs:
            # sudo: whoever may merge, delete or exclude leaves a note at what is left.
            logging = theirs.with_user(author).sudo()
            logging._message_log_batch({id_: bodies[id_] for id_ in theirs.ids})
