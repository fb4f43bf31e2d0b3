"""Every address of the desk."""

from __future__ import annotations

from django.templatetags.static import static
from django.urls import path
from django.views.generic import RedirectView

from consultant.web import (
    account,
    actions,
    case,
    desk,
    health,
    house,
    letters,
    lookup,
    mine,
    outbox,
    people,
    proposals,
    sorting,
    trail,
)

urlpatterns = [
    path("", account.home, name="home"),
    path("favicon.ico", RedirectView.as_view(url=static("consultant/icon.svg")), name="icon"),
    path("sign-in", account.sign_in, name="sign-in"),
    path("sign-out", account.sign_out, name="sign-out"),
    path("password", account.new_password, name="new-password"),
    # the desk
    path("queue", desk.queue, name="queue"),
    path("case/<int:case_id>", case.case, name="case"),
    path("case/<int:case_id>/pulse", case.pulse, name="pulse"),
    path("case/<int:case_id>/do/<slug:deed>", actions.act, name="act"),
    path("case/<int:case_id>/reveal", case.reveal, name="reveal"),
    path("case/<int:case_id>/drafts/<int:version>", case.version, name="draft"),
    path("case/<int:case_id>/drafts/<int:version>/html", letters.draft_html, name="draft-html"),
    path("case/<int:case_id>/letters/<int:letter_id>/html", letters.html, name="letter-html"),
    path("case/<int:case_id>/letters/<int:letter_id>/raw", letters.raw, name="letter-raw"),
    path("case/<int:case_id>/letters/<int:letter_id>/attachments/<int:place>", letters.attachment, name="attachment"),
    path("outbox", outbox.outbox, name="outbox"),
    path("outbox/<int:reply_id>", outbox.reply, name="reply"),
    path("outbox/<int:reply_id>/html", outbox.html, name="reply-html"),
    path("outbox/<int:reply_id>/raw", outbox.raw, name="reply-raw"),
    path("house", house.house, name="house"),
    path("house/switch", house.switch, name="switch"),
    path("case/<int:case_id>/propose", proposals.propose, name="propose"),
    path("proposals", proposals.proposals, name="proposals"),
    path("proposals/<int:proposal_id>", proposals.one, name="proposal"),
    path("proposals/<int:proposal_id>/<slug:deed>", proposals.decide, name="decide"),
    path("sorting", sorting.sorting, name="sorting"),
    path("sorting/blocks/<int:block_id>/lift", sorting.unblock, name="unblock"),
    path("lookup", lookup.lookup, name="lookup"),
    # for askers
    path("mine", mine.mine, name="mine"),
    path("mine/<int:case_id>", mine.one, name="mine-case"),
    # for auditors
    path("trail", trail.trail, name="trail"),
    path("trail/verify", trail.verify_all, name="verify-all"),
    path("trail/<int:case_id>", trail.one, name="trail-case"),
    path("trail/<int:case_id>/verify", trail.verify_one, name="verify"),
    path("trail/<int:case_id>/export", trail.export, name="export"),
    path("trail/<int:case_id>/export/unmasked", trail.export_revealed, name="export-revealed"),
    # for admins, and for machines
    path("admin/", people.site.urls),
    path("health", health.health, name="health"),
]
