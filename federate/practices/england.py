"""A coarse outline of England, to notice points that cannot be meant.

Drawn by hand from well-known headlands and border towns of the National Grid,
in whole kilometres. It is good to some kilometres, so a point counts as outside
only beyond `MARGIN_M`; it is no coastline and is never drawn on a map.
"""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import shapely

__all__ = ["MARGIN_M", "england"]

MARGIN_M = 10_000.0

_MAINLAND_KM = (
    (400, 653), (418, 635), (427, 604), (432, 588), (437, 569), (441, 557),
    (453, 533), (461, 525), (490, 511), (505, 488), (513, 481), (526, 470),
    (518, 466), (521, 447), (534, 428), (540, 410), (528, 411), (551, 385),
    (557, 363), (535, 343), (548, 333), (560, 325), (567, 341), (592, 345),
    (622, 343), (638, 331), (653, 307), (656, 293), (651, 276), (647, 256),
    (630, 234), (627, 222), (618, 214), (604, 208), (602, 190), (589, 184),
    (592, 175), (611, 167), (636, 171), (640, 169), (638, 152), (636, 143),
    (623, 135), (609, 117), (583, 109), (559, 95), (531, 103), (515, 102),
    (485, 92), (466, 87), (449, 75), (429, 84), (418, 90), (404, 76),
    (396, 75), (367, 68), (334, 91), (300, 80), (295, 56), (283, 37),
    (272, 36), (242, 48), (200, 39), (182, 31), (170, 11), (160, 22),
    (146, 24), (134, 25), (135, 32), (152, 41), (185, 76), (205, 89),
    (223, 128), (243, 130), (244, 146), (252, 148), (272, 150), (297, 147),
    (330, 149), (340, 172), (351, 178), (354, 194), (353, 210), (345, 222),
    (325, 230), (323, 242), (325, 255), (329, 272), (320, 282), (323, 298),
    (322, 331), (329, 338), (350, 341), (341, 354), (335, 364), (328, 377),
    (320, 389), (326, 407), (332, 418), (330, 427), (333, 448), (340, 461),
    (320, 462), (314, 478), (294, 514), (299, 529), (310, 554), (322, 563),
    (333, 567), (338, 575), (347, 583), (362, 595), (370, 607), (389, 620),
    (384, 640), (391, 648), (397, 658),
)  # fmt: skip
_SCILLY_KM = ((81, 4), (97, 4), (97, 19), (81, 19))


@cache
def england() -> "shapely.MultiPolygon":
    """Outline of the mainland, the Isle of Wight and the Isles of Scilly.

    Metres, EPSG:27700.

    Examples
    --------
    >>> import shapely
    >>> bool(england().contains(shapely.Point(530_000, 180_000)))  # London
    True
    >>> bool(england().contains(shapely.Point(318_000, 176_000)))  # Cardiff
    False
    """
    import shapely

    rings = (_MAINLAND_KM, _SCILLY_KM)
    return shapely.MultiPolygon(
        [
            shapely.Polygon([(1_000 * east, 1_000 * north) for east, north in ring])
            for ring in rings
        ]
    )
