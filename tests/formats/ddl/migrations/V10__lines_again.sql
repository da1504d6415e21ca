ALTER TABLE order_line DROP CONSTRAINT order_line_quantity_check;
ALTER TABLE order_line DROP CONSTRAINT order_line_product_check, ALTER product TYPE text;
ALTER TABLE order_line ADD CHECK (quantity > 0);
