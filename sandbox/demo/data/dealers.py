"""Eight dealers, each with a story of its own: where they work and what they bring."""

# index of the customer: (territory, countries, exclusive, category or "", stage,
# days since the contract began, days until it ends, days until the review)
TERRITORIES = {
    3: ("Nigeria", ("ng",), True, "", "active", 700, 400, 20),
    7: ("Iberia", ("es", "pt"), True, "", "active", 620, 480, 45),
    11: ("Ghana", ("gh",), False, "", "active", 400, 330, 60),
    22: ("Peru", ("pe",), True, "", "watch", 380, 350, -5),
    15: ("Italy", ("it",), False, "", "active", 300, 430, 80),
    30: ("Mexico", ("mx",), True, "", "active", 690, 40, 10),
    55: ("Italy, accessories", ("it",), False, "Accessories", "active", 200, 530, 90),
    38: ("Colombia", ("co",), False, "", "active", 60, 670, 7),
}
# (dealer, end customer, country, tax number, website, revenue, days since it was asked,
# days until the answer or None, what became of it, days until the expected order)
DEALS = (
    (7, "Hotel Costa Clara, S.L.", "es", "ESB58378431", "costa-clara.example", 48_000,
     40, 1, "approved", 60),
    (7, "Palacio de Congresos Turia", "es", "", "turia.example", 95_000,
     75, 2, "approved", 20),
    (15, "Ospedale San Marco S.p.A.", "it", "IT12345670017", "san-marco.example", 62_000,
     12, 1, "approved", 90),
    (55, "Osp. San Marco", "it", "IT 12345670017", "", 60_000, 2, None, "submitted", 90),
    (3, "Lekki Gardens Estate Ltd", "ng", "", "lekki-gardens.example", 30_000,
     8, None, "submitted", 45),
    (3, "Abuja Data Centre Plc", "ng", "", "abuja-dc.example", 120_000,
     150, 1, "won", 10),
    (11, "Kumasi Mall", "gh", "", "", 22_000, 130, 2, "lost", 30),
    (22, "Clínica Miraflores S.A.C.", "pe", "PE20100070970", "miraflores.example", 17_000,
     140, 3, "expired", 20),
    (30, "Parque Industrial Mérida", "mx", "", "merida-parque.example", 54_000,
     85, 1, "approved", 15),
    (30, "HOTEL COSTA CLARA", "es", "", "", 45_000, 3, 1, "rejected", 60),
    (38, "Torre Medellín SAS", "co", "", "torre-medellin.example", 26_000,
     5, 2, "returned", 120),
    (38, "Bodegas del Valle", "co", "", "", 9_000, 0, None, "draft", 100),
)  # fmt: skip
ANSWERS = {
    "rejected": "We are at this end customer already",
    "returned": "Please name the products; the category is not enough",
}
PROGRESS = "The plans are drawn and the offer is with the buyer"
