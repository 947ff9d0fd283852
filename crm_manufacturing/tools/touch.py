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
