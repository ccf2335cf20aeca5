-- The main job in one script: create tables, load rows, read them by key range, delete some, look again.
DROP TABLE IF EXISTS order_line;
DROP TABLE IF EXISTS orders;

CREATE TABLE orders (
    customer_id INTEGER NOT NULL,
    order_no    INTEGER NOT NULL,
    placed      TIMESTAMP NOT NULL,
    note        VARCHAR(100),
    CONSTRAINT orders_pkey PRIMARY KEY (customer_id, order_no)
);

CREATE TABLE order_line (
    customer_id INTEGER NOT NULL,
    order_no    INTEGER NOT NULL,
    line_no     INTEGER NOT NULL,
    product     VARCHAR(40) NOT NULL,
    quantity    INTEGER NOT NULL DEFAULT 1,
    price       DECIMAL(10, 2) NOT NULL,
    PRIMARY KEY (customer_id, order_no, line_no),
    FOREIGN KEY (customer_id, order_no) REFERENCES orders (customer_id, order_no)
);

CREATE INDEX order_line_product_idx ON order_line (product);

INSERT INTO orders (customer_id, order_no, placed, note) VALUES
    (7, 1, TIMESTAMP '2026-01-02 09:30:00', 'first order'),
    (7, 2, TIMESTAMP '2026-01-15 14:00:00', NULL),
    (7, 3, TIMESTAMP '2026-02-01 08:15:00', 'leave at the door'),
    (8, 1, TIMESTAMP '2026-01-20 11:45:00', NULL);

INSERT INTO order_line (customer_id, order_no, line_no, product, quantity, price) VALUES
    (7, 1, 1, 'moss carpet', 2, 19.90),
    (7, 1, 2, 'fern', 1, 7.50),
    (7, 2, 1, 'moss ball', 12, 1.25),
    (7, 3, 1, 'fern', 3, 7.50),
    (8, 1, 1, 'moss carpet', 1, 19.90);

-- A range of the composite key becomes the bounds of one cursor ...
EXPLAIN SELECT order_no, placed, note FROM orders WHERE customer_id = 7 AND order_no >= 2;
SELECT order_no, placed, note FROM orders WHERE customer_id = 7 AND order_no >= 2;

-- ... and joins, groups and sorts work as in any SQL database.
SELECT o.customer_id, o.order_no, SUM(l.quantity * l.price) AS total
FROM orders o JOIN order_line l ON l.customer_id = o.customer_id AND l.order_no = o.order_no
GROUP BY o.customer_id, o.order_no
ORDER BY total DESC;

-- Deletes are tombstones; a transaction is all or nothing.
BEGIN;
DELETE FROM order_line WHERE customer_id = 7 AND order_no = 1;
DELETE FROM orders WHERE customer_id = 7 AND order_no = 1;
COMMIT;

SELECT COUNT(*) AS orders_left FROM orders;
