-- Times are milliseconds since 1970-01-01T00:00:00Z; a time that never comes is NULL.
-- Names are UTF-8 bytes: they may hold U+0000, which text cannot, and bytes are ordered as code points are, whatever the
-- collation. To read one: convert_from(customer, 'UTF8').

-- One row: what was fixed when the first shard was taken.
CREATE TABLE store (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    partition_count INTEGER NOT NULL
);

-- One row for each time that a process opened the store: it numbers its commits.
CREATE TABLE opening (
    id        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    opened_at BIGINT NOT NULL
);

-- The last commits of both kinds say by which opening they are and which of its numbers they have: whoever lost the
-- connection finds out whether its commit was made, and one that arrives late is not made again.
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

-- Called when a commit has hit no row of its shard: ends the transaction, and says why.
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

-- The control journal: times that a replay has to advance to, before the record at the position.
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

-- kind: 1 entered, 2 exited. cause: 1 event, 2 time, 3 merge, 4 definition, 5 backfill, 6 erase.
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

-- Kept by the commits, because counting millions of rows for every look at a dashboard is too slow. By shard, because
-- commits of several shards would wait for one another's disk at a row that they share.
CREATE TABLE segment_count (
    shard   INTEGER NOT NULL,
    segment BYTEA   NOT NULL,
    members BIGINT  NOT NULL,
    PRIMARY KEY (shard, segment)
) WITH (fillfactor = 50);

-- state: 0 pending, 1 delivered, 2 dead. The content of a delivered row goes after a while; its id stays.
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

-- How many were ever put in, under state 0, and how many are delivered or dead: commits write the first alone and
-- relays the others, so that neither waits for the other.
CREATE TABLE outbox_count (
    shard     INTEGER  NOT NULL,
    connector BYTEA    NOT NULL,
    state     SMALLINT NOT NULL,
    pushes    BIGINT   NOT NULL,
    PRIMARY KEY (shard, connector, state)
) WITH (fillfactor = 50);

-- Opening, commit and ordinal keep a letter from being added twice.
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
