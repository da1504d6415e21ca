ALTER TABLE address ALTER COLUMN postcode TYPE varchar(12);
DROP DOMAIN postcode;
ALTER TABLE address RENAME CONSTRAINT address_pkey TO address_key;
ALTER TABLE address SET SCHEMA shop;
