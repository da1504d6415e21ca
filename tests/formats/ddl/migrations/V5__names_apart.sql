ALTER TABLE customer RENAME COLUMN name TO last_name;
ALTER TABLE customer ADD first_name varchar(50);
UPDATE customer SET first_name = '';
ALTER TABLE customer ALTER first_name SET NOT NULL, ALTER COLUMN last_name SET NOT NULL;
