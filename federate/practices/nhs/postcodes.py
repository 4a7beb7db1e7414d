"""Postcodes written one way."""

__all__ = ["normal_postcode"]


def normal_postcode(text: str) -> str:
    """Write a postcode in capitals with one blank before its last three signs.

    Publications differ: ``SK116JL``, ``N20  0DH``, ``LA1 1PN``.

    Examples
    --------
    >>> normal_postcode("SK116JL"), normal_postcode("n20  0dh"), normal_postcode("")
    ('SK11 6JL', 'N20 0DH', '')
    """
    bare = "".join(text.split()).upper()
    return f"{bare[:-3]} {bare[-3:]}" if bare else ""
