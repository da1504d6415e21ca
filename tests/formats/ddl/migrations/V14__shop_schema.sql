CREATE SCHEMA shop;
CREATE TABLE shop.voucher (code varchar(12) UNIQUE NOT NULL, value numeric(5), valid_to date);
