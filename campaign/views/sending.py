"""Files that leave the office: tables and printable lists."""

from werkzeug.wrappers import Response

from campaign.exports import File


def sent(file: File) -> Response:
    """Return a file to be kept, under its own name."""
    headers = {"Content-Disposition": file.disposition}
    return Response(file.content, mimetype=file.media_type, headers=headers)
