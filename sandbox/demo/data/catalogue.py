"""Products and bills of materials of the demo company, costs in USD."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Product:
    """One product; ``bom`` pairs a component code with a quantity per unit."""

    code: str
    name: str
    family: str
    tracking: str = "none"
    price: float = 0.0
    own_cost: float = 0.0
    bom: tuple = ()
    kit: bool = False
    mto: bool = False
    uom: str = "uom.product_uom_unit"


RESIDENTIAL, COMMERCIAL, INDUSTRIAL = "residential", "commercial", "industrial"
ACCESSORY, ASSEMBLY, PART = "accessory", "assembly", "part"

FAMILIES = {
    RESIDENTIAL: "Residential Fans",
    COMMERCIAL: "Commercial Fans",
    INDUSTRIAL: "HVLS Fans",
    ACCESSORY: "Accessories",
    ASSEMBLY: "Assemblies",
    PART: "Parts & Materials",
}

PLANTS = {
    "TAI": ("Taichung Plant", INDUSTRIAL),
    "BDG": ("Binh Duong Plant", COMMERCIAL),
    "ZSN": ("Zhongshan Plant", RESIDENTIAL),
}
PLANT_OF = {family: plant for plant, (_name, family) in PLANTS.items()}

# own_cost is the purchase price of a part, or labour and overhead of a made product.
PRODUCTS = (
    Product("VF-R42", 'Breeze 42" Ceiling Fan', RESIDENTIAL, "lot", 45, 3,
            (("SA-MAC", 1), ("SA-B52", 1), ("SA-CAN", 1))),
    Product("VF-R52", 'Breeze 52" Ceiling Fan', RESIDENTIAL, "lot", 56, 6,
            (("SA-MAC", 1), ("SA-B52", 1), ("SA-CAN", 1))),
    Product("VF-L56", 'Lumen 56" Fan with Light', RESIDENTIAL, "lot", 86, 7,
            (("SA-MAC", 1), ("SA-B52", 1), ("SA-CAN", 1), ("VA-LK24", 1))),
    Product("VF-D60", 'Aero 60" DC Smart Fan', COMMERCIAL, "serial", 272, 30,
            (("SA-MDC", 1), ("SA-B52", 1), ("SA-CAN", 1)), mto=True),
    Product("VF-D72", 'Aero 72" DC Smart Fan', COMMERCIAL, "serial", 390, 32,
            (("SA-MDC", 1), ("SA-BAL", 5), ("SA-CAN", 1)), mto=True),
    Product("VF-X84", 'Patio 84" Wet-Rated Fan', COMMERCIAL, "serial", 420, 50,
            (("SA-MDC", 1), ("SA-BAL", 6), ("SA-CAN", 2)), mto=True),
    Product("VF-H12", "Gale 3.6 m HVLS Fan", INDUSTRIAL, "serial", 1490, 90,
            (("SA-MHV", 1), ("SA-BAL", 10), ("SA-CAN", 2)), mto=True),
    Product("VF-H16", "Gale 4.9 m HVLS Fan", INDUSTRIAL, "serial", 1780, 138,
            (("SA-MHV", 1), ("SA-BAL", 16), ("SA-CAN", 2)), mto=True),
    Product("VF-H24", "Gale 7.3 m HVLS Fan", INDUSTRIAL, "serial", 2050, 272,
            (("SA-MHV", 1), ("SA-BAL", 24), ("SA-CAN", 2)), mto=True),
    Product("VF-K52", 'Breeze 52" Fan and Light Set', RESIDENTIAL, price=76,
            bom=(("VF-R52", 1), ("VA-LK24", 1)), kit=True),
    Product("VA-LK24", "LED Light Kit 24 W", ACCESSORY, price=24, own_cost=14),
    Product("VA-RC01", "Remote Control 433 MHz", ACCESSORY, price=9.5, own_cost=5.6, mto=True),
    Product("SA-MAC", "AC Motor, 16-pole", ASSEMBLY, own_cost=1.7,
            bom=(("RM-LAM", 1), ("RM-CUW", 0.6), ("RM-BRG", 2))),
    Product("SA-MDC", "Brushless DC Motor with Driver", ASSEMBLY, own_cost=9.5,
            bom=(("RM-LAM", 2), ("RM-CUW", 1.2), ("RM-MAG", 4), ("RM-BRG", 2), ("RM-DRV", 1)),
            mto=True),
    Product("SA-MHV", "Direct-Drive HVLS Motor", ASSEMBLY, own_cost=52,
            bom=(("RM-LAM", 14), ("RM-CUW", 16), ("RM-MAG", 28), ("RM-BRG", 4), ("RM-DRV", 4)),
            mto=True),
    Product("SA-B52", "Blade Set 5 x ABS", ASSEMBLY, own_cost=2, bom=(("RM-ABS", 2.4),)),
    Product("SA-BAL", "Aluminium Airfoil Blade", ASSEMBLY, own_cost=2.75, bom=(("RM-ALU", 1.9),)),
    Product("SA-CAN", "Canopy and Downrod Set", ASSEMBLY, own_cost=1.25, bom=(("RM-ALU", 0.5),)),
    Product("RM-LAM", "Silicon Steel Lamination Stack", PART, own_cost=4.2),
    Product("RM-CUW", "Enamelled Copper Wire", PART, own_cost=9.8, uom="uom.product_uom_kgm"),
    Product("RM-MAG", "Ferrite Magnet Segment", PART, own_cost=9.5),
    Product("RM-BRG", "Bearing 6202-2Z", PART, own_cost=1.1),
    Product("RM-DRV", "Motor Driver Board", PART, own_cost=38, mto=True),
    Product("RM-ABS", "ABS Resin, UV-stabilised", PART, own_cost=2.1, uom="uom.product_uom_kgm"),
    Product("RM-ALU", "Aluminium Profile 6063-T5", PART, own_cost=7.5, uom="uom.product_uom_meter"),
)

BY_CODE = {product.code: product for product in PRODUCTS}


def unit_cost(code):
    """Return the rolled-up cost of one unit in USD."""
    product = BY_CODE[code]
    parts = sum(unit_cost(part) * quantity for part, quantity in product.bom)
    return round(parts + product.own_cost, 2)


def list_margin(code):
    """Return the margin at list price, 0 to 1."""
    return 1 - unit_cost(code) / BY_CODE[code].price


def fans(family):
    """Return the codes of the finished goods of a family, kits left out."""
    return [p.code for p in PRODUCTS if p.family == family and not p.kit]
