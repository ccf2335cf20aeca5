-- Golden statements, one a paragraph. Each must parse without a syntax error and without a reported ambiguity.

SELECT 1

select a, b c, t.d as e, s.t.f, * from t

SELECT ALL - - col0 AS x, + - + 5 col1 FROM tab0 AS cor0

SELECT DISTINCT t.*, s.t.* FROM s.t, u AS v, w x

SELECT value, key, user, year, type, name, month, day, position, date, time, timestamp, text, "order", limit, offset, desc FROM t

SELECT value value, key AS limit, a AS "Group", b AS order, c AS select FROM t

SELECT count ( * ), COUNT(DISTINCT a), SUM(ALL b), avg(c) FILTER (WHERE c > 0) AS filter, now(), s.f(1, 2) FROM t

SELECT a FROM t WHERE NOT a = 1 AND b <> 2 OR c != 3 AND NOT NOT (d < 4 OR e >= 5)

SELECT * FROM t WHERE a IS NULL AND b IS NOT NULL AND c IS TRUE AND d IS NOT FALSE AND e IS UNKNOWN AND f IS DISTINCT FROM g AND h IS NOT DISTINCT FROM NULL

SELECT * FROM t WHERE a BETWEEN 1 AND 2 AND b NOT BETWEEN SYMMETRIC - 3 AND 4 + 1 OR NOT c BETWEEN ASYMMETRIC d AND e

SELECT * FROM t WHERE a IN (1, 2, 3) AND b NOT IN (SELECT c FROM u) AND (a, b) IN ((1, 2), (3, 4)) AND c IN ((SELECT 1)) AND d IN ()

SELECT * FROM t WHERE a LIKE 'x%' AND b NOT LIKE '\_%' ESCAPE '\' AND c ILIKE ? AND d NOT ILIKE 'y'

SELECT * FROM t WHERE a = ANY (SELECT 1) AND b > ALL (VALUES (1), (2)) AND c <> SOME (SELECT 2)

SELECT * FROM t WHERE (a, b) > (?, ?) AND (a, b) = (SELECT 1, 2) AND ROW(a, b) < ROW(1, 2)

SELECT * FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.a = t.a) AND NOT EXISTS ((SELECT 1))

SELECT (SELECT 1), ((SELECT 2)), (((3))), ((SELECT 1) UNION (SELECT 2)), ((SELECT 1) ORDER BY 1 LIMIT 1)

SELECT ((SELECT 1) INTERSECT SELECT 2 UNION ALL (VALUES (3)) ORDER BY 1)

SELECT CASE WHEN a = 1 THEN 'x' WHEN b THEN 'y' ELSE NULL END, CASE a WHEN 1 THEN 2 END FROM t

SELECT CAST(a AS INTEGER), CAST ( NULL AS DECIMAL(10, 2) ), a::int::text, - b::double precision, c::timestamp(3) with time zone, d::character varying(10) FROM t

SELECT DATE '2020-01-01', TIME '10:00', TIMESTAMP '2020-01-01 10:00', TIMESTAMP WITH TIME ZONE '2020-01-01 10:00+02', timestamp(3) '2020-01-01', UUID '00000000-0000-0000-0000-000000000000'

SELECT INTERVAL '1' DAY, INTERVAL '1-2' YEAR TO MONTH, INTERVAL '3 days' AS day, interval, date(x), time(y) FROM t

SELECT x'CAFE', X'', E'a\'b\n', $$it's$$, $tag$ a $$ b $tag$, N'n', 'it''s', "a""b" FROM t

SELECT 1, 1.5, .5, 1., 1e10, 1.5E-3, .5e+1, 9223372036854775808

SELECT EXTRACT(YEAR FROM a), EXTRACT('epoch' FROM b), extract(isodow from c) FROM t

SELECT SUBSTRING(a FROM 1 FOR 2), SUBSTRING(a FROM 2), SUBSTRING(a FOR 3), SUBSTRING(a, 1, 2), substring(a, 1) FROM t

SELECT TRIM(a), TRIM(BOTH 'x' FROM a), TRIM(LEADING FROM a), TRIM(TRAILING 'y' FROM a), TRIM('z' FROM a), trim(a, 'b') FROM t

SELECT POSITION('a' IN b), position('a', b), OVERLAY(a PLACING b FROM 1 FOR 2), overlay(a placing b from 1), LEFT(a, 2), right(a, 3) FROM t

SELECT COALESCE(a, b, 1), NULLIF(a, 1), GREATEST(1, 2), row(1, 2), replace(a, 'b', 'c'), insert(a, 1, 2, 'x') FROM t

SELECT CURRENT_DATE, CURRENT_TIMESTAMP(3), LOCALTIME, current_user, current_schema, a AT TIME ZONE 'UTC' AT TIME ZONE b FROM t

SELECT NEXT VALUE FOR s.q, next value, nextval('s') FROM t

SELECT a || b || 'c', a + b * c / d % e - f, (a + b) * - c, a = b || c FROM t

SELECT a = b IN (1, 2), a < b IS NULL, a IS NULL = b, a LIKE b = c FROM t

SELECT * FROM a JOIN b ON a.x = b.x INNER JOIN c USING (x, y) LEFT OUTER JOIN d ON TRUE RIGHT JOIN e ON a.z = e.z FULL OUTER JOIN f ON f.z = e.z

SELECT * FROM a NATURAL JOIN b NATURAL LEFT JOIN c CROSS JOIN d, e CROSS JOIN (f CROSS JOIN g)

SELECT * FROM (SELECT 1) AS x (a), ((SELECT 2)) y, (a JOIN (b LEFT JOIN c ON b.i = c.i) ON a.i = b.i), ((SELECT 1) UNION (SELECT 2)) z, (VALUES (1, 'a'), (2, 'b')) v(i, s)

SELECT * FROM ((a)) CROSS JOIN ((b AS c))

SELECT a, COUNT(*) FROM t GROUP BY a, b + 1, (c) HAVING COUNT(*) > 1 ORDER BY a DESC NULLS LAST, 2 ASC NULLS FIRST, c LIMIT 10 OFFSET 5

SELECT a FROM t ORDER BY a OFFSET ? ROWS FETCH FIRST ? ROWS ONLY

SELECT a FROM t OFFSET 1 ROW FETCH NEXT ROW ONLY

SELECT a FROM t LIMIT ALL

SELECT a FROM t FETCH FIRST (1 + 1) ROWS ONLY

SELECT a FROM t LIMIT ? OFFSET ? FOR UPDATE SKIP LOCKED

SELECT a FROM t WHERE offset > limit LIMIT 5

SELECT 1 UNION SELECT 2 UNION ALL SELECT 3 INTERSECT SELECT 4 EXCEPT ALL (SELECT 5 ORDER BY 1) ORDER BY 1 LIMIT 3

(SELECT 1) UNION DISTINCT (SELECT 2)

((SELECT 1))

VALUES (1, 'a'), (2, NULL) ORDER BY 1

WITH a AS (SELECT 1), b (x, y) AS (VALUES (1, 2)) SELECT * FROM a, b WHERE x IN (WITH c AS (SELECT 1) SELECT * FROM c)

WITH a AS (SELECT 1) (SELECT * FROM a) UNION SELECT 2

/* a /* nested */ comment */ SELECT 1 -- to the end
, 2 /* ; */;

SELECT EXISTS (SELECT 1), MAX(a) IS NULL, NOT (a), (a, b) FROM t FOR SHARE NOWAIT

select t.a from public.t as t where t.first = 1 and t.row = 2 and t.rows = 3 order by t.last, t.next

SELECT a.b.c, date, uuid, interval - 1, time * 2 FROM a.b

SELECT DISTINCT ON (a, b + 1) a, ties, of FROM t ORDER BY a FETCH FIRST 3 ROWS WITH TIES

SELECT * FROM t x JOIN u y USING (a) WHERE x.b IN (SELECT 1 FOR UPDATE) ORDER BY 1 FOR NO KEY UPDATE OF x, y SKIP LOCKED LIMIT 2

SELECT n FROM generate_series(1, ?) AS g (n), s.f() h, (SELECT 1 FOR KEY SHARE) q

SELECT a ISNULL, NOT b NOTNULL FROM t WHERE a || b ISNULL OR (a, b) NOTNULL
