CREATE TABLE IF NOT EXISTS order_line (
    order_id integer NOT NULL,
    line smallint NOT NULL,
    product varchar(40) NOT NULL CHECK (product <> ''),
    quantity integer NOT NULL DEFAULT 1,
    price numeric(8,2),
    PRIMARY KEY (order_id, line),
    CHECK (quantity BETWEEN 1 AND 999)
);
CREATE TABLE IF NOT EXISTS customer (id integer);
