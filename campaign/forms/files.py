"""What is said of attached files: captions, tasks and dates, for one file or a page of them."""

from collections.abc import Iterable, Mapping
from datetime import date

from campaign.attachments import Said
from campaign.gallery import Wish
from campaign.models import Item, Media
from core.errors import N_, InvalidInput

#: Files described at once: a page of the gallery, and then some.
MOST = 200


def said(sent: Mapping[str, str], of: str = "") -> Said:
    """Return what was said of the file ``of``, or of a whole batch, or raise InvalidInput."""
    end = f"-{of}" if of else ""
    day, task = sent.get(f"taken_on{end}", "").strip(), sent.get(f"task{end}", "").strip()
    try:
        taken_on = date.fromisoformat(day) if day else None
    except ValueError as error:
        raise InvalidInput(
            "date_impossible", N_("The date of a file lies in the past. Check the year.")
        ) from error
    number = int(task) if task.isascii() and task.isdigit() else -1
    return Said(sent.get(f"caption{end}", ""), number if task else 0, taken_on).checked()


def described(sent: Iterable[str]) -> list[str]:
    """Return the ids of the files that a page describes, from the names of its fields."""
    return [name.removeprefix("caption-") for name in sent if name.startswith("caption-")][:MOST]


def wish(args: Mapping[str, str]) -> Wish:
    """Return what somebody wants to see of a gallery; what is no such thing is not asked for."""
    task, page, media = args.get("task", ""), args.get("page", ""), args.get("media", "")
    return Wish(
        task=int(task) if task in set("012345678") else None,
        media=Media(media) if media in set(Media) else None,
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )


def item(args: Mapping[str, str]) -> Item:
    """Return the item whose files are wanted; evidence unless another is named."""
    named = args.get("item", "")
    return Item(named) if named in set(Item) else Item.EVIDENCE
