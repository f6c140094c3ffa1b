"""Writes what Spark makes of zones behind a time to fixtures/zones.json: [[zone, UTC microseconds or null], …].

    (set up as for expect.py)
    .venv/bin/python test/parity/zones.py
"""

import itertools
import json
import pathlib

from expect import session

HERE = pathlib.Path(__file__).parent
OFFSETS = """1 01 010 0100 1:00 01:0 01:00 010:00 001:00 123:00 1:0 10000 01:00:00 010000 1:00:00 01:00:0 01:0:00 01:00:60 18:00 18:01 18 19 1800 1801
00:60 0 00 000 0000 12:34 1234 12:34:56 123456 1:2:3 : 1: :30 01:001 99:99 +1 a 1a""".split()
NAMES = """Z z UTC utc Utc GMT gmt UT ut GMT0 UTC0 Etc/UTC Etc/GMT+5 ETC/UTC Europe/Paris EUROPE/PARIS europe/paris Europe/paris Europe/Paris/ Paris ROC roc PRC
prc ROK rok CET cet EST est MST HST PST pst CST IST JST jst ACT EST5EDT est5edt PST8PDT MET WET EET W-SU w-su NZ nz GB GB-Eire gb-eire US/Pacific US/PACIFIC
us/pacific America/New_York AMERICA/NEW_YORK America/Port-au-Prince America/Argentina/Buenos_Aires Africa/Dar_es_Salaam Asia/Kolkata asia/kolkata
SystemV/AST4 Zulu ZULU Universal Greenwich Factory localtime posixrules X A UTCx GMTx UT+ UTC+ x/y Z+1 UCT uct""".split()


def main():
    spark = session()
    zones = [prefix + sign + offset for prefix, sign, offset in itertools.product(["", "UTC", "GMT", "UT", "utc"], "+-", OFFSETS)]
    zones += [" " + zone for zone in zones if not zone.startswith("u")][::3] + NAMES + [" " + name for name in NAMES]
    rows = spark.createDataFrame([(zone,) for zone in zones], "z string")
    answers = rows.selectExpr("z", "unix_micros(CAST(concat('2014-07-05 07:15:00', z) AS timestamp))").collect()
    lines = ",\n".join(json.dumps(list(answer)) for answer in answers)
    (HERE / "fixtures" / "zones.json").write_text(f"[\n{lines}\n]\n")
    print(len(answers), "zones")


if __name__ == "__main__":
    main()
