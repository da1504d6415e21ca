CREATE OR REPLACE FUNCTION touch() RETURNS trigger AS $$
BEGIN
    NEW.updated_at := now();  -- don't stop at this semicolon
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
ALTER TABLE customer ADD COLUMN updated_at timestamptz;
CREATE TRIGGER customer_touch BEFORE UPDATE ON customer FOR EACH ROW EXECUTE FUNCTION touch();
