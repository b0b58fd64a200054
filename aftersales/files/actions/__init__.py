"""Every change to photos: attach, move to another thing, hide and show."""
