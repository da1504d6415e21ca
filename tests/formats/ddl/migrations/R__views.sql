CREATE OR REPLACE VIEW shop.customers AS SELECT id, email FROM customer;
GRANT SELECT ON shop.customers TO public;
