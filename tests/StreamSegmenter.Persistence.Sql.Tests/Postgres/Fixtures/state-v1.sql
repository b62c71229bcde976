-- A state store as version 1 wrote it: one shard with something in every table that a later version changes.
CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_at BIGINT NOT NULL);
INSERT INTO schema_version VALUES (1, 1577836800000);

CREATE TABLE store (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    partition_count INTEGER NOT NULL
);

CREATE TABLE opening (
    id        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    opened_at BIGINT NOT NULL
);

CREATE TABLE shard (
    id                   INTEGER PRIMARY KEY,
    epoch                BIGINT NOT NULL,
    owner                BYTEA  NOT NULL,
    checkpoint_position  BIGINT NOT NULL,
    now                  BIGINT NOT NULL,
    definitions          BYTEA  NOT NULL,
    effects_position     BIGINT NOT NULL,
    next_outbox_sequence BIGINT NOT NULL,
    checkpoint_opening   BIGINT NOT NULL DEFAULT 0,
    checkpoint_commit    BIGINT NOT NULL DEFAULT 0,
    effects_opening      BIGINT NOT NULL DEFAULT 0,
    effects_commit       BIGINT NOT NULL DEFAULT 0
) WITH (fillfactor = 10);

CREATE FUNCTION refuse_commit(of_shard INTEGER, of_opening BIGINT, of_commit BIGINT) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM shard
        WHERE id = of_shard
            AND ((checkpoint_opening, checkpoint_commit) = (of_opening, of_commit)
                OR (effects_opening, effects_commit) = (of_opening, of_commit))
    ) THEN
        RAISE EXCEPTION 'commit % of opening % is there already', of_commit, of_opening USING ERRCODE = 'SS002';
    END IF;
    RAISE EXCEPTION 'shard % has another owner', of_shard USING ERRCODE = 'SS001';
END;
$$;

CREATE TABLE tick (
    shard    INTEGER NOT NULL,
    position BIGINT  NOT NULL,
    now      BIGINT  NOT NULL,
    PRIMARY KEY (shard, position, now)
);

CREATE TABLE customer (
    shard    INTEGER NOT NULL,
    customer BYTEA   NOT NULL,
    next_due BIGINT,
    state    BYTEA   NOT NULL,
    PRIMARY KEY (shard, customer)
) WITH (autovacuum_vacuum_scale_factor = 0.05);

CREATE INDEX customer_due ON customer (shard, next_due, customer) WHERE next_due IS NOT NULL;

CREATE TABLE transition (
    customer   BYTEA    NOT NULL,
    segment    BYTEA    NOT NULL,
    number     BIGINT   NOT NULL,
    kind       SMALLINT NOT NULL,
    at         BIGINT   NOT NULL,
    cause      SMALLINT NOT NULL,
    message_id BYTEA,
    PRIMARY KEY (customer, segment, number)
);

CREATE INDEX transition_at ON transition (at, customer, segment, number);

CREATE TABLE membership (
    customer BYTEA  NOT NULL,
    segment  BYTEA  NOT NULL,
    since    BIGINT NOT NULL,
    PRIMARY KEY (customer, segment)
);

CREATE TABLE segment_count (
    shard   INTEGER NOT NULL,
    segment BYTEA   NOT NULL,
    members BIGINT  NOT NULL,
    PRIMARY KEY (shard, segment)
) WITH (fillfactor = 50);

CREATE TABLE outbox (
    id         BYTEA    PRIMARY KEY,
    connector  BYTEA    NOT NULL,
    shard      INTEGER  NOT NULL,
    sequence   BIGINT   NOT NULL,
    customer   BYTEA    NOT NULL,
    state      SMALLINT NOT NULL,
    attempts   INTEGER  NOT NULL,
    made_at    BIGINT   NOT NULL,
    not_before BIGINT   NOT NULL,
    settled_at BIGINT,
    reason     BYTEA,
    content    BYTEA
);

CREATE INDEX outbox_pending ON outbox (connector, shard, sequence) WHERE state = 0;
CREATE INDEX outbox_delivered ON outbox (settled_at) WHERE state = 1 AND content IS NOT NULL;

CREATE TABLE outbox_count (
    shard     INTEGER  NOT NULL,
    connector BYTEA    NOT NULL,
    state     SMALLINT NOT NULL,
    pushes    BIGINT   NOT NULL,
    PRIMARY KEY (shard, connector, state)
) WITH (fillfactor = 50);

CREATE TABLE dead_letter (
    id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    opening BIGINT  NOT NULL,
    commit  BIGINT  NOT NULL,
    ordinal INTEGER NOT NULL,
    at      BIGINT  NOT NULL,
    source  BYTEA   NOT NULL,
    reason  BYTEA   NOT NULL,
    detail  BYTEA   NOT NULL,
    payload BYTEA   NOT NULL,
    UNIQUE (opening, commit, ordinal)
);

CREATE INDEX dead_letter_at ON dead_letter (at);
CREATE INDEX dead_letter_reason ON dead_letter (reason);

INSERT INTO store VALUES (1, 4);
INSERT INTO shard VALUES (1, 6, 'node-a', 100, 1577836800000, 'abc', 120, 4);
INSERT INTO transition VALUES ('u1', 'vip', 1, 1, 1577836700000, 1, 'm1');
INSERT INTO transition VALUES ('u1', 'vip', 2, 2, 1577836701000, 2, NULL);
INSERT INTO outbox VALUES ('p1', 'mail', 1, 1, 'u1', 0, 2, 1577836700000, 1577836760000, NULL, '503', '{}');
INSERT INTO outbox VALUES ('p2', 'mail', 1, 2, 'u1', 1, 0, 1577836701000, 1577836701000, 1577836702000, NULL, NULL);
INSERT INTO outbox VALUES ('p3', 'mail', 1, 3, 'u1', 2, 5, 1577836701000, 1577836701000, 1577836702000, '422', '{}');
INSERT INTO outbox_count VALUES (1, 'mail', 0, 3);
INSERT INTO outbox_count VALUES (1, 'mail', 1, 1);
INSERT INTO outbox_count VALUES (1, 'mail', 2, 1);
