DROP TABLE staff, company CASCADE;
DROP INDEX customer_name;
ALTER TABLE reading DROP COLUMN raw, DROP COLUMN IF EXISTS nothing, DROP label RESTRICT;
