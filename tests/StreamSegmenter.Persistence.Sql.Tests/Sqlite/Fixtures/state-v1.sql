-- A state store as version 1 wrote it: one shard with something in every table.
PRAGMA application_id = 1397969713;
CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL);
INSERT INTO schema_version VALUES (1, 1577836800000);

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

CREATE TABLE segment_count (
    segment TEXT    PRIMARY KEY,
    members INTEGER NOT NULL
) WITHOUT ROWID;

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

INSERT INTO store VALUES (1, 4);
INSERT INTO shard VALUES (1, 6, 'node-a', 100, 1577836800000, 'abc', 120, 3);
INSERT INTO tick VALUES (1, 110, 1577836805000);
INSERT INTO customer VALUES (1, 'u1', 1577836900000, x'0102');
INSERT INTO customer VALUES (1, 'u2', NULL, x'03');
INSERT INTO transition VALUES ('u1', 'vip', 1, 1, 1577836700000, 1, 'm1');
INSERT INTO transition VALUES ('u1', 'vip', 2, 2, 1577836701000, 2, NULL);
INSERT INTO transition VALUES ('u2', 'vip', 1, 1, 1577836702000, 5, NULL);
INSERT INTO membership VALUES ('u2', 'vip', 1577836702000);
INSERT INTO segment_count VALUES ('vip', 1);
INSERT INTO outbox VALUES ('p1', 'mail', 1, 1, 'u1', 0, 2, 1577836700000, 1577836760000, NULL, '503', x'7b7d');
INSERT INTO outbox VALUES ('p2', 'mail', 1, 2, 'u1', 1, 0, 1577836701000, 1577836701000, 1577836702000, NULL, NULL);
INSERT INTO outbox_count VALUES ('mail', 0, 1);
INSERT INTO outbox_count VALUES ('mail', 1, 1);
INSERT INTO dead_letter VALUES (1, 1577836700000, 'http', 'bad-json', 'line 1', x'7b');
