ALTER DOMAIN postcode ADD CONSTRAINT long_enough CHECK (length(VALUE) >= 3);
ALTER TABLE address ALTER COLUMN postcode DROP NOT NULL;
