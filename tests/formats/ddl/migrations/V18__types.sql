CREATE TABLE reading (
    at timestamp(0) without time zone NOT NULL,
    device uuid,
    flags bit(4),
    value double precision,
    tags text[],
    raw jsonb,
    active boolean NOT NULL DEFAULT true,
    day date,
    hour time(3),
    label "char",
    size int8,
    small int2
);
