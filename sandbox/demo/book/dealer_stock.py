"""A year of dealers' stock reports: what they had, got, sold and have left."""

from dateutil.relativedelta import relativedelta

from odoo import Command

from ..data.dealers import CATANIA, DEALERS, END_CUSTOMERS

# days of the following month; reports are due on the tenth
DAY, LATE_DAY = 4, 18
MISSING = 7
CORRECTED = (CATANIA, 3)


def book_stock_reports(desk):
    """Month by month: each report opens with what the one before closed with."""
    first = desk.today.replace(day=1)
    for back in range(12, 0, -1):
        reporting = [place for place, one in DEALERS.items() if back in one.reported]
        for late in (False, True):
            part = [p for p in reporting if (back in DEALERS[p].late) == late]
            sent = first - relativedelta(months=back - 1)
            sent += relativedelta(days=LATE_DAY if late else DAY)
            if part and sent <= desk.today:
                with desk.at((sent - desk.today).days):
                    _report(desk, part, back)
    desk.breathe()


def _report(desk, places, back):
    period = desk.today.replace(day=1) - relativedelta(months=back)
    reports = desk.env["dealer.stock.report"].create(
        [{"dealer_id": desk.dealers[p].id, "period": period} for p in places]
    )
    reports.action_propose()
    for place, report in zip(places, reports, strict=True):
        if back == max(DEALERS[place].reported):
            _open(desk, place, report)
        _sell(desk, place, report, back)
    reports.action_submit()
    if back > 1:
        reports.action_accept()
    for place, report in zip(places, reports, strict=True):
        if (place, back) == CORRECTED:
            _correct(report)


def _open(desk, place, report):
    """What was on the shelves before the first report: a fifth of the largest order."""
    largest = {}
    for order in desk.plan.orders:
        for line in order.lines if order.customer == place else ():
            product = desk.products[line.code]
            if product.type == "consu" and not product.bom_ids.filtered(_is_kit):
                largest[product] = max(line.quantity, largest.get(product, 0))
    known = {line.product_id: line for line in report.line_ids}
    report.line_ids = [
        Command.update(known[product].id, {"opening_qty": quantity // 5})
        if product in known
        else Command.create({"product_id": product.id, "opening_qty": quantity // 5})
        for product, quantity in largest.items()
        if quantity // 5
    ]


def _is_kit(bom):
    return bom.type == "phantom"


def _sell(desk, place, report, back):
    """A share of what there is, some of it to buyers he names."""
    dealer, names = DEALERS[place], END_CUSTOMERS.get(place, ())
    for number, line in enumerate(report.line_ids):
        stock = line.opening_qty + line.received_qty
        share = 0 if line.product_id.default_code == dealer.shelved else dealer.pace
        # more in the warm half of the year
        season = 1.2 if report.period.month in range(4, 10) else 0.9
        sold = min(round(stock * share * season), stock)
        values = {"sold_qty": sold}
        if names and sold > 4 and number == 0:
            name = names[(12 - back) // 2 % len(names)]
            sale = {"end_name": name, "quantity": sold // 4}
            values["sale_ids"] = [Command.create(sale)]
        line.write(values)
    report.action_as_calculated()
    if back in dealer.wrong:
        line = report.line_ids.filtered(lambda one: one.closing_qty > MISSING)[:1]
        line.closing_qty -= MISSING


def _correct(report):
    """He counted again: two more were sold."""
    action = report.action_correct()
    correction = report.browse(action["res_id"])
    line = correction.line_ids.filtered(lambda one: one.closing_qty > 2)[:1]
    line.sold_qty += 2
    correction.action_as_calculated()
    correction.action_submit()
