"""What may stand in the chatter of a record, which everybody reads who sees it."""

from markupsafe import Markup


def tell(record, sentence, company, record_type=None):
    """Return a sentence for the chatter of ``record``; None where it would betray.

    :param company: only this company sees what the sentence tells; empty: every one
    :param record_type: type that may hide it from some, if it has one
    """
    is_open = not company or company == record.company_id
    if record_type and record_type._is_restricted():
        is_open = False
    return sentence if is_open else None


def leave_note(record, sentences):
    """Tell in the chatter of ``record`` what came of a merge.

    :param sentences: as of :func:`tell`; of those that would betray only the number
    """
    told = [sentence for sentence in sentences if sentence is not None]
    if hidden := len(sentences) - len(told):
        told.append(
            record.env._("More that not everybody may see: %(count)s", count=hidden)
        )
    if told:
        lines = Markup().join(Markup("<li>%s</li>") % line for line in told)
        # sudo: whoever may merge leaves a note at what is left.
        record.sudo()._message_log(body=Markup("<ul>%s</ul>") % lines)
