"""Files of the bodies as the office looks at them: by item, version, task and kind."""

from flask import render_template, request
from werkzeug.wrappers import Response

from campaign import attachments, gallery
from campaign.forms import files as forms
from campaign.models import Body, Filing, Item
from campaign.presentation import bundle
from campaign.views.attachments import answer_with
from campaign.views.pages import body_of_year, office, staff
from core import sending

#: The files as they are now, filed or not.
NOW = "now"


@office.get("/<int:year>/bodies/<body_id>/files")
@staff
def body_files(year: int, body_id: str) -> str:
    """Show the files of an item: those of the newest version, of another, or those at hand."""
    campaign, found = body_of_year(year, body_id)
    item, wish, versions = (
        forms.item(request.args),
        forms.wish(request.args),
        gallery.versions(found),
    )
    filing = _filing(found, item, versions[item])
    shown = gallery.filed(filing, wish) if filing else gallery.at_hand(found, item, wish)
    return render_template(
        "campaign/office/files.html",
        campaign=campaign,
        body=found,
        item=item,
        wish=wish,
        versions=versions[item],
        filing=filing,
        gallery=shown,
        task_names=bundle.task_names(),
    )


def _filing(body: Body, item: Item, versions: list[int]) -> Filing | None:
    """Return the version that is wanted, the newest unless said; None for the files at hand."""
    wanted = request.args.get("version", "")
    if wanted == NOW or not versions:
        return None
    number = int(wanted) if wanted.isascii() and wanted.isdigit() else versions[0]
    return gallery.version(body, item, min(number, 2**31 - 1))


@office.get("/<int:year>/bodies/<body_id>/files.zip")
@staff
def body_zip(year: int, body_id: str) -> Response:
    """Send the files of an item as one ZIP."""
    _campaign, found = body_of_year(year, body_id)
    item = forms.item(request.args)
    filing = _filing(found, item, gallery.versions(found)[item])
    shown = gallery.in_version(filing) if filing else gallery.everything(found, item)
    return sending.send_zip(bundle.entries(shown), bundle.name_of(found, item))


@office.get("/files/<file_id>")
@staff
def file(file_id: str) -> Response:
    """Send an attached file."""
    return answer_with(attachments.find(file_id))


@office.get("/files/<file_id>/thumbnail")
@staff
def thumbnail(file_id: str) -> Response:
    """Send the small copy of a photo."""
    return answer_with(attachments.find(file_id), small=True)
