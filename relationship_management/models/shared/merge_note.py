"""What may stand in the chatter of a partner, which everybody reads who sees it."""


def tell(partner, sentence, company, record_type=None):
    """Return a sentence for the chatter of ``partner``; None where it would betray.

    :param company: only this company sees what the sentence tells; empty: every one
    :param record_type: type that may hide it from some, if it has one
    """
    is_open = not company or company == partner.company_id
    if record_type and record_type._is_restricted():
        is_open = False
    return sentence if is_open else None
