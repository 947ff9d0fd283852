"""Sales teams and the people who log in to the demo."""

# team: the regions it serves, its salespeople as (login, name).
TEAMS = {
    "Middle East": (
        ("gulf",),
        (
            ("sales", "Leila Haddad"),
            ("omar", "Omar Nasser"),
            ("chen.yu", "Chen Yu-Ting"),
            ("ravi", "Ravi Menon"),
        ),
    ),
    "Asia Pacific": (
        ("asia",),
        (
            ("linh", "Tran Thuy Linh"),
            ("marco.r", "Marco Reyes"),
            ("wang.ch", "Wang Chih-Hao"),
            ("nadia", "Nadia Putri"),
        ),
    ),
    "Americas, Europe and Africa": (
        ("latam", "west"),
        (
            ("sofia", "Sofía Castillo"),
            ("diego", "Diego Herrera"),
            ("amara", "Amara Okafor"),
            ("helena", "Helena Duarte"),
        ),
    ),
}

SALES = "sales_team.group_sale_salesman"
SALES_ALL = "sales_team.group_sale_salesman_all_leads"
SALES_MANAGER = "sales_team.group_sale_manager"
CONTACTS = "base.group_partner_manager"

# login: (name, groups); groups of optional addons are skipped when they do not exist.
PERSONAS = {
    "sales": ("Leila Haddad", (SALES, CONTACTS)),
    "manager": ("Kevin Lo", (SALES_MANAGER, CONTACTS, "account.group_account_readonly")),
    "planner": ("Huang Mei-Ling", ("mrp.group_mrp_manager", "stock.group_stock_user")),
    "buyer": (
        "Sam Wu",
        ("purchase.group_purchase_manager", "stock.group_stock_user", CONTACTS),
    ),
    "channel": (
        "Isabel Montoya",
        (SALES_ALL, CONTACTS, "crm_manufacturing.group_channel_manager"),
    ),
    "general": (
        "Grace Lin",
        (
            SALES_MANAGER,
            CONTACTS,
            "mrp.group_mrp_manager",
            "purchase.group_purchase_manager",
            "stock.group_stock_manager",
            "account.group_account_manager",
            "crm_manufacturing.group_channel_manager",
            "crm_manufacturing.group_price_approver",
            "crm_manufacturing.group_manager",
        ),
    ),
}

# The login of a customer's person in the portal.
PORTAL_LOGIN = "customer"

TEAM_OF_REGION = {
    region: team for team, (regions, _people) in TEAMS.items() for region in regions
}


def salespeople():
    """Return (login, name, team) of the twelve salespeople in table order."""
    return [
        (login, name, team)
        for team, (_regions, people) in TEAMS.items()
        for login, name in people
    ]
