ALTER TABLE customer ALTER COLUMN country SET DATA TYPE varchar(2) USING trim(country);
UPDATE customer SET country = 'FI' WHERE country IS NULL;
ALTER TABLE customer
    ALTER COLUMN country SET NOT NULL,
    ADD CONSTRAINT customer_country CHECK (country IN ('FI', 'SE', 'NO', 'DK'));
