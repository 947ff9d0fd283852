"""Eight dealers, and three who are none yet or not any more: who is known for what.

Days are offsets from today, money is USD. A dealer is named by his place in the table
of customers, as ``plan.customers`` keeps it.
"""

from dataclasses import dataclass

LAGOS, IBERIA, ACCRA, BARI = 3, 7, 11, 15
LIMA, MERIDA, MEDELLIN, CATANIA = 22, 30, 38, 55
CRETE, IQUIQUE, FREETOWN = 103, 118, 123

# The login of the person in the portal of the dealer who does everything well.
DEALER_LOGIN, LOGIN_OF = "dealer", LAGOS


@dataclass(frozen=True)
class Dealer:
    """``target`` is this year's, as a share of what he bought last year.

    ``reported`` are the months back he reported his stock of, ``late`` and ``wrong``
    those of them that came late, and with a closing that does not add up; ``pace`` is
    the share of his stock he sells in a month, ``shelved`` what he never sells.
    """

    story: str
    stage: str = "active"
    contract: tuple = (-800, 290)
    review: int = 60
    direct: bool = True
    target: float = 1.0
    reported: tuple = ()
    late: tuple = ()
    wrong: tuple = ()
    pace: float = 0.45
    shelved: str = ""
    credit_limit: float = 0.0


YEAR = tuple(range(12, 0, -1))
DEALERS = {
    LAGOS: Dealer(
        "Exclusive in Nigeria: registers, sells, reports, and reaches his target.",
        target=0.9,
        direct=False,
        reported=YEAR,
        pace=0.5,
    ),
    IBERIA: Dealer(
        "Sells well and pays late: over his credit.",
        target=0.95,
        reported=YEAR,
        wrong=(2, 1),
        credit_limit=60_000,
    ),
    ACCRA: Dealer(
        "Registers much, and what he registers expires.",
        review=-5,
        target=1.1,
        reported=YEAR,
        late=(6, 4, 3, 2),
        pace=0.3,
    ),
    BARI: Dealer(
        "Has the airport; the dealer from Catania wants it too.",
        target=1.2,
        reported=YEAR,
        pace=0.4,
    ),
    LIMA: Dealer(
        "Lets leads lie until they are taken back, and light sets on his shelves.",
        stage="watch",
        contract=(-560, 75),
        review=9,
        target=1.6,
        reported=YEAR[:10],
        late=(8, 7, 5),
        pace=0.25,
        shelved="VF-L56",
    ),
    MERIDA: Dealer(
        "Fishes: names everybody we could sell to, with nothing done.",
        target=2.2,
        reported=YEAR,
        wrong=(5,),
    ),
    MEDELLIN: Dealer(
        "Has sent no stock report for seven months.",
        stage="watch",
        target=3.2,
        reported=YEAR[:5],
    ),
    CATANIA: Dealer(
        "The smaller of two who work on the airport.",
        contract=(-320, 45),
        target=1.3,
        reported=YEAR[-8:],
    ),
    CRETE: Dealer(
        "Ended in spring: his lamps came from elsewhere.",
        stage="ended",
        contract=(-1100, -240),
        review=0,
    ),
    IQUIQUE: Dealer(
        "Candidate: met on the fair, contract is being discussed.",
        stage="candidate",
        contract=(),
        review=14,
    ),
    FREETOWN: Dealer(
        "Recruited: contract signed, first order to come.",
        stage="recruited",
        contract=(-25, 340),
        review=70,
    ),
}


@dataclass(frozen=True)
class Territory:
    """Countries by code, with the codes of states where it is these alone."""

    dealer: int
    name: str
    countries: tuple
    salesperson: str
    states: tuple = ()
    families: tuple = ()
    exclusive: bool = False
    until: int | None = None


TERRITORIES = (
    Territory(LAGOS, "Nigeria", ("ng",), "diego", exclusive=True),
    Territory(LAGOS, "Benin and Togo", ("bj", "tg"), "diego"),
    Territory(IBERIA, "Iberia", ("es", "pt"), "helena", exclusive=True, until=290),
    Territory(ACCRA, "Ghana and Côte d'Ivoire", ("gh", "ci"), "diego"),
    Territory(BARI, "Italy", ("it", "mt"), "helena"),
    Territory(CATANIA, "Sicily", ("it",), "helena", states=("CT", "PA", "ME")),
    Territory(LIMA, "Peru and Ecuador", ("pe", "ec"), "amara"),
    Territory(MERIDA, "Yucatán Peninsula", ("mx",), "amara", states=("YUC", "ROO")),
    Territory(MEDELLIN, "Colombia, homes", ("co",), "amara", families=("residential",)),
    Territory(FREETOWN, "Sierra Leone and Liberia", ("sl", "lr"), "diego"),
    Territory(CRETE, "Greece", ("gr", "cy"), "helena", until=-240),
)


@dataclass(frozen=True)
class Quote:
    """What a dealer asked us the price of, on which day, and when we sent it."""

    dealer: int
    code: str
    quantity: int
    asked: int
    sent: int


QUOTES = (
    Quote(LAGOS, "VF-R52", 150, -200, -199),
    Quote(LAGOS, "VF-R52", 90, -9, -7),
    Quote(IBERIA, "VF-R42", 80, -155, -153),
    Quote(ACCRA, "VF-R52", 120, -120, -113),
    Quote(ACCRA, "VF-R42", 40, -90, -86),
    Quote(BARI, "VF-R42", 60, -75, -73),
    Quote(LIMA, "VF-R52", 200, -110, -100),
    Quote(MERIDA, "VF-R42", 50, -65, -62),
    Quote(MEDELLIN, "VF-L56", 70, -58, -49),
    Quote(CATANIA, "VF-L56", 30, -12, -10),
)
# what was not ordered within so many days is lost
VALID_DAYS = 30


@dataclass(frozen=True)
class Step:
    """What happens on a day: submit, approve, return, reject, progress, extend, win,
    lose; of a lead give, accept, report, decline, win. ``text`` is what is said."""

    day: int
    name: str
    text: str = ""


@dataclass(frozen=True)
class Registration:
    """``what`` are product codes or families; the order is ``expected`` so many days
    after it was submitted. With ``order``, a product code, the end customer is one of
    our contacts, for whom the dealer's made-to-order order of that product is."""

    dealer: int
    end: str
    country: str
    what: tuple
    revenue: float
    volume: int
    steps: tuple = ()
    website: str = ""
    evidence: str = ""
    expected: int = 60
    order: str = ""


def _won(asked, answered, won):
    return Step(asked, "submit"), Step(answered, "approve"), Step(won, "win")


ASK_MORE = "Tell us whom you met there and when; we see no visit and no tender yet."
WHO = "Who is the buyer, and what was discussed? A name alone we cannot protect."
KNOWN = "We work with this customer ourselves and have done so for years."

REGISTRATIONS = (
    # the strong one
    Registration(
        LAGOS, "Ikeja Cold Chain Ltd.", "ng", ("VF-H16",), 7_600, 5,
        _won(-62, -61, -40),
        "https://ikeja-coldchain.example", "Site visit, ceiling plans taken",
        order="VF-H16",
    ),
    Registration(
        LAGOS, "Apapa Container Terminal", "ng", ("VF-H12",), 5_100, 4,
        _won(-88, -87, -72), "https://apapa-terminal.example",
        "Tender 14/B, we are on the short list", order="VF-H12",
    ),
    Registration(
        LAGOS, "Greenfield Poultry PLC", "ng", ("industrial",), 24_500, 12,
        _won(-210, -208, -165), evidence="Two houses measured with the vet",
    ),
    Registration(
        LAGOS, "Lekki Garden Hotels", "ng", ("VF-X84",), 18_200, 46,
        _won(-155, -154, -120), evidence="Sample hangs in the lobby since spring",
    ),
    Registration(
        LAGOS, "Victoria Island Towers", "ng", ("VF-D60",), 14_300, 60,
        (Step(-140, "submit"), Step(-138, "approve"), Step(-95, "lose")),
        evidence="Architect specified us",
    ),
    Registration(
        LAGOS, "Kano Textile Mills", "ng", ("VF-H24", "VF-H16"), 31_000, 16,
        (
            Step(-48, "submit"),
            Step(-47, "approve"),
            Step(-12, "progress", "Budget is approved, order expected next month"),
        ),
        "https://kano-textile.example", "Trial of one fan in hall 3",
    ),
    Registration(
        LAGOS, "Cotonou Fish Market", "bj", ("commercial",), 6_900, 20,
        (Step(-9, "submit"), Step(-8, "return", ASK_MORE)), evidence="Phone call",
    ),
    Registration(
        LAGOS, "Abuja Sports Academy", "ng", ("VF-H24",), 12_300, 6,
        evidence="Meeting on Thursday",
    ),
    Registration(
        LAGOS, "Port Harcourt Bottling", "ng", ("VF-H16",), 10_700, 6,
        (Step(-1, "submit"),), "https://ph-bottling.example", "Heat map of both halls",
    ),
    # who is over his credit
    Registration(
        IBERIA, "Mercado Central de Abastos", "es", ("VF-H24",), 16_400, 8,
        _won(-130, -128, -101), evidence="Pilot in the meat hall",
    ),
    Registration(
        IBERIA, "Bodegas Ribera Alta", "es", ("VF-H12",), 8_900, 6,
        (
            Step(-82, "submit"),
            Step(-79, "approve"),
            Step(-15, "progress", "Second visit with the cellar master"),
        ),
        evidence="Visit with the owner",
    ),
    # who registers and never sells
    Registration(
        ACCRA, "Tema Cold Store", "gh", ("VF-H16",), 12_100, 7,
        (Step(-290, "submit"), Step(-289, "approve")), evidence="Owner knows us",
    ),
    Registration(
        ACCRA, "Osu Restaurant Group", "gh", ("VF-X84",), 9_400, 24,
        (Step(-240, "submit"), Step(-236, "approve")), evidence="Menu of references",
    ),
    Registration(
        ACCRA, "Volta Rice Mills", "gh", ("industrial",), 21_000, 12,
        (Step(-200, "submit"), Step(-198, "approve")), evidence="Plan of the mill",
    ),
    Registration(
        ACCRA, "Kotoka Cargo Village", "gh", ("VF-H24",), 28_700, 14,
        (Step(-150, "submit"), Step(-148, "approve"), Step(-70, "lose")),
        evidence="Tender papers",
    ),
    Registration(
        ACCRA, "Legon University Halls", "gh", ("VF-R52",), 11_200, 200,
        (Step(-86, "submit"), Step(-84, "approve")), evidence="Estate office asked",
    ),
    # two about one airport
    Registration(
        BARI, "Aeroporti del Sud S.p.A.", "it", ("VF-H24", "VF-H16"), 46_000, 22,
        (
            Step(-34, "submit"),
            Step(-33, "approve"),
            Step(-10, "progress", "Offer handed in, opening of the bids in three weeks"),
        ),
        "https://aeroportidelsud.example", "Invited to the tender for terminal B",
    ),
    Registration(
        CATANIA, "Aeroporti del Sud Srl", "it", ("industrial",), 44_000, 20,
        (Step(-2, "submit"),), "www.aeroportidelsud.example",
        "Facility manager is from Catania and asked us for an offer",
    ),
    Registration(
        BARI, "Masseria Bianca", "it", ("VF-X84",), 7_700, 18,
        _won(-118, -117, -80), evidence="Terrace measured",
    ),
    Registration(
        CATANIA, "Lido Etna", "it", ("VF-X84",), 5_900, 14,
        (Step(-100, "submit"), Step(-99, "approve"), Step(-60, "lose")),
        evidence="Season starts in May",
    ),
    # who lets everything lie
    Registration(
        LIMA, "Callao Frio S.A.C.", "pe", ("VF-H16",), 9_900, 5,
        (Step(-170, "submit"), Step(-168, "approve")),
    ),
    # the fisher
    Registration(
        MERIDA, "Cancún Resort Projects", "mx", ("commercial",), 30_000, 100,
        (Step(-75, "submit"), Step(-74, "reject", KNOWN)),
    ),
    Registration(
        MERIDA, "Puebla Avícola Equipos", "mx", ("industrial",), 25_000, 10,
        (Step(-75, "submit"), Step(-74, "return", WHO)),
    ),
    Registration(
        MERIDA, "Tren Peninsular", "mx", ("industrial", "commercial"), 90_000, 60,
        (Step(-52, "submit"), Step(-49, "return", WHO)),
    ),
    Registration(
        MERIDA, "Hoteles Riviera", "mx", ("residential", "commercial"), 60_000, 400,
        (Step(-31, "submit"), Step(-30, "return", WHO)),
    ),
    Registration(
        MERIDA, "Ventiladores del Norte", "mx", ("industrial",), 40_000, 20,
        (Step(-7, "submit"),),
    ),
    # who does not report his stock
    Registration(
        MEDELLIN, "Edificio Laureles", "co", ("VF-R52",), 6_800, 120,
        _won(-190, -188, -150), evidence="Built by a cousin of the owner",
    ),
)


@dataclass(frozen=True)
class Lead:
    """Somebody who asked us, and whose lead the territory gives to a dealer."""

    title: str
    firm: str
    contact: str
    city: str
    country: str
    revenue: float
    steps: tuple


LEADS = (
    Lead(
        "Web form: cooling a flour mill", "Ibadan Flour Mills", "Sola Adewale",
        "Ibadan", "ng", 13_800,
        (
            Step(-66, "give"),
            Step(-65, "accept"),
            Step(-52, "report", "Visited, offer is out"),
            Step(-40, "report", "Price agreed"),
            Step(-31, "win"),
        ),
    ),
    Lead(
        "E-mail enquiry, school in Lagos", "Queens Grammar School", "Ada Obi",
        "Lagos", "ng", 5_200,
        (
            Step(-15, "give"),
            Step(-14, "accept"),
            Step(-4, "report", "Bursar asks for 40 fans in two parts"),
        ),
    ),
    Lead(
        "Fair visitor: warehouse in Onitsha", "Onitsha Bridge Stores", "Emeka Obi",
        "Onitsha", "ng", 9_600, (Step(-1, "give"),),
    ),
    Lead(
        "Referral: restaurant chain", "Casa Pepa Restaurantes", "Lola Ortega",
        "Valencia", "es", 8_100,
        (
            Step(-24, "give"),
            Step(-23, "accept"),
            Step(-11, "report", "Sample is hanging in Calle Mayor"),
        ),
    ),
    Lead(
        "Web form: gym in Accra", "Airport Hills Gym", "Nana Yeboah",
        "Accra", "gh", 3_900,
        (Step(-28, "give"), Step(-27, "decline", "Too small for us, and far from us")),
    ),
    Lead(
        "Canton Fair contact: fish meal plant", "Pesquera Chimbote", "Luis Paredes",
        "Chimbote", "pe", 17_500, (Step(-58, "give"), Step(-57, "accept")),
    ),
    Lead(
        "Web form: asparagus packing", "Agro Viru", "Carla Nuñez",
        "Trujillo", "pe", 12_900, (Step(-25, "give"),),
    ),
    Lead(
        "Catalogue download: banana port", "Bananera El Oro", "Iván Mora",
        "Machala", "ec", 11_400, (Step(-38, "give"), Step(-37, "accept")),
    ),
    Lead(
        "E-mail enquiry: hotel in Cusco", "Hotel Sol del Valle", "Rosa Quispe",
        "Cusco", "pe", 4_700, (Step(-14, "give"), Step(-13, "accept")),
    ),
    Lead(
        "Fair visitor: bakery in Bari", "Forno Murgia", "Pino Loiacono",
        "Bari", "it", 6_300, (Step(-20, "give"), Step(-19, "accept")),
    ),
)

# Whom the dealers who say so sold to, by how often they are named.
END_CUSTOMERS = {
    LAGOS: (
        "Ikeja Cold Chain Ltd.", "Surulere Lamp House", "Yaba Hardware",
        "Ikoyi Interiors", "Festac Home Centre", "Badagry Resort",
    ),
    IBERIA: ("Hogar Turia", "Luz de Levante", "Clima Castellón"),
    BARI: ("Luminarie Salento", "Casa Murgia", "Hotel Trulli"),
    CATANIA: ("Etna Arredi",),
    MERIDA: ("Casa Mérida", "Progreso Playa"),
}
