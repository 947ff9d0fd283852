"""The company, its currencies and pricelists, plants, teams and users."""

from dateutil.relativedelta import relativedelta

from odoo import Command

from ..data.catalogue import PLANTS
from ..data.people import CONTACTS, PERSONAS, SALES, TEAMS, salespeople

COMPANY = {
    "name": "Ventara Fans Co., Ltd.",
    "street": "No. 88, Gongyequ 12th Rd., Xitun Dist.",
    "city": "Taichung",
    "zip": "407",
    "phone": "+886 4 2350 0188",
    "email": "hello@ventara.example",
    "website": "https://ventara.example",
}
PLANT_ADDRESSES = {
    "TAI": ("Taichung", "tw"),
    "BDG": ("Thu Dau Mot", "vn"),
    "ZSN": ("Zhongshan", "cn"),
}
FEATURES = (
    "product.group_product_pricelist",
    "sale.group_discount_per_so_line",
    "stock.group_production_lot",
    "stock.group_stock_multi_locations",
    "stock.group_stock_multi_warehouses",
    "base.group_multi_currency",
    "crm.group_use_lead",
)
# What one euro cost in USD, oldest month first, the last value being today's.
EURO_IN_USD = (
    1.083,
    1.079,
    1.087,
    1.075,
    1.071,
    1.082,
    1.091,
    1.104,
    1.112,
    1.098,
    1.062,
    1.047,
    1.036,
    1.041,
    1.052,
    1.081,
    1.123,
    1.131,
    1.152,
    1.169,
    1.164,
    1.172,
    1.168,
    1.157,
    1.161,
    1.163,
)
DEALER_DISCOUNTS = {"gold": 15, "silver": 10, "bronze": 6}


def book_company(desk):
    """Name the company and switch on what an exporter with three plants uses."""
    env = desk.env
    country = env.ref("base.tw")
    desk.company.write({**COMPANY, "country_id": country.id, "state_id": False})
    if not desk.company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", desk.company)
    # Exports carry no sales tax: invoiced and untaxed amounts are the same.
    desk.company.write({"account_sale_tax_id": False, "account_purchase_tax_id": False})
    user_group = env.ref("base.group_user")
    for xmlid in FEATURES:
        user_group._apply_group(env.ref(xmlid))
    _book_rates(desk)
    _book_pricelists(desk)
    _book_plants(desk)


def _book_rates(desk):
    """Activate the euro with one rate per month."""
    euro = desk.env.ref("base.EUR")
    euro.active = True
    last = len(EURO_IN_USD) - 1
    months = [
        desk.today.replace(day=1) - relativedelta(months=last - n)
        for n in range(last + 1)
    ]
    euro.rate_ids.unlink()
    euro.rate_ids = [
        Command.create({"name": month, "rate": 1 / usd, "company_id": desk.company.id})
        for month, usd in zip(months, EURO_IN_USD, strict=True)
    ]


def _book_pricelists(desk):
    """Make one list per currency and one per dealer grade."""
    env = desk.env
    desk.euro_list = env["product.pricelist"].create(
        [
            {
                "name": "Export USD",
                "currency_id": env.ref("base.USD").id,
                "sequence": 1,
            },
            {
                "name": "Export EUR",
                "currency_id": env.ref("base.EUR").id,
                "sequence": 2,
            },
        ]
    )[1]
    desk.grades = {}
    for code, percent in DEALER_DISCOUNTS.items():
        rule = {
            "compute_price": "percentage",
            "percent_price": percent,
            "applied_on": "3_global",
        }
        grade = env.ref(f"partnership.res_partner_grade_data_{code}")
        grade.default_pricelist_id = env["product.pricelist"].create(
            {
                "name": f"Dealer {grade.name}",
                "sequence": 10,
                "item_ids": [Command.create(rule)],
            }
        )
        desk.grades[code] = grade


def _book_plants(desk):
    """Turn the first warehouse into the main plant and add the others."""
    env = desk.env
    main = env["stock.warehouse"].search(
        [("company_id", "=", desk.company.id)], limit=1
    )
    for code, (name, _family) in PLANTS.items():
        city, country = PLANT_ADDRESSES[code]
        address = env["res.partner"].create(
            {
                "name": f"Ventara {name}",
                "city": city,
                "is_company": False,
                "type": "delivery",
                "parent_id": desk.company.partner_id.id,
                "country_id": env.ref(f"base.{country}").id,
            }
        )
        values = {"name": name, "code": code, "partner_id": address.id}
        if main:
            main.write(values)
            _rename_sequences(main)
            desk.warehouses[code], main = main, None
        else:
            desk.warehouses[code] = env["stock.warehouse"].create(values)


def _rename_sequences(warehouse):
    """Number the documents of a renamed warehouse by its new code."""
    types = warehouse.env["stock.picking.type"].search(
        [("warehouse_id", "=", warehouse.id)]
    )
    for sequence in types.sequence_id:
        sequence.prefix = f"{warehouse.code}/{sequence.prefix.split('/', 1)[1]}"


def book_people(desk):
    """Make teams, salespeople and one login per persona; admin is the host's own."""
    env = desk.env
    groups = {xmlid for _name, xmlids in PERSONAS.values() for xmlid in xmlids}
    desk.groups = {xmlid: env.ref(xmlid, raise_if_not_found=False) for xmlid in groups}
    for login, name, _team in salespeople():
        desk.users[login] = _make_user(desk, login, name, (SALES, CONTACTS))
    for login, (name, xmlids) in PERSONAS.items():
        if login not in desk.users:
            desk.users[login] = _make_user(desk, login, name, xmlids)
    env.ref("base.user_admin").tz = "Asia/Taipei"
    _book_teams(desk)


def _make_user(desk, login, name, xmlids):
    known = [desk.groups[xmlid].id for xmlid in xmlids if desk.groups.get(xmlid)]
    # Hashing a password is slow: only who is meant to log in gets one.
    password = {"password": login} if login in PERSONAS else {}
    return desk.env["res.users"].create(
        {
            **password,
            "name": name,
            "login": login,
            "email": f"{login}@ventara.example",
            "tz": "Asia/Taipei",
            "group_ids": [
                Command.link(desk.env.ref("base.group_user").id),
                *[Command.link(group) for group in known],
            ],
        }
    )


def _book_teams(desk):
    """Make one team per region group, led by the sales manager."""
    for number, (name, (_regions, people)) in enumerate(TEAMS.items()):
        desk.teams[name] = desk.env["crm.team"].create(
            {
                "name": name,
                "sequence": number,
                "use_leads": True,
                "user_id": desk.users["manager"].id,
                "invoiced_target": 180_000,
                "member_ids": [
                    Command.link(desk.users[login].id) for login, _name in people
                ],
            }
        )
    desk.env.ref("sales_team.team_sales_department").active = False
