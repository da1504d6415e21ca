CREATE TABLE event (id bigint NOT NULL, kind varchar(16) NOT NULL, day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE event_2024 PARTITION OF event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
ALTER TABLE event ADD COLUMN payload varchar(1000);
CREATE TEMP TABLE scratch (x int);
