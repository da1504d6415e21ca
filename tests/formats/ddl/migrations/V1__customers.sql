-- A shop's database, as it grew. Every file runs on a real PostgreSQL in the tests.
CREATE TABLE customer (
    id bigserial PRIMARY KEY,
    email varchar(100) NOT NULL,
    name varchar(50),
    country char(2) DEFAULT 'FI',
    created_at timestamp with time zone NOT NULL DEFAULT now()
);
CREATE INDEX customer_name ON customer (name);
