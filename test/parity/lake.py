"""Makes the small nasty lake that the parity queries run on: the same bytes every time.

    python test/parity/lake.py      (needs pyarrow)
"""

import datetime
import decimal
import pathlib

import pyarrow as pa
import pyarrow.parquet as pq

LAKE = pathlib.Path(__file__).parent / "fixtures" / "lake" / "bronze"
MICROS = pa.timestamp("us", tz="UTC")

# Text that a cast to a number or boolean meets.
RAW = [
    None, "", " ", "0", "1", "-1", "+5", " 12 ", "\t7\n", "1.5", "-1.5", "1.", ".5", ".", "-", "+", "--5", "5-", "1e3", "1E-3", "1.5e+3",
    "1e", "e5", "0x1F", "0x1p3", "1_000", "1,000", "NaN", "nan", "Infinity", "-Infinity", "inf", "-inf", "infi", "1d", "1.5f", "5L", "007", "-0",
    "0.0", "127", "128", "-129", "32768", "2147483647", "2147483648", "-2147483648", "-2147483649", "9223372036854775807",
    "9223372036854775808", "-9223372036854775808", "99999999999999999999999999999999999999", "1e400", "-1e-400", "1.23456789012345678901234567890",
    "true", "TRUE", " t ", "y", "Yes", "f", "no", "on", "off", "2", "abc", "12abc", "1 2", "\u00a05", "5\u00a0", "\x005", "1\x7f",
    "0.005", "0.015", "2.675", "1.005", "12345.678", "99.995", "999999999.99", "99999999.995", "3.14159", "1e-7", "0.1", "16777217", "4.9e-324",
]

# Text that a cast to a date or timestamp meets.
DATES = [
    None, "", "2014", "2014-1", "2014-01", "2014-1-5", "2014-01-05", " 2014-01-05 ", "2014-01-05 ", "2014-01-05x", "2014-01-05 x", "2014-01-05Tx",
    "2014-01-05T", "20140105", "2014/01/05", "05-01-2014", "14-01-05", "02014-01-05", "2014-13-01", "2014-00-10", "2014-02-29", "2016-02-29",
    "2015-02-30", "2014-04-31", "2014-1-05", "2014-001-05", "2014-01-005", "2014-", "2014-01-", "-2014-01-05", "+2014-01-05", "0000-01-01", "0001-01-01",
    "9999-12-31", "10000-01-01", "294247-01-10", "1582-10-10", "1900-02-29", "2000-02-29", "2014-01-05 07:15:00", "2014-01-05T07:15:00",
    "2014-01-05 7:5:3", "2014-01-05 07:15", "2014-01-05 07", "2014-01-05 07:15:00.1", "2014-01-05 07:15:00.123456", "2014-01-05 07:15:00.123456789",
    "2014-01-05 07:15:00.", "2014-01-05 24:00:00", "2014-01-05 23:60:00", "2014-01-05 23:59:60", "2014-01-05 07:15:00Z", "2014-01-05T07:15:00.5Z",
    "2014-01-05 07:15:00 Z", "2014-01-05 07:15:00z", "2014-01-05 07:15:00+01:00", "2014-01-05 07:15:00-0530", "2014-01-05 07:15:00+5",
    "2014-01-05 07:15:00+5:3", "2014-01-05 07:15:00+18:01", "2014-01-05 07:15:00UTC", "2014-01-05 07:15:00 UTC+3", "2014-01-05 07:15:00 GMT-03:30",
    "2014-01-05 07:15:00 Europe/Paris", "2014-07-05 07:15:00 Europe/Paris", "2014-03-30 02:30:00 Europe/Paris", "2014-10-26 02:30:00 Europe/Paris",
    "2014-01-05 07:15:00 PST", "2014-01-05 07:15:00 EST", "2014-01-05 07:15:00 Nowhere/City", "1969-12-31 23:59:59.999999", "1960-02-03 04:05:06.7",
    "2014-01-05  07:15:00", "2014-01-05 07:15:00.12 3", "2014-01-05 007:15:00", "Jan 5, 2014", "yesterday", "2014-1-5 1:2", "2014-01-05 07:15Z",
    "2014-01-05-", "2014--01-05",
]

# Text for functions on text and for LIKE.
TITLES = [
    None, "", " ", "Zelda", "zelda", "ZELDA: A Link", "  padded  ", "\ttabbed\t", "xxhixx", "a,b,,c,", ",", "a.b.c", "100%", "a_b", "a\\b", "it's", 'say "hi"',
    "line\nbreak", "line\r\nend\r\n", "end\n", "😀", "h😀llo", "😀😀 x", "naïve café", "STRASSE straße", "İstanbul", "ΟΔΟΣ", "ﬁne", "日本語", "e\u0301",
    "\uffff", "\U0010ffff", "a\u0000b", "mixed CASE wORDS here", "2014-01-05", "12345678901234567890", "foo123bar45", "aaa", "abab", "$1 \\1",
    "tab\tand  spaces", "key=value", "http://x.y/z?a=b&c=d", "UPPER", "lower", "ünïcödé", "\u2028", "-", "--", "___",
]


def reviews():
    count = 96
    rows = []
    for i in range(count):
        pick = lambda values, step=1: values[(i * step) % len(values)]
        rows.append({
            "review_id": f"r{i:03d}",
            "customer_id": pick(["c1", "c2", None, "c3", "", "orphan", "c4", "C1", " c1", "c2", "c5", "10", "010", "c1"]),
            "cust_num": pick([1, 2, None, 3, 99, 2147483647, 10, 4, 5, -1, 10]),
            "product_title": pick(TITLES),
            "star_rating": pick([5, 4, None, 1, 3, 2, 5, 0, -1, 2147483647]),
            "helpful_votes": pick([0, 1, None, 2**40, -(2**63), 2**63 - 1, 7]),
            "verified_purchase": pick(["Y", "N", "Y", None, "y", "Y"]),
            "review_body": "lorem ipsum 😀 " * 1000 if i == 40 else pick(TITLES, 7),
            "review_timestamp": pick([
                datetime.datetime(2014, 1, 5, 7, 15, 0, 123456), None, datetime.datetime(1969, 12, 31, 23, 59, 59, 999999),
                datetime.datetime(2015, 8, 31), datetime.datetime(2000, 2, 29, 12, 0, 0, 1), datetime.datetime(1999, 12, 31, 23, 0),
                datetime.datetime(2021, 11, 7, 13, 5, 9, 500000),
            ]),
            "purchase_date": DATES[i] if i < len(DATES) else pick(DATES),
            "raw": RAW[i] if i < len(RAW) else pick(RAW),
            "price": pick([decimal.Decimal("0.00"), decimal.Decimal("19.99"), None, decimal.Decimal("-5.50"), decimal.Decimal("99999999.99"), decimal.Decimal("2.50"), decimal.Decimal("0.01"), decimal.Decimal("10.00")]),
            "score": pick([0.0, -0.0, None, 1.5, float("nan"), float("inf"), float("-inf"), 1e300, 2.5, -2.5, 1e-7, 123456789.125, 0.1, 3.0]),
            "ratio": pick([0.5, None, 1.1, float("nan"), 16777216.0, -0.0, 3.4e38, 2.45]),
            "flag": pick([True, False, None]),
            "day": pick([datetime.date(2014, 1, 5), None, datetime.date(1969, 12, 31), datetime.date(2016, 2, 29), datetime.date(2014, 12, 31), datetime.date(1, 1, 1), datetime.date(9999, 12, 31)]),
            "bytes": pick([b"abc", None, b"", "😀".encode(), b"ABC"]),
            "tiny": pick([0, 127, -128, None, 5]),
            "small": pick([0, 32767, -32768, None, 7]),
            "huge": pick([decimal.Decimal("1.000000000000000000"), None, decimal.Decimal("99999999999999999999.999999999999999999"), decimal.Decimal("-0.000000000000000001"), decimal.Decimal("3.333333333333333333")]),
            "timestamp": pick(["t1", None, "t2"]),
            "value": pick(['{"a":1}', None, "plain"]),
            "offset": i,
            "current_timestamp": pick(["now", None]),
            "order": pick(["first", "second"]),
            "odd name": pick(["odd", None]),
            "tags": pick([["gift", "toy"], [], None, ["toy", None, "toy", "GIFT"], ["é", "😀"], [""]]),
            "marks": pick([[5, 4], None, [1, None, 3], [], [2, 2, 2147483647]]),
            "attributes": pick([[("color", "red"), ("size", "L")], None, [], [("size", None)], [("color", "blue")], [("", "x"), ("é", "y")]]),
            "geo": pick([
                {"lat": 48.85, "lon": 2.35, "place": {"city": "Paris", "country": "FR"}}, None, {"lat": None, "lon": float("nan"), "place": None},
                {"lat": -0.0, "lon": 0.0, "place": {"city": None, "country": "US"}},
            ]),
            "items": pick([
                [{"sku": "a1", "count": 2, "price": decimal.Decimal("9.99")}, {"sku": "b2", "count": 1, "price": None}], None, [],
                [None, {"sku": None, "count": 0, "price": decimal.Decimal("0.01")}], [{"sku": "c3", "count": 7, "price": decimal.Decimal("100.00")}],
            ]),
        })
    return rows


SCHEMA = pa.schema([
    ("review_id", pa.string()), ("customer_id", pa.string()), ("cust_num", pa.int32()), ("product_title", pa.string()), ("star_rating", pa.int32()),
    ("helpful_votes", pa.int64()), ("verified_purchase", pa.string()), ("review_body", pa.string()), ("review_timestamp", MICROS),
    ("purchase_date", pa.string()), ("raw", pa.string()), ("price", pa.decimal128(10, 2)), ("score", pa.float64()), ("ratio", pa.float32()),
    ("flag", pa.bool_()), ("day", pa.date32()), ("bytes", pa.binary()), ("tiny", pa.int8()), ("small", pa.int16()), ("huge", pa.decimal128(38, 18)),
    ("timestamp", pa.string()), ("value", pa.string()), ("offset", pa.int64()), ("current_timestamp", pa.string()), ("order", pa.string()), ("odd name", pa.string()),
    ("tags", pa.list_(pa.string())), ("marks", pa.list_(pa.int32())), ("attributes", pa.map_(pa.string(), pa.string())),
    ("geo", pa.struct([("lat", pa.float64()), ("lon", pa.float64()), ("place", pa.struct([("city", pa.string()), ("country", pa.string())]))])),
    ("items", pa.list_(pa.struct([("sku", pa.string()), ("count", pa.int32()), ("price", pa.decimal128(8, 2))]))),
])


def customers():
    return [
        {"customer_id": "c1", "cust_num": 1, "customer_name": "Ann", "gender": "F", "date_of_birth": "1980-01-02", "city": "Paris", "state": "TX", "balance": decimal.Decimal("1.500")},
        {"customer_id": "c2", "cust_num": 2, "customer_name": "Bob 😀", "gender": "M", "date_of_birth": "bad", "city": "São Paulo", "state": "CA", "balance": None},
        {"customer_id": "c2", "cust_num": 2, "customer_name": "Bobby", "gender": None, "date_of_birth": "1990-2-3", "city": None, "state": "CA", "balance": decimal.Decimal("-2.250")},
        {"customer_id": "c3", "cust_num": 3, "customer_name": None, "gender": "F", "date_of_birth": None, "city": "", "state": None, "balance": decimal.Decimal("0.000")},
        {"customer_id": None, "cust_num": None, "customer_name": "Nobody", "gender": "X", "date_of_birth": "2000-01-01", "city": "Nowhere", "state": "NV", "balance": None},
        {"customer_id": "", "cust_num": 2**40, "customer_name": "Empty", "gender": "M", "date_of_birth": "1970-01-01", "city": "Void", "state": "WA", "balance": None},
        {"customer_id": " c1", "cust_num": -1, "customer_name": "Space", "gender": "F", "date_of_birth": "1985-05-05", "city": "Blank", "state": "OR", "balance": decimal.Decimal("99.999")},
        {"customer_id": "c4", "cust_num": 4, "customer_name": "Dee", "gender": "M", "date_of_birth": "1975-12-31", "city": "Austin", "state": "TX", "balance": decimal.Decimal("5.000")},
        {"customer_id": "10", "cust_num": 10, "customer_name": "Ten", "gender": "F", "date_of_birth": "2001-09-09", "city": "Boston", "state": "MA", "balance": None},
        {"customer_id": " 10 ", "cust_num": 2147483647, "customer_name": "Tenner", "gender": "F", "date_of_birth": "2001-09-10", "city": "Boston", "state": "MA", "balance": None},
        {"customer_id": "lonely", "cust_num": 77, "customer_name": "Lou", "gender": "M", "date_of_birth": "1999-01-01", "city": "Reno", "state": "NV", "balance": None},
    ]


CUSTOMERS = pa.schema([
    ("customer_id", pa.string()), ("cust_num", pa.int64()), ("customer_name", pa.string()), ("gender", pa.string()), ("date_of_birth", pa.string()),
    ("city", pa.string()), ("state", pa.string()), ("balance", pa.decimal128(12, 3)),
    ("prefs", pa.struct([("lang", pa.string()), ("topics", pa.list_(pa.string()))])), ("labels", pa.map_(pa.string(), pa.string())),
])


def products():
    """By title: twice, with NULL and empty titles, and with makers that are not there."""
    return [
        {"product_title": "Zelda", "sku": 1, "maker_id": 10, "listed": datetime.date(2014, 1, 5), "price": decimal.Decimal("19.99"), "state": "TX"},
        {"product_title": "zelda", "sku": 2, "maker_id": 20, "listed": None, "price": None, "state": "CA"},
        {"product_title": "Zelda", "sku": 3, "maker_id": None, "listed": datetime.date(2016, 2, 29), "price": decimal.Decimal("2.50"), "state": None},
        {"product_title": "", "sku": 4, "maker_id": 30, "listed": datetime.date(1969, 12, 31), "price": decimal.Decimal("0.00"), "state": "WA"},
        {"product_title": None, "sku": 5, "maker_id": 10, "listed": None, "price": decimal.Decimal("10.00"), "state": "NV"},
        {"product_title": "a,b,,c,", "sku": 6, "maker_id": 99, "listed": datetime.date(2014, 12, 31), "price": decimal.Decimal("0.01"), "state": "CA"},
        {"product_title": "UPPER", "sku": None, "maker_id": 20, "listed": datetime.date(2014, 1, 5), "price": decimal.Decimal("19.99"), "state": "TX"},
        {"product_title": "日本語", "sku": 8, "maker_id": 40, "listed": None, "price": None, "state": "OR"},
        {"product_title": "aaa", "sku": 9, "maker_id": 40, "listed": datetime.date(2014, 1, 5), "price": decimal.Decimal("5.00"), "state": "MA"},
    ]


PRODUCTS = pa.schema([
    ("product_title", pa.string()), ("sku", pa.int32()), ("maker_id", pa.int64()), ("listed", pa.date32()), ("price", pa.decimal128(10, 2)), ("state", pa.string()),
])


def makers():
    return [
        {"maker_id": 10, "maker": "Acme", "country": "US", "owner": "c1"}, {"maker_id": 20, "maker": "Bolt", "country": "DE", "owner": "c2"},
        {"maker_id": 20, "maker": "Bolt II", "country": None, "owner": None}, {"maker_id": None, "maker": "Ghost", "country": "US", "owner": "c3"},
        {"maker_id": 40, "maker": None, "country": "JP", "owner": "nobody"},
    ]


MAKERS = pa.schema([("maker_id", pa.int32()), ("maker", pa.string()), ("country", pa.string()), ("owner", pa.string())])


def bands():
    return [
        {"low": -10, "high": 1, "label": "poor"}, {"low": 2, "high": 3, "label": "fair"}, {"low": 3, "high": 5, "label": "good"}, {"low": 5, "high": None, "label": "open"},
        {"low": None, "high": 0, "label": "none"},
    ]


BANDS = pa.schema([("low", pa.int32()), ("high", pa.int32()), ("label", pa.string())])


def write(rows, schema, path, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema), path, store_schema=False, **options)


# By customer: what they prefer, and their labels.
PREFERENCES = {
    "c1": ({"lang": "fr", "topics": ["toys", "books"]}, [("tier", "gold")]), "c2": (None, []), "c3": ({"lang": None, "topics": None}, None),
    "10": ({"lang": "en", "topics": [None]}, [("tier", "silver"), ("since", "2010")]),
}


def main():
    rows = reviews()
    root = LAKE / "reviews"
    write(rows[:40], SCHEMA, root / "region=eu" / "int96.parquet", compression="snappy", use_deprecated_int96_timestamps=True, row_group_size=15)
    write(rows[40:80], SCHEMA, root / "region=eu" / "micros-v2.parquet", compression="zstd", data_page_version="2.0", data_page_size=512, use_dictionary=False)
    fewer = pa.schema([field for field in SCHEMA if field.name not in ("ratio", "odd name", "geo")])
    write(rows[80:], fewer, root / "region=us" / "fewer.parquet", compression="gzip")
    people = [{**person, "prefs": prefs, "labels": labels} for person in customers() for prefs, labels in [PREFERENCES.get(person["customer_id"], (None, None))]]
    write(people[:6], CUSTOMERS, LAKE / "customers" / "one.parquet")
    write(people[6:], CUSTOMERS, LAKE / "customers" / "two.parquet", compression="none", use_dictionary=False)
    things = products()
    write(things[:5], PRODUCTS, LAKE / "products" / "kind=toy" / "one.parquet")
    write(things[5:], PRODUCTS, LAKE / "products" / "kind=7" / "two.parquet", compression="zstd")
    write(makers(), MAKERS, LAKE / "makers" / "makers.parquet")
    write(bands(), BANDS, LAKE / "bands" / "bands.parquet")
    write([], BANDS, LAKE / "empty" / "empty.parquet")


main()
