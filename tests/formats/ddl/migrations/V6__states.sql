ALTER TYPE order_state ADD VALUE IF NOT EXISTS 'returned' AFTER 'sent';
ALTER TYPE order_state RENAME VALUE 'new' TO 'open';
