-- Times are milliseconds since 1970-01-01T00:00:00Z; a time that never comes is NULL.

-- One row: what was fixed when the first shard was taken.
CREATE TABLE store (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    partition_count INTEGER NOT NULL
);

CREATE TABLE shard (
    id                   INTEGER PRIMARY KEY,
    epoch                INTEGER NOT NULL,
    owner                TEXT    NOT NULL,
    checkpoint_position  INTEGER NOT NULL,
    now                  INTEGER NOT NULL,
    definitions          TEXT    NOT NULL,
    effects_position     INTEGER NOT NULL,
    next_outbox_sequence INTEGER NOT NULL
);

-- The control journal: times that a replay has to advance to, before the record at the position.
CREATE TABLE tick (
    shard    INTEGER NOT NULL REFERENCES shard (id),
    position INTEGER NOT NULL,
    now      INTEGER NOT NULL,
    PRIMARY KEY (shard, position, now)
) WITHOUT ROWID;

CREATE TABLE customer (
    shard    INTEGER NOT NULL,
    customer TEXT    NOT NULL,
    next_due INTEGER,
    state    BLOB    NOT NULL,
    PRIMARY KEY (shard, customer)
) WITHOUT ROWID;

CREATE INDEX customer_due ON customer (shard, next_due, customer) WHERE next_due IS NOT NULL;

-- kind: 1 entered, 2 exited. cause: 1 event, 2 time, 3 merge, 4 definition, 5 backfill, 6 erase.
CREATE TABLE transition (
    customer   TEXT    NOT NULL,
    segment    TEXT    NOT NULL,
    number     INTEGER NOT NULL,
    kind       INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    cause      INTEGER NOT NULL,
    message_id TEXT,
    PRIMARY KEY (customer, segment, number)
) WITHOUT ROWID;

CREATE INDEX transition_at ON transition (at, customer, segment, number);

CREATE TABLE membership (
    customer TEXT    NOT NULL,
    segment  TEXT    NOT NULL,
    since    INTEGER NOT NULL,
    PRIMARY KEY (customer, segment)
) WITHOUT ROWID;

-- Kept by the commits, because counting millions of rows for every look at a dashboard is too slow.
CREATE TABLE segment_count (
    segment TEXT    PRIMARY KEY,
    members INTEGER NOT NULL
) WITHOUT ROWID;

-- state: 0 pending, 1 delivered, 2 dead. The content of a delivered row goes after a while; its id stays.
CREATE TABLE outbox (
    id         TEXT    NOT NULL UNIQUE,
    connector  TEXT    NOT NULL,
    shard      INTEGER NOT NULL REFERENCES shard (id),
    sequence   INTEGER NOT NULL,
    customer   TEXT    NOT NULL,
    state      INTEGER NOT NULL,
    attempts   INTEGER NOT NULL,
    made_at    INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    settled_at INTEGER,
    reason     TEXT,
    content    BLOB
);

CREATE INDEX outbox_pending ON outbox (connector, shard, sequence) WHERE state = 0;
CREATE INDEX outbox_delivered ON outbox (settled_at) WHERE state = 1 AND content IS NOT NULL;

CREATE TABLE outbox_count (
    connector TEXT    NOT NULL,
    state     INTEGER NOT NULL,
    pushes    INTEGER NOT NULL,
    PRIMARY KEY (connector, state)
) WITHOUT ROWID;

CREATE TABLE dead_letter (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    source  TEXT    NOT NULL,
    reason  TEXT    NOT NULL,
    detail  TEXT    NOT NULL,
    payload BLOB    NOT NULL
);

CREATE INDEX dead_letter_reason ON dead_letter (reason);
