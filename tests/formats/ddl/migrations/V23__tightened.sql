ALTER TABLE customer ALTER COLUMN phone TYPE varchar(16), ALTER COLUMN phone SET NOT NULL;
ALTER TABLE purchase DROP CONSTRAINT order_total_check;
ALTER TABLE purchase ADD CONSTRAINT total_is_sane CHECK (total > 0 AND total < 100000);
