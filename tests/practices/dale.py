"""A small instance folder with every file, to be read, spoilt and read again."""

FILES = {
    "instance.toml": """\
schema = 1
name = "dale"
title = "Dale and Fell"
attribution = "Fictional"

[attributes.imd]
unit = "score"

[attributes.rurality]
unit = "label"
kind = "category"
""",
    "practices.csv": """\
code,name,easting_m,northing_m,list_size,budget_gbp,imd,rurality
A001,"Ash, Oak & Partners",351000,492000,8200,14350000,21.5,Urban
A002,Brougham Street,351900.5,492500,6100,10675000,33,Urban
A003,Côte Cottage Surgery,356000,488000,2300,4025000,,Rural
A004,Dale Health Centre,347000,497000,11950,20912500.25,9.25,Rural
""",
    "neighbours.csv": "a,b\nA001,A002\nA001,A003\nA001,A004\n",
    "travel.csv": """\
origin,destination,minutes
A001,A002,4
A002,A001,5.5
A003,X1,18
""",
    "bases.csv": """\
code,name,easting_m,northing_m,status,fixed_cost_gbp
X1,Dale Hospital,351200,492100,open,450000
X2,Fell Cottage Hospital,347100,497100,candidate,
""",
    "partners.csv": """\
code,name,contract,share,fee_share,fixed_gbp,capacity_gbp
P1,Lake Re,quota_share,0.4,0.03,20000,
P2,Support North,support,,,150000,90000000
""",
    "ties.csv": "a,b,kind,strength\nA001,A002,allied,\nA003,A004,would_not,0.5\n",
    "current.csv": "code,federation\nA001,North\nA002,North\nA004,South\n",
    "boundary.geojson": """\
{"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates":
[[[-3.0, 54.2], [-2.4, 54.2], [-2.4, 54.6], [-3.0, 54.6], [-3.0, 54.2]]]}}
""",
    "barriers.geojson": """\
{"type": "LineString", "coordinates": [[-2.9, 54.3], [-2.8, 54.35]]}
""",
}
