ALTER TABLE customer ALTER COLUMN email TYPE varchar(254), ADD COLUMN phone character varying(20);
