"""Files of a body's items: sent by the body, described, taken out, and given back to it."""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from campaign import attachments, gallery
from campaign.attachments import PLACE, Attached
from campaign.forms import files as forms
from campaign.models import Campaign, FilingFile, Item, Media
from campaign.presentation import bundle
from campaign.presentation.liaison import FORMS
from campaign.views.pages import body, mine, officer
from core import access, files, sending, uploads
from core.db import db, read_only_done, transaction
from core.errors import N_, AppError, InvalidInput, NotFound
from core.paths import local_path
from core.web import takes_upload

#: More than the largest film a campaign may allow; its own limit is checked for each file.
UPLOAD = 520 * 2**20
ITEMS = "<any(slip,plan,summary,evidence):item>"


@body.post(f"/<body_id>/{ITEMS}/files")
@officer
@takes_upload(UPLOAD)
def attach(body_id: str, item: str) -> Any:
    """Take several files, or a link; what is refused is named with its reason, the rest stays."""
    found, wanted = mine(body_id), Item(item)
    attachments.check_open(found, wanted)
    video_mb = db.session.get_one(Campaign, found.campaign_id).video_limit_mb
    words, url = forms.said(request.form), request.form.get("url", "").strip()
    # Photos are drawn anew now, and no connection waits for it.
    read_only_done()
    taken, done = _take(wanted, video_mb)
    with transaction():
        found, actor = mine(body_id), access.current()
        if taken:
            done += attachments.add(found, wanted, taken, actor, words)
        if url and wanted is Item.EVIDENCE:
            done.append(attachments.add_link(found, url, actor, words))
    if not done:
        raise InvalidInput("no_file", N_("Choose files first, then press the button."))
    return _answer(body_id, wanted, done)


def _take(item: Item, video_mb: int) -> tuple[list[uploads.Taken], list[Attached]]:
    taken, refused = [], []
    for upload in request.files.getlist("files"):
        name = upload.filename or ""
        if not name:
            continue
        try:
            taken.append(attachments.take(upload.stream, name, item, video_mb=video_mb))  # type: ignore[arg-type]
        except InvalidInput as error:
            refused.append(Attached(name[:120], refusal=error))
    return taken, refused


def _answer(body_id: str, item: Item, done: list[Attached]) -> Any:
    refused = [(one.name, sentence(one.refusal)) for one in done if one.refusal]
    there = [one.name for one in done if one.file and not one.new]
    stored = sum(one.new for one in done)
    status = 200 if stored or there else 422
    if request.accept_mimetypes.best == "application/json":
        return {"stored": stored, "there": there, "refused": refused}, status
    back = back_to(body_id, item)
    if refused:
        page = render_template(
            "campaign/body/attached.html",
            body=mine(body_id), item=item, refused=refused, there=there, stored=stored, back=back,
        )  # fmt: skip
        return page, status
    if stored:
        said = ngettext("%(num)s file is attached.", "%(num)s files are attached.", stored)
        flash(said, "success")
    if there:
        flash(_("Attached before, and not twice: %(names)s", names=_(", ").join(there)), "warning")
    return redirect(back)


def sentence(error: AppError) -> str:
    """Return the refusal of one file in the reader's language."""
    return str(_(error.message, **error.params))


def back_to(body_id: str, item: Item, **more: str) -> str:
    """Return the page of this site the sender came from, else that of the item."""
    page = local_path(request.form.get("next")) or url_for(FORMS[item], body_id=body_id)
    parts = urlsplit(page)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "removed"]
    return parts._replace(query=urlencode([*query, *more.items()])).geturl()


@body.post("/<body_id>/files/<file_id>")
@officer
def change_file(body_id: str, file_id: str) -> Response:
    """Describe a file, take it out of the draft, or put it back."""
    act, more = request.form.get("act"), {}
    with transaction():
        found, actor = mine(body_id), access.current()
        file = attachments.find(file_id, found)
        if act == "remove":
            attachments.remove(found, file, actor)
            more = {"removed": file_id}
        elif act == "restore":
            attachments.restore(found, file, actor)
            flash(_("The file is back."), "success")
        else:
            attachments.change(found, [(file, forms.said(request.form))], actor)
            flash(_("The description is saved."), "success")
        item = file.item
    return redirect(back_to(body_id, item, **more))


@body.get("/<body_id>/files/<file_id>")
@officer
def file(body_id: str, file_id: str) -> Response:
    """Send an attached file."""
    return answer_with(attachments.find(file_id, mine(body_id)))


@body.get("/<body_id>/files/<file_id>/thumbnail")
@officer
def thumbnail(body_id: str, file_id: str) -> Response:
    """Send the small copy of a photo."""
    return answer_with(attachments.find(file_id, mine(body_id)), small=True)


@body.get("/<body_id>/files.zip")
@officer
def body_zip(body_id: str) -> Response:
    """Send all files of an item as one ZIP."""
    found, item = mine(body_id), forms.item(request.args)
    shown = gallery.everything(found, item)
    return sending.send_zip(bundle.entries(shown), bundle.name_of(found, item))


def answer_with(file: FilingFile, *, small: bool = False) -> Response:
    """Send a file to be saved; photos, which we drew ourselves, are shown unless asked to save."""
    photo = file.media is Media.PHOTO
    if file.media is Media.LINK or (small and not photo):
        raise NotFound("unknown_file", N_("There is no such file. Go back to the list."))
    name = uploads.small(file.file) if small else file.file
    return sending.send(
        files.directory(PLACE) / name,
        file.name,
        "image/jpeg" if small else file.media_type,
        etag=f"{file.sha256}{'-small' if small else ''}",
        inline=small or (photo and "save" not in request.args),
    )
