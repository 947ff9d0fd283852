"""What is said on visits: texts of a ceiling fan exporter's customers."""

# topic: (what was said, product code or "", our price range or ())
NOTES = {
    "need": (
        "Opens a second showroom in autumn and needs 24 display pieces.",
        "Wants a fan for low ceilings, at most 25 cm high.",
        "Asks for a fan with a light for hotel rooms, dimmable.",
        "Looks for an HVLS fan for a warehouse of 4,000 square metres.",
    ),
    "quality": (
        "Two canopies of the last container were scratched, sends photos.",
        "Blades of the 52 inch wobble at high speed, balanced on site.",
        "Very content with the DC motor, no returns in a year.",
    ),
    "complaint": (
        "The last delivery came a week after the promised date.",
        "Remote controls of two cartons were missing.",
    ),
    "price": (
        "Says the 42 inch is 6 % above what he is offered elsewhere.",
        "Accepts the price list if we hold it until the end of the season.",
    ),
    "next_step": (
        "Sends the floor plan, we calculate the number of fans.",
        "Decides after the board meeting at the end of the month.",
    ),
}
# (wish, product code, state, answer)
WISHES = (
    ("Wall holder for the remote control", "VF-D60", "design", ""),
    ("Quieter than 35 dB at the lowest speed", "VF-R52", "new", ""),
    ("Matt black finish for the 52 inch", "VF-R52", "done",
     "Matt black is in the price list from next month, same price."),
    ("Rod of 90 cm in the carton", "VF-L56", "new", ""),
    ("Carton that fits two on a pallet layer", "VF-R42", "refused",
     "The carton protects the blades; a smaller one failed the drop test."),
    ("App in Spanish and Arabic", "VF-D60", "new", ""),
)
# (name, country, strength, weakness)
COMPETITORS = (
    ("Foshan Cool Wind", "cn", "Lowest price, short lead time", "Motors fail after two years"),
    ("Orient Breeze Industries", "in", "Wide range, known brand", "No DC models with light"),
    ("Ventia Europe S.L.", "es", "Design, stock in Europe", "Twice our price, small range"),
)
# (competitor, their product, price in USD, weakness, note)
OFFERS = (
    (0, "FC-42 economy", 38.0, "Noise above 55 dB", "Offered with 60 days to pay"),
    (0, "FC-52", 47.5, "One year of warranty only", "Sample seen in the shop"),
    (1, "OB Prime 48", 61.0, "No certificate for the Gulf", "Sold through a cousin company"),
    (2, "Aria DC 132", 240.0, "Spare parts take six weeks", "Specified by the architect"),
)
SUMMARIES = {
    "order": "Season order agreed, pro forma goes out this week.",
    "positive": "Good meeting, interested in the DC range.",
    "neutral": "Business as usual, stock for about two months.",
    "problem": "Unhappy with the last delivery, wants a call from the plant.",
    "not_reached": "",
}
PURPOSES = {
    "call": ("Monthly call", "Open quotation", "After the delivery"),
    "visit": ("Season order", "New showroom", "Yearly plan"),
    "senior_visit": ("Annual meeting",),
    "video": ("Specification of the project",),
    "review": ("Product-line review",),
}
NEXT_STEPS = ("Send the new price list", "Send two samples", "Confirm the vessel", "")
COMMENTS = ("Came two days early, well packed.", "", "Please call before delivery.",
            "Cartons were wet.", "Good as always.")
