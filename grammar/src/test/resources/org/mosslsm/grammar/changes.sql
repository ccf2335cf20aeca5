-- Golden statements, one a paragraph. Each must parse without a syntax error and without a reported ambiguity.

INSERT INTO t VALUES (1, 'a', NULL, DEFAULT, ?), (2, 'b', - 1, +2.5, x'00')

INSERT INTO s.t (a, "B", value) VALUES (1, 2, 3)

INSERT INTO t AS x (a) SELECT b FROM u WHERE c = 1

INSERT INTO t (SELECT a FROM u)

INSERT INTO t (a) (SELECT 1) UNION (SELECT 2)

INSERT INTO t DEFAULT VALUES

INSERT INTO t (a) WITH c AS (SELECT 1) SELECT * FROM c

INSERT INTO t (a) OVERRIDING SYSTEM VALUE VALUES (1)

INSERT INTO t (a, b) VALUES (1, 2) ON CONFLICT DO NOTHING

INSERT INTO t (a, b) VALUES (1, 2) ON CONFLICT (a, b) DO UPDATE SET b = excluded.b, c = DEFAULT WHERE t.b < excluded.b RETURNING *

INSERT INTO t (a) SELECT x FROM u JOIN v ON u.i = v.i ON CONFLICT ON CONSTRAINT t_pk DO NOTHING RETURNING a, b AS c, a + 1 d

INSERT INTO t (a) SELECT x FROM u ON CONFLICT DO NOTHING

UPDATE t SET a = 1

UPDATE s.t AS x SET a = a + 1, b = DEFAULT, (c, d) = (1, 2), (e, f) = (SELECT 1, 2), x.g = NULL FROM u, v JOIN w ON TRUE WHERE x.a = u.a RETURNING x.*

UPDATE t x SET set = 1 WHERE set = 2

DELETE FROM t

DELETE FROM t x USING u WHERE x.a = u.a RETURNING a

DELETE FROM s.t AS y WHERE a BETWEEN 1 AND 100 OR b IN (1, 2)

TRUNCATE TABLE a, s.b RESTART IDENTITY CASCADE

TRUNCATE t

UPDATE t SET (a, b, c) = (1, DEFAULT, (SELECT 2)), (d, e) = ROW (DEFAULT, 3), (f, g) = ROW (4, 5)

INSERT OR REPLACE INTO t (a) VALUES (1)

REPLACE INTO s.t SELECT 1, 2
