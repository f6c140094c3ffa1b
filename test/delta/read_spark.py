"""Reads Delta tables by Spark with Delta, and compares each version with the files that the commits name.

python read_spark.py JARS TABLE VERSIONS [TABLE VERSIONS ...]: Delta's jars, separated by commas; then as read_delta.py.
"""

import os
import sys

os.environ["TZ"] = "UTC"
from pyspark.sql import SparkSession  # noqa: E402
from rows import compare, read_versions, sorted_rows  # noqa: E402

# What Spark says of a table whose writer features it lacks, or before it looks at them, of names with blanks.
REFUSALS = ("silversmith", "DELTA_INVALID_CHARACTERS_IN_COLUMN_NAMES")
WRITES = (
    "DELETE FROM delta.`{}` WHERE batch IS NOT NULL",
    "OPTIMIZE delta.`{}` ZORDER BY (customer_name)",
    "VACUUM delta.`{}` RETAIN 168 HOURS",
    "INSERT INTO delta.`{}` SELECT * FROM delta.`{}`",
    "ALTER TABLE delta.`{}` SET TBLPROPERTIES ('a' = 'b')",
)
SETTINGS = {
    "spark.jars": sys.argv[1],
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "1",
    "spark.databricks.delta.snapshotPartitions": "1",
    "spark.databricks.delta.optimize.zorder.checkStatsCollection.enabled": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
}

builder = SparkSession.builder.master("local[2]")
for name, value in SETTINGS.items():
    builder = builder.config(name, value)
spark = builder.getOrCreate()
spark.sparkContext.setLogLevel("OFF")

faults = []
compared = 0
for table, versions in zip(sys.argv[2::2], sys.argv[3::2], strict=True):
    for version in read_versions(versions):
        data = spark.read.format("delta").option("versionAsOf", version["version"]).load(table)
        compare("Spark", version, data.columns, sorted_rows(data.collect()), faults)
        compared += 1
    for write in WRITES:
        try:
            spark.sql(write.format(table, table)).collect()
            faults.append(f"Spark, {write}: was not refused")
        except Exception as error:
            if not any(refusal in str(error) for refusal in REFUSALS):
                faults.append(f"Spark, {write}: {str(error)[:300]}")
print("\n".join(faults) or f"Spark {spark.version}: {compared} comparisons, {len(WRITES)} foreign writes refused")
spark.stop()
sys.exit(1 if faults else 0)
