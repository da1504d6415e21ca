ALTER TABLE ONLY shop.voucher
    ADD COLUMN issued_by varchar(30),
    ALTER COLUMN code TYPE char(12),
    ALTER COLUMN value SET NOT NULL;
