ALTER TABLE "order" RENAME TO purchase;
ALTER TABLE purchase ALTER COLUMN note TYPE varchar(500);
ALTER TABLE IF EXISTS purchases ADD COLUMN nothing text;
