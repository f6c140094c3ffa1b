"""Reads a silver directory as Spark jobs do, by its path: once as a batch, once as a stream that goes on from a checkpoint.

python read_silver.py SILVER CHECKPOINT
Prints {"batch": [review ids], "stream": [review ids that are new since the last call]} as one line of JSON.
"""
import json, sys
from pyspark.sql import SparkSession

silver, checkpoint = sys.argv[1:]
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")
frame = spark.read.parquet(silver)
fresh = []
(
    spark.readStream.schema(frame.schema)
    .parquet(silver)
    .writeStream.foreachBatch(lambda batch, _: fresh.extend(row.review_id for row in batch.select("review_id").collect()))
    .option("checkpointLocation", checkpoint)
    .trigger(availableNow=True)
    .start()
    .awaitTermination()
)
print(json.dumps({"batch": sorted(row.review_id for row in frame.select("review_id").collect()), "stream": sorted(fresh)}))
