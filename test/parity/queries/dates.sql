-- same: parts of dates
SELECT review_id, year(day) AS a, quarter(day) AS b, month(day) AS c, day(day) AS d, dayofmonth(review_timestamp) AS e, dayofweek(day) AS f, weekday(day) AS g, dayofyear(day) AS h, year(purchase_date) AS i, month(review_timestamp) AS j, extract(YEAR FROM day) AS k, extract(MINUTE FROM review_timestamp) AS l FROM bronze_reviews

-- same: parts of times
SELECT review_id, hour(review_timestamp) AS a, minute(review_timestamp) AS b, second(review_timestamp) AS c, hour(purchase_date) AS d, minute(day) AS e, second(purchase_date) AS f, unix_micros(review_timestamp) AS g, unix_seconds(review_timestamp) AS h, unix_millis(review_timestamp) AS i, unix_date(day) AS j FROM bronze_reviews

-- same: months and their ends
SELECT review_id, add_months(day, 1) AS a, add_months(day, -13) AS b, last_day(day) AS c, add_months(purchase_date, 12) AS d, last_day(review_timestamp) AS e FROM bronze_reviews

-- same: truncation
SELECT review_id, date_trunc('YEAR', review_timestamp) AS a, date_trunc('quarter', review_timestamp) AS b, date_trunc('mon', review_timestamp) AS c, date_trunc('week', review_timestamp) AS d, date_trunc('day', review_timestamp) AS e, date_trunc('HOUR', review_timestamp) AS f, date_trunc('minute', review_timestamp) AS g, date_trunc('second', review_timestamp) AS h, date_trunc('millisecond', review_timestamp) AS i, date_trunc('month', day) AS j, trunc(day, 'MM') AS k, trunc(day, 'year') AS l,
  trunc(day, 'week') AS m, trunc(purchase_date, 'quarter') AS n, date_trunc('day', purchase_date) AS o FROM bronze_reviews

-- same: date_format
SELECT review_id, date_format(review_timestamp, 'yyyy-MM-dd HH:mm:ss.SSS') AS a, date_format(review_timestamp, 'd MMM yyyy') AS b, date_format(day, 'EEEE, MMMM d, yy') AS c, date_format(review_timestamp, 'hh:mm a') AS d, date_format(purchase_date, 'yyyyMMdd') AS e, date_format(review_timestamp, "yyyy-MM-dd'T'HH:mm:ssXXX") AS f, date_format(review_timestamp, 'E D Q k K h m s S SSSSSS') AS g, date_format(day, 'y') AS h, date_format(day, 'yyyy/M/d') AS i, date_format(review_timestamp, 'Z x xx X') AS j FROM bronze_reviews

-- same: to_date and to_timestamp without a pattern
SELECT review_id, to_date(purchase_date) AS a, to_timestamp(purchase_date) AS b, to_date(review_timestamp) AS c, to_timestamp(day) AS d, to_date(day, 'yyyy') AS e FROM bronze_reviews

-- same: to_date with a pattern
SELECT to_date('2014/01/05', 'yyyy/MM/dd') AS a, to_date('5 Jan 2014', 'd MMM yyyy') AS b, to_date('20140105', 'yyyyMMdd') AS c, to_date('01/05/14', 'MM/dd/yy') AS d, to_date('1/5/2014', 'M/d/yyyy') AS e, to_date('January 5, 2014', 'MMMM d, yyyy') AS f, to_date('2014', 'yyyy') AS g, to_date('2014-02', 'yyyy-MM') AS h, to_date('2014-036', 'yyyy-DDD') AS i, to_date('5-JAN-14', 'd-MMM-yy') AS j, to_date(NULL, 'yyyy') AS k, to_date('12', 'MM') AS l FROM bronze_reviews WHERE review_id = 'r000'

-- same: to_timestamp with a pattern
SELECT to_timestamp('2014-01-05 07:15:00', 'yyyy-MM-dd HH:mm:ss') AS a, to_timestamp('2014-01-05T07:15:00.123Z', "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'") AS b, to_timestamp('01/05/2014 01:02 PM', 'MM/dd/yyyy hh:mm a') AS c, to_timestamp('2014-01-05 07:15:00.1', 'yyyy-MM-dd HH:mm:ss.SSS') AS d, to_timestamp('2014-01-05 07:15:00.123456', 'yyyy-MM-dd HH:mm:ss.SSSSSS') AS e, to_timestamp('2014-01-05T07:15:00+02:00', "yyyy-MM-dd'T'HH:mm:ssXXX") AS f,
  to_timestamp('20140105071500', 'yyyyMMddHHmmss') AS g, to_timestamp('2014-01-05 7:5', 'yyyy-MM-dd H:m') AS h, to_timestamp('12 AM', 'hh a') AS i, to_timestamp('07', 'HH') AS j, to_timestamp('2014-01-05 24', 'yyyy-MM-dd kk') AS k, to_timestamp('2014-01-05 +0130', 'yyyy-MM-dd Z') AS l FROM bronze_reviews WHERE review_id = 'r000'
