"""What a plan is made of. Days are offsets from today, money is USD."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Customer:
    """A partner to sell to; ``last_year`` and ``year_before`` are target revenues."""

    index: int
    name: str
    city: str
    country: str
    region: str
    contact: str
    second_contact: str
    job: str
    role: str
    team: str
    salesperson: str
    since: int
    terms: int = 30
    pay_delay: int = 0
    discount: int = 0
    grade: str = ""
    euro: bool = False
    orders_by_contact: bool = False
    last_year: float = 0.0
    year_before: float = 0.0


@dataclass(frozen=True)
class Line:
    """A product code, a quantity and a discount in percent."""

    code: str
    quantity: int
    discount: float = 0.0


@dataclass(frozen=True)
class Order:
    """A sale from stock; ``paid`` is None while the invoice is open."""

    customer: int
    plant: str
    ordered: int
    promised: int
    delivered: int
    lines: tuple
    paid: int | None = None
    paid_share: float = 1.0

    @property
    def is_open(self):
        """Say whether the goods have not left yet."""
        return self.delivered >= 0

    @property
    def invoiced(self):
        """Return the day of the invoice, if the goods have left."""
        return invoice_day(self.delivered)


def invoice_day(delivered):
    """Return the day of the weekly invoice run after a delivery, latest yesterday."""
    return min(delivered - delivered % 7 + 6, -1)


@dataclass(frozen=True)
class Credit:
    """A credit note on a share of the invoice of ``order``, a position in the plan."""

    order: int
    day: int
    share: float
    reason: str


@dataclass(frozen=True)
class Production:
    """A manufacturing order; state is done, draft, confirmed, progress or cancel."""

    code: str
    quantity: int
    plant: str
    started: int
    finished: int
    state: str = "done"


@dataclass(frozen=True)
class Purchase:
    """A purchase order; state is done, partial, confirmed, sent, draft or cancel.

    ``confirmed`` is the day the supplier confirmed, ``moved_to`` the day a slipping one
    promised later; ``price`` and ``excess`` are factors on what was agreed before.
    ``first_share`` is what the first of two deliveries brings, on the promised day;
    ``returned`` the share that goes back.
    """

    supplier: int
    plant: str
    ordered: int
    promised: int
    received: int | None
    lines: tuple
    state: str = "done"
    bill_paid: int | None = None
    confirmed: int | None = None
    moved_to: int | None = None
    price: float = 1.0
    excess: float = 1.0
    first_share: float = 1.0
    returned: float = 0.0


@dataclass(frozen=True)
class Chain:
    """A sale made to order; ``steps`` says how far production and delivery got.

    ``slips`` are the days the bought parts were promised for after ``supply_day``;
    ``told`` says whether the customer was told, or accepted.
    """

    scenario: str
    steps: frozenset
    customer: int
    plant: str
    ordered: int
    promised: int
    supply_day: int
    lines: tuple
    slips: tuple = ()
    told: str = ""


@dataclass(frozen=True)
class Deal:
    """A lead or an opportunity of ``owner``; kind is lead, open, won or lost."""

    kind: str
    customer: int
    owner: str
    title: str
    stage: int
    created: int
    closing: int
    revenue: float
    priority: int
    activity: str = ""
    activity_day: int = 0
    lost_reason: str = ""


@dataclass(frozen=True)
class Quotation:
    """An unconfirmed offer; ``deal`` is the position of its opportunity or None."""

    customer: int
    plant: str
    created: int
    valid: int
    sent: bool
    lines: tuple
    deal: int | None = None


@dataclass(frozen=True)
class Learned:
    """A note of a touch; ``wish``, ``offer`` and ``rival`` are places in the texts."""

    topic: str
    text: str
    amount: float = 0.0
    wish: int | None = None
    offer: int | None = None
    rival: int | None = None
    share: float = 0.0
    code: str = ""


@dataclass(frozen=True)
class Touch:
    """A call or visit; without outcome it is still to come."""

    customer: int
    user: str
    kind: str
    day: int
    hour: int = 6
    outcome: str = ""
    purpose: str = ""
    summary: str = ""
    next_step: str = ""
    role: str = ""
    learned: tuple = ()


@dataclass(frozen=True)
class Contact:
    """A call done as an activity of the host, or a meeting of it; kind is either."""

    customer: int
    user: str
    kind: str
    day: int


@dataclass(frozen=True)
class Rating:
    """Grades for delivery, quality and service of an order."""

    order: int
    day: int
    grades: tuple
    comment: str = ""


@dataclass
class Plan:
    """Everything to book, in the order in which it happened."""

    customers: list = field(default_factory=list)
    orders: list = field(default_factory=list)
    credits: list = field(default_factory=list)
    opening: dict = field(default_factory=dict)
    productions: list = field(default_factory=list)
    purchases: list = field(default_factory=list)
    chains: list = field(default_factory=list)
    deals: list = field(default_factory=list)
    quotations: list = field(default_factory=list)
    touches: list = field(default_factory=list)
    contacts: list = field(default_factory=list)
    ratings: list = field(default_factory=list)
