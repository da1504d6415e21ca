ALTER TABLE customer ADD CONSTRAINT phone_is_international CHECK (phone ~ '^\+[0-9]{6,15}$') NOT VALID;
ALTER TABLE customer VALIDATE CONSTRAINT phone_is_international;
