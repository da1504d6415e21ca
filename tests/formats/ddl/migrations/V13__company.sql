DROP TABLE IF EXISTS company;
CREATE TABLE company (LIKE customer INCLUDING DEFAULTS);
ALTER TABLE company DROP COLUMN first_name;
ALTER TABLE company RENAME last_name TO "legalName";
