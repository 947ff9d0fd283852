"""Customers, dealers, prospects, suppliers and their contact persons."""

import re
import unicodedata

from odoo import Command

from ..data.customers import LANGUAGES, REGIONS
from ..data.people import PORTAL_LOGIN
from ..data.suppliers import SUPPLIERS

TERMS = {
    0: "account.account_payment_term_immediate",
    30: "account.account_payment_term_30days",
    45: "account.account_payment_term_45days",
}


def book_partners(desk):
    """Make customers with their contacts, then suppliers."""
    desk.languages = _language_of_country(desk)
    desk.terms = _payment_terms(desk)
    _book_region_groups(desk)
    records = desk.env["res.partner"].create(
        [_customer(desk, c) for c in desk.plan.customers]
    )
    desk.partners = list(records)
    desk.backdate(records, [customer.since for customer in desk.plan.customers])
    desk.buyers = [
        partner.child_ids[:1] if customer.orders_by_contact else partner
        for customer, partner in zip(desk.plan.customers, records, strict=True)
    ]
    _open_portal(desk)
    desk.suppliers = list(
        desk.env["res.partner"].create([_supplier(desk, s) for s in SUPPLIERS])
    )


def _open_portal(desk):
    """Give the contact of the best customer with a late order a login to the portal."""
    late = [chain for chain in desk.plan.chains if chain.slips]
    partner = desk.partners[max(late, key=lambda chain: len(chain.slips)).customer]
    desk.open_portal(partner.child_ids[:1] or partner, PORTAL_LOGIN)


def _language_of_country(desk):
    """Return {country code: installed language code}."""
    installed = {code for code, _name in desk.env["res.lang"].get_installed()}
    return {
        country: language
        for language, countries in LANGUAGES.items()
        if language in installed
        for country in countries
    }


def _payment_terms(desk):
    """Return {days: payment term}; the host ships no 60 days."""
    terms = {days: desk.env.ref(xmlid) for days, xmlid in TERMS.items()}
    line = {"value": "percent", "value_amount": 100, "nb_days": 60}
    terms[60] = desk.env["account.payment.term"].create(
        {"name": "60 Days", "line_ids": [Command.clear(), Command.create(line)]}
    )
    return terms


def _book_region_groups(desk):
    """Make a country group per sales region."""
    for region, (name, rows) in REGIONS.items():
        codes = sorted({country.upper() for _name, _city, country, _contact in rows})
        countries = desk.env["res.country"].search([("code", "in", codes)])
        desk.env["res.country.group"].create(
            {
                "name": name,
                "code": region.upper(),
                "country_ids": [Command.set(countries.ids)],
            }
        )


def _customer(desk, customer):
    """Return the values of a customer with its persons."""
    values = _company(desk, customer.name, customer.city, customer.country)
    values.update(
        user_id=desk.users[customer.salesperson].id,
        property_payment_term_id=desk.terms[customer.terms].id,
        child_ids=_persons(desk, customer),
        category_id=_tags(desk, customer),
    )
    if customer.euro:
        values["specific_property_product_pricelist"] = desk.euro_list.id
    if customer.grade:
        grade = desk.grades[customer.grade]
        values["grade_id"] = grade.id
        values["dealer_stage"] = "active"
        values["specific_property_product_pricelist"] = grade.default_pricelist_id.id
    return values


def _company(desk, name, city, country):
    number = sum(map(ord, name)) * 97 % 9_000_000 + 1_000_000
    country_record = desk.env.ref(f"base.{country}")
    return {
        "name": name,
        "is_company": True,
        "city": city,
        "country_id": country_record.id,
        "email": f"info@{slug(name)}.example",
        "website": f"https://{slug(name)}.example",
        "phone": f"+{country_record.phone_code} {number:,}".replace(",", " "),
        "lang": desk.languages.get(country) or desk.env.user.lang,
    }


def _persons(desk, customer):
    """Return commands that create the contact persons of a customer."""
    people = [(customer.contact, customer.job)]
    if customer.second_contact:
        people.append((customer.second_contact, "Warehouse Manager"))
    return [
        Command.create(
            {
                "name": name,
                "function": job,
                "email": f"{slug(name.split()[0])}@{slug(customer.name)}.example",
                "lang": desk.languages.get(customer.country) or desk.env.user.lang,
                "user_id": desk.users[customer.salesperson].id,
            }
        )
        for name, job in people
    ]


def _tags(desk, customer):
    """Return the tag of a company we want as a customer, when the addon has it."""
    tag = desk.env.ref(
        "crm_manufacturing.partner_category_target", raise_if_not_found=False
    )
    return [Command.link(tag.id)] if tag and customer.role == "suspect" else []


def _supplier(desk, supplier):
    values = _company(desk, supplier.name, supplier.city, supplier.country)
    person = {
        "name": supplier.contact,
        "function": "Sales Manager",
        "email": f"sales@{slug(supplier.name)}.example",
    }
    values.update(
        supplier_rank=1,
        property_supplier_payment_term_id=desk.terms[30].id,
        child_ids=[Command.create(person)],
    )
    return values


def slug(name):
    """Return the first two words of a name as a domain label."""
    plain = (
        unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    )
    return "-".join(re.findall(r"[a-z0-9]+", plain)[:2])
