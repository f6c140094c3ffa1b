"""Writes what Spark makes of partition columns to fixtures/path-types.json: [[values of the segments, type, values as Spark casts them to text], …].

    (set up as for expect.py)
    .venv/bin/python test/parity/path_types.py
"""

import json
import os
import pathlib
import shutil
import tempfile

from expect import session

HERE = pathlib.Path(__file__).parent
# `#` stands for a blank
SINGLES = """
1 05 +5 -5 2147483647 2147483648 -2147483649 9223372036854775807 9223372036854775808 12345678901234567890 99999999999999999999
-99999999999999999999 123456789012345678901234567890123456789 99999999999999999999999999999999999999 1e3 1E3 -1e3 1e37 1e38 1e39
1.0e1 12e-1 1.5 1. .5 1d 2f 3D 4F 1.5d 1e3d 0x1p3 0x10 1L NaN nan Infinity -Infinity inf +Infinity 2014 2014-1 2014-01 2014-1-5
2014-01-05 2014-02-30 2014-01-05T 2014-01-05T07 2014-01-05T07:15:00 2014-01-05T07:15:00Z 2014-01-05#07 2014-01-05#07:15
2014-01-05#07:15:00 2014-01-05#07:15:00.1 2014-01-05#07:15:00.12 2014-01-05#07:15:00.123456 2014-01-05#07:15:00Z
2014-01-05#7:15:00 2014-1-5#07:15:00 2014-13-05 0001-01-01 10000-01-01 20140105 true false null null-island abc 1_000 1,5 1#2 -0
+0 -0.0 00 007 1e - + . 2014-02-29#00:00:00 2014-01-05#24:00:00 2014-01-05#23:59:60 2014-01-05#x 2014-01-05x 2014-01-05Tx 0.1
100.00 0e0 0.0e1 1e-2 d f
""".split()
SINGLES = [text.replace("#", " ") for text in SINGLES] + ["é", "a%b", "x=y", " 1", "1 ", " 1.5", " 2014-01-05"]
TOGETHER = [
    ["1.5", "2", "1e3"],
    ["1.5", "2"],
    ["1.5", "12345678901"],
    ["1.5", "12345678901234567890"],
    ["1", "12345678901"],
    ["1", "12345678901234567890"],
    ["12345678901", "12345678901234567890"],
    ["1", "1e3"],
    ["12345678901", "1e3"],
    ["1e3", "1e20"],
    ["1d", "2f", "3D"],
    ["1d", "1"],
    ["1", "2014-01-05"],
    ["1.5", "2014-01-05"],
    ["2014-01-05", "2014-01-05 07:15:00"],
    ["2014-01-05", "x"],
    ["2014-01-05 07:15:00", "x"],
    ["1", "x"],
    ["1.5", "x"],
    ["12345678901234567890", "x"],
    ["2014-01-05", "2014-1"],
    ["2014", "2014-1"],
    ["1", None],
    ["1.5", None],
    ["2014-01-05", None],
    ["12345678901234567890", None],
    ["x", None],
    [None],
    ["1e3", "1.5"],
    ["99999999999999999999", "1", None],
    ["1", "99999999999999999999", "12345678901", "-5"],
    ["1e37", "1"],
    ["99999999999999999999999999999999999999", "1.5"],
    ["2014-01-05 07:15:00", "2014-01-05 07:15:00.5"],
    ["05", "5"],
    ["1.0", "1"],
    ["NaN", "1"],
    ["NaN", "12345678901"],
    ["Infinity", "1.5"],
    ["true", "false"],
    ["2014-01-05", "2014-01-05T07:15:00"],
    ["2014-01-05 07:15:00", "2014-1-5"],
    ["0x10", "1"],
    ["1L", "1"],
    ["-5", "1", "12345678901"],
]


def escaped(value):
    if value is None:
        return "__HIVE_DEFAULT_PARTITION__"
    return "".join("%%%02X" % ord(c) if c in "\"#%'*/:=?\\\x7f{[]^\n\t" else c for c in value)


def main():
    spark = session()
    with tempfile.TemporaryDirectory() as tmp:
        spark.range(1).coalesce(1).write.parquet(f"{tmp}/one")
        part = next(name for name in os.listdir(f"{tmp}/one") if name.endswith(".parquet"))
        answers = []
        for number, values in enumerate([[text] for text in SINGLES] + TOGETHER):
            root = f"{tmp}/lake{number}"
            for value in values:
                folder = f"{root}/p={escaped(value)}"
                os.makedirs(folder)
                shutil.copy(f"{tmp}/one/{part}", f"{folder}/f.parquet")
            frame = spark.read.parquet(root)
            texts = [text for (text,) in frame.selectExpr("CAST(p AS string)").collect()]
            answers.append([values, dict(frame.dtypes)["p"], sorted(texts, key=str)])
    lines = ",\n".join(json.dumps(answer, ensure_ascii=False) for answer in answers)
    (HERE / "fixtures" / "path-types.json").write_text(f"[\n{lines}\n]\n")
    print(len(answers), "partition columns")


if __name__ == "__main__":
    main()
