"""Asks Spark for the calls of calls.txt over generated arguments and writes its answers to answers.json.gz.

    .venv/bin/python test/parity/functions/spark.py      (the environment of test/parity/expect.py)

Values are written as in expect.py. Rows are drawn with a fixed seed.
"""

import decimal
import gzip
import importlib.util
import json
import pathlib
import random
import re
import struct

HERE = pathlib.Path(__file__).parent
spec = importlib.util.spec_from_file_location("expect", HERE.parent / "expect.py")
expect = importlib.util.module_from_spec(spec)
spec.loader.exec_module(expect)

ROWS = 250
draw = random.Random(13)
TEXTS = [
    "", " ", "a", "A", "b", "ab", "aaa", "aaaa", "banana", "Hello World", "  padded  ", "Robert", "Rupert", "Tymczak",
    "Pfister", "Honeyman", "o'neil", "it's 100%", "a,b,,c", "x=1&y=2", "http://h/p?q=ü", "%41%zz", "a+b%20c", "ünïcödé",
    "ÀÉÎ", "😀", "a😀b😀", "漢字かな", "e\u0301", "ß", "ǆ", "İ", "tab\there", "line\nbreak", "\u00a0", "0", "1", "-1", "12", "ff",
    "FF", "7f", "-ff", "zz", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551616",
    "1.5", "NaN", "Mon", "tue", "SATURDAY", "fr", "2014-01-05", "4539578763621486", "79927398713", "_%_", "\\", "a.b.c.d",
    "aaXaa", "the quick brown fox jumps over the lazy dog", "x" * 57, "y" * 58, "long text, " * 12, "é" * 40,
]
PARTS = ["", "a", "b", ",", ".", "aa", " ", "o", "😀", "é", "1", "x", "the", "A"]
INTS = [0, 1, -1, 2, -2, 3, 7, 8, 10, 12, 31, 32, 33, 63, 64, 99, 100, -100, 224, 256, 384, 512, 1000, 65535, 86400, 123456789, -123456789, 2**31 - 1, -(2**31), 2**30]
LONGS = INTS + [2**31, -(2**31) - 1, 2**53, 2**53 + 1, 10**15, -(10**15), 2**62, 2**63 - 1, -(2**63), -(2**63) + 1]
# Without those that Java prints with digits too many before version 19.
DOUBLES = [
    0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, 0.1, 0.125, 2.675, 1.005, 1e-7, 1e-300, 5e-324, 1e7, 12345.678, -12345.678, 1e15,
    123456789.125, 1e22, 1e300, 1.7976931348623157e308, -1e300, 3.141592653589793, 1.5707963267948966, 2.718281828459045, 10.0, 100.0, 709.0,
    -10.0, 2.0, 3.0, 0.3, 0.05, 0.015, 0.25, 0.35, float("nan"), float("inf"), float("-inf"),
]
FLOATS = [0.0, -0.0, 1.0, -1.5, 2.5, 0.5, 1e7, 16777216.0, float("nan"), float("inf"), float("-inf")]
DAYS = [0, -1, 1, 59, 60, 365, -365, 16075, 16099, 16130, 16436, 18262, 18321, 19782, -719528, -719162, -141428, -141427, 2932896, 2932897, 11016, 10957, -25567, 3000000, -1000000]
URLS = [
    "http://example.com", "https://user:pw@shop.example.com:8443/a/b.html?x=1&y=2#top", "http://h/p?x=a%20b&utm_source=mail", "http://h_x/p?x=",
    "http://1.2.3.4:80/", "http://1.2.3.400/", "http://[::1]:8080/x", "ftp://ftp.example.com/file.txt", "mailto:a@b.c", "//host/path", "/only/path?x=1",
    "path", "", "http://", "http:///p", "file:///etc/hosts", "http://ex ample.com/", "http://example.com/a b", "http://example.com/ü?x=ü#ü",
    "http://example.com/%zz", "http://exa-mple.co.uk.:99/?", "http://example.com?x=1?x=2", "http://-a.com/", "http://a.1/", "http://h:port/", "http://h/#a#b",
    "http://h/?y=1&xx=2&x=3&x=4", "1http://h/", "http://u@v@h/", "http://h/[x]?[y]", "HTTP://EXAMPLE.COM/A", "http://日本.jp/", "http://h/a;b=c,d|e", "?x=1", "#x", "a:b:c",
]
ZONES = ["UTC", "Z", "Europe/Paris", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "+01:00", "-08:30", "GMT+3", "PST", "Asia/Kathmandu"]


def micros():
    days = draw.choice(DAYS) if draw.random() < 0.6 else draw.randint(-40000, 40000)
    part = draw.choice([0, 0, 1, 999_999, 86_399_999_999, 43_200_000_000, 9_000_000_000, draw.randrange(86_400_000_000)])
    return days * 86_400_000_000 + part


def stamp():
    if draw.random() < 0.3:
        return draw.choice(TEXTS)
    day = f"{draw.randint(1, 9999):04}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
    return f"{day} {draw.randint(0, 23):02}:{draw.randint(0, 59):02}:{draw.randint(0, 59):02}"


def dec(digits, scale):
    length = draw.choice([0, 1, 2, scale, digits - 1, digits])
    value = draw.randrange(10**length) if length else 0
    return decimal.Decimal((draw.choice([0, 1]) if value else 0, tuple(map(int, str(value))), -scale))


def double():
    roll = draw.random()
    return draw.choice(DOUBLES) if roll < 0.6 else draw.uniform(-100, 100) if roll < 0.9 else draw.uniform(-1, 1) * 10 ** draw.randint(-20, 12)


def single(value):
    try:
        return struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def near(choices, low, high):
    return draw.choice(choices) if draw.random() < 0.6 else draw.randint(low, high)


def text():
    return draw.choice(TEXTS) if draw.random() < 0.8 else "".join(draw.choice("abcdeé😀 1.,A") for _ in range(draw.randint(0, 20)))


# name: the type in Spark, what reads the drawn value, how it is drawn.
COLUMNS = {
    **{name: ("string", "{}", text) for name in "stu"},
    "p": ("string", "{}", lambda: draw.choice(PARTS)),
    "q": ("string", "{}", lambda: draw.choice(URLS)),
    "z": ("string", "{}", lambda: draw.choice(ZONES)),
    "l": ("string", "{}", stamp),
    "g": ("string", "{}", lambda: stamp()[:10]),
    **{name: ("int", "{}", lambda: near(INTS, -40, 40)) for name in "ij"},
    **{name: ("bigint", "{}", lambda: near(LONGS, -(2**62), 2**62)) for name in "bc"},
    "y": ("tinyint", "CAST({} AS tinyint)", lambda: near([0, 1, -1, 2, 3, 10, 20, 21, 36, 60, 100, 127, -128], -12, 30)),
    "h": ("smallint", "CAST({} AS smallint)", lambda: near([0, 1, -1, 2000, 1999, 9999, 32767, -32768], -50, 50)),
    **{name: ("double", "{}", double) for name in ("x", "x2")},
    **{name: ("float", "{}", lambda: draw.choice(FLOATS) if draw.random() < 0.3 else single(draw.uniform(-1000, 1000))) for name in ("f", "f2")},
    **{name: ("decimal(10,2)", "{}", lambda: dec(10, 2)) for name in ("m", "m2")},
    "n": ("decimal(38,18)", "{}", lambda: dec(38, 18)),
    **{name: ("date", "date_from_unix_date({})", lambda: near(DAYS, -40000, 40000)) for name in "ak"},
    **{name: ("timestamp", "timestamp_micros({})", micros) for name in "vw"},
    "o": ("boolean", "{}", lambda: draw.random() < 0.5),
    "r": ("binary", "{}", lambda: bytearray(draw.randbytes(draw.choice([0, 1, 3, 4, 7, 8, 31, 32, 33, 70])))),
}



def some(make, most=5):
    """A list, in one of eight with a NULL in it."""
    values = [make() for _ in range(draw.randint(0, most))]
    if values and draw.random() < 0.3:
        values[draw.randrange(len(values))] = None
    return values


def word():
    return draw.choice(["a", "b", "c", "", "A", "ab", "é", "😀", "x y", "1"])


def small():
    return draw.randint(-3, 6)


def pair():
    return (draw.choice([word, lambda: None])(), draw.choice([small, lambda: None])())


DOCUMENTS = [
    '', ' ', 'null', 'true', '1', '-0', '1.0', '1e3', '-1.5E-7', '1e400', '"x"', "'single'", '[]', '{}', '[1, 2, 3]', '[1, "a", null, {"b": 2}]', '{"a": 1}', '{"a": "1"}', '{"a": null}',
    '{"a": 1, "a": 2}', '{"a": [1, 2], "b": {"c": "d"}}', '{"a": {"b": [{"c": 1}, {"c": 2}, {"d": 3}]}}', '[[1, 2], [3]]', '[{"a": 1}, {"a": [2, 3]}]', '{"a": 1} trailing', '{"a": 1', '{a: 1}', "{'a': 'b'}",
    '{"a": 01}', '{"a": .5}', '{"a": 1.}', '{"a": +1}', '{"a": NaN}', '{"a": "NaN", "b": "Infinity"}', '{"a": 12345678901234567890}', '{"a": 3000000000, "b": 1.5}', '{"a": "\\u00e9\\n\\"q\\"", "b": "\\/"}',
    '{"a": "tab\there"}', '{"a": "\\ud83d\\ude00"}', '{"a": "\\ud83d"}', '{"a": "\\x"}', '{"a": true, "b": [null]}', '{"a": "2014-01-05", "b": "2014-01-05T07:15:00Z"}', '{"é": 1, "": 2}', '{"a.b": 1, "a": {"b": 2}}',
    '{"A": 1, "b": 2}', '[1, 2', '[1,]', '{"a": 1,}', 'nul', 'tru', '{"a": 0.1, "b": 100.0}', '{"a": {"x": 1, "y": "z"}, "b": [1, 2]}', '{"b": ["x", 1, {"k": [true]}]}', '1 2', '12x', '{"a": []}', '{"a": {}}', '{"a": " 7 ", "b": ""}',
]


def document():
    if draw.random() < 0.75:
        return draw.choice(DOCUMENTS)
    value = lambda depth: draw.choice([None, True, 1, -7, 2.5, 1e21, "t", "", "é"]) if depth > 2 or draw.random() < 0.5 else draw.choice([lambda: [value(depth + 1) for _ in range(draw.randint(0, 3))], lambda: {draw.choice(["a", "b", "c", "x y"]): value(depth + 1) for _ in range(draw.randint(0, 3))}])()
    return json.dumps(value(0), ensure_ascii=draw.random() < 0.5)


# Behind the others, so that those are drawn as before.
COLUMNS |= {
    **{name: ("array<int>", "{}", lambda: some(small)) for name in ("ai", "ai2")},
    **{name: ("array<string>", "{}", lambda: some(word)) for name in ("ws", "ws2")},
    "ax": ("array<double>", "{}", lambda: some(lambda: draw.choice([0.0, -0.0, 1.5, -2.5, float("nan"), float("inf"), 1e20]))),
    "am": ("array<decimal(10,2)>", "{}", lambda: some(lambda: dec(10, 2), 3)),
    "aa": ("array<array<int>>", "{}", lambda: some(lambda: some(small, 3), 3)),
    "mi": ("map<string,int>", "{}", lambda: {word(): draw.choice([small(), None]) for _ in range(draw.randint(0, 4))}),
    "mi2": ("map<string,int>", "{}", lambda: {word(): small() for _ in range(draw.randint(0, 4))}),
    "mk": ("map<int,string>", "{}", lambda: {small(): word() for _ in range(draw.randint(0, 4))}),
    "g1": ("struct<name:string,n:int,at:struct<x:double,o:boolean>>", "{}", lambda: (*pair(), draw.choice([None, (1.5, True), (float("nan"), None)]))),
    "its": ("array<struct<sku:string,n:int>>", "{}", lambda: some(pair, 4)),
    "nu": ("int", "{}", lambda: draw.randint(-6, 8)),
    **{name: ("string", "{}", document) for name in ("js", "js2")},
}
STORED = {"date": "int", "timestamp": "bigint", "tinyint": "int", "smallint": "int"}


def arguments():
    """Column by column; one value in fifteen is NULL."""
    return {name: [None if draw.random() < 1 / 15 else make() for _ in range(ROWS)] for name, (_, _, make) in COLUMNS.items()}


def calls():
    lines = (HERE / "calls.txt").read_text().splitlines()
    return [re.sub(r"^~(?=\w+\()", "", line) for line in lines if line and not line.startswith("#")]


def view(spark, drawn):
    schema = ", ".join(f"{name} {STORED.get(kind, kind)}" for name, (kind, _, _) in COLUMNS.items())
    rows = [(*values, i) for i, values in enumerate(zip(*drawn.values()))]
    frame = spark.createDataFrame(rows, f"{schema}, row int").coalesce(1)
    frame.selectExpr(*[f"{reads.format(name)} AS {name}" for name, (_, reads, _) in COLUMNS.items()], "row").cache().createOrReplaceTempView("arguments")


def ask(spark, expressions):
    frame = spark.sql(f"SELECT {', '.join(f'{sql} AS c{i}' for i, sql in enumerate(expressions))}, row FROM arguments")
    kinds = [field.dataType.simpleString() for field in frame.schema.fields[:-1]]
    as_number = {"timestamp": "unix_micros", "date": "unix_date"}
    # A dict of Python has not the map's order.
    function = [as_number.get(kind, "map_entries" if kind.startswith("map<") else "") for kind in kinds]
    rows = frame.selectExpr(*[f"{name}(c{i})" for i, name in enumerate(function)], "row").collect()
    rows.sort(key=lambda row: row[-1])
    return [{"type": kind, "cells": [expect.encode(row[i], kind) for row in rows]} for i, kind in enumerate(kinds)]


def main():
    spark = expect.session()
    drawn = arguments()
    answers = {}
    view(spark, drawn)
    todo = calls()
    for start in range(0, len(todo), 20):
        some = todo[start : start + 20]
        try:
            answers.update(zip(some, ask(spark, some)))
        except Exception:
            for sql in some:
                try:
                    [answers[sql]] = ask(spark, [sql])
                except Exception as error:
                    print(f"{sql}: {expect.error_class(error)} {str(error)[:200]!r}")
    maps = [name for name, (kind, _, _) in COLUMNS.items() if kind.startswith("map<")]
    columns = {
        name: {"type": kind, "cells": [expect.encode(value, kind) for value in drawn[name]]}
        for name, (kind, _, _) in COLUMNS.items()
    } | dict(zip(maps, ask(spark, maps)))
    infos = spark._jvm.org.apache.spark.sql.api.python.PythonSQLUtils.listBuiltinFunctionInfos()
    functions = {info.getName(): info.getGroup() for info in infos}
    text = json.dumps({"spark": spark.version, "arguments": columns, "functions": functions, "answers": answers}, separators=(",", ":"))
    (HERE / "answers.json.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{len(answers)} of {len(todo)} calls over {ROWS} rows")


if __name__ == "__main__":
    main()
