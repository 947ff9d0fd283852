"""A year of activities done and meetings held."""

from datetime import timedelta

from odoo.fields import Command

from .desk import chunks

SUMMARIES = ("Stock and next order", "Open points", "Season planning", "Price list")


def book_contacts(desk):
    """Book the calls as done activities and the meetings with the customer."""
    calls = [one for one in desk.plan.contacts if one.kind == "call"]
    for part in chunks(calls, 200):
        _book_calls(desk, part)
        desk.breathe()
    meetings = [one for one in desk.plan.contacts if one.kind == "meeting"]
    for part in chunks(meetings, 100):
        _book_meetings(desk, part)
        desk.breathe()


def _book_calls(desk, calls):
    model = desk.env["ir.model"]._get_id("res.partner")
    call_type = desk.env.ref("mail.mail_activity_data_call")
    activities = desk.env["mail.activity"].create(
        [
            {
                "activity_type_id": call_type.id,
                "res_model_id": model,
                "res_id": desk.partners[call.customer].id,
                "user_id": desk.users[call.user].id,
                "date_deadline": desk.date(call.day),
                "summary": SUMMARIES[call.customer % len(SUMMARIES)],
            }
            for call in calls
        ]
    )
    activities.action_archive()
    for activity, call in zip(activities, calls, strict=True):
        activity.date_done = desk.date(call.day)


def _book_meetings(desk, meetings):
    quiet = {"no_mail_to_attendees": True, "dont_notify": True}
    desk.env["calendar.event"].with_context(**quiet).create(
        [
            {
                "name": f"Visit: {desk.plan.customers[meeting.customer].name}",
                "start": desk.moment(meeting.day, 2),
                "stop": desk.moment(meeting.day, 2) + timedelta(hours=2),
                "user_id": desk.users[meeting.user].id,
                "partner_ids": [
                    Command.set(
                        (
                            desk.partners[meeting.customer]
                            | desk.users[meeting.user].partner_id
                        ).ids
                    )
                ],
            }
            for meeting in meetings
        ]
    )
