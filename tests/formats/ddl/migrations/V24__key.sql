ALTER TABLE purchase DROP CONSTRAINT order_pk;
ALTER TABLE purchase ALTER COLUMN id TYPE bigint;
CREATE UNIQUE INDEX purchase_id ON purchase USING btree (id);
ALTER TABLE purchase ADD CONSTRAINT purchase_pk PRIMARY KEY USING INDEX purchase_id;
