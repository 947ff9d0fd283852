"""What a touch of a customer is worth."""

# a higher touch is also every lower one; what has no rank counts for its own type only
RANKS = {"exchange": 1, "call": 1, "visit": 2, "review": 2, "senior": 3}
# the kinds of visit reports; a video meeting depends on the customer's country
VISIT_KINDS = {
    "call": "call",
    "chat": "exchange",
    "visit": "visit",
    "review": "visit",
    "senior_visit": "senior",
}


def get_asked_rank(kind):
    """The least rank that satisfies a rule that asks for ``kind``.

    0: only touches of its very type; a visit is no audit.
    """
    return 0 if kind == "review" else RANKS.get(kind, 0)
