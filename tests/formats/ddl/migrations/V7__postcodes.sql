CREATE DOMAIN postcode AS varchar(10) CHECK (VALUE ~ '^[0-9A-Z -]+$');
CREATE TABLE address (
    id serial,
    customer_id bigint NOT NULL,
    street varchar(80) NOT NULL,
    postcode postcode NOT NULL,
    city character varying(60) COLLATE "C",
    PRIMARY KEY (id),
    FOREIGN KEY (customer_id) REFERENCES customer (id)
);
