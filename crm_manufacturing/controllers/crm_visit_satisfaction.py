from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import consteq
from odoo.tools.misc import get_lang

from ..models.crm_visit_satisfaction import SUBJECTS
from ..tools.entered import read_text
from ..tools.grade import parse_grade


class SatisfactionController(http.Controller):
    """The page behind the link of the mail. Whoever holds the token may answer once."""

    @http.route(
        "/satisfaction/<string:token>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        website=True,
        sitemap=False,
    )
    def satisfaction(self, token, **post):
        """Show the three questions; take the answers."""
        rating = self._find_rating(token)
        if not rating:
            raise NotFound()
        # sudo: the token stands for the customer; only plain values go to the page
        asked = request.env["crm.visit.satisfaction"].sudo().browse(rating.res_id)
        values = self._prepare_page(asked)
        if request.httprequest.method == "POST" and not values["answered"]:
            values.update(self._take_answer(asked, rating, post))
        lang = get_lang(request.env, rating.partner_id.lang).code
        return (
            request.env["ir.ui.view"]
            .with_context(lang=lang)
            ._render_template("crm_manufacturing.crm_visit_satisfaction_page", values)
        )

    def _find_rating(self, token):
        """The host's rating of this token, if it is one of ours."""
        # sudo: an anonymous customer reads the one row of his token
        rating = (
            request.env["rating.rating"]
            .sudo()
            .search(
                [
                    ("access_token", "=", token),
                    ("res_model", "=", "crm.visit.satisfaction"),
                ],
                limit=1,
            )
        )
        return rating if rating and consteq(rating.access_token, token) else None

    def _prepare_page(self, asked):
        return {
            "order": asked.order_id.name,
            "company": asked.company_id.name,
            "answered": asked.state == "answered",
            "thanks": False,
            "error": False,
            "grades": {},
        }

    def _take_answer(self, asked, rating, post):
        """What changes on the page: thanks, or what is wrong with the answer."""
        grades = {subject: parse_grade(post.get(subject)) for subject in SUBJECTS}
        comment = read_text(post.get("comment"))[:2000]
        if None in grades.values():
            return {
                "error": request.env._("Please choose 1 to 5 for each question."),
                "grades": grades,
            }
        try:
            asked._answer(grades, comment, rating)
        except UserError as error:
            return {"error": str(error)}
        return {"thanks": True, "answered": True}
