ALTER TABLE customer ADD COLUMN full_name varchar(101) GENERATED ALWAYS AS (first_name || ' ' || last_name) STORED;
ALTER TABLE address ADD COLUMN IF NOT EXISTS city varchar(1), ADD COLUMN IF NOT EXISTS region varchar(30);
