-- What customers said about being written to, all of it. channel '': every channel. purpose '': every purpose that has
-- no row of its own. granted: NULL as if nothing had been said. source: 1 identify, 2 event, 3 api, 4 unsubscribe.
-- position: of the record in the log of the customer's shard.
CREATE TABLE consent (
    customer       BYTEA    NOT NULL,
    channel        BYTEA    NOT NULL,
    purpose        BYTEA    NOT NULL,
    at             BIGINT   NOT NULL,
    position       BIGINT   NOT NULL,
    granted        BOOLEAN,
    logged_at      BIGINT   NOT NULL,
    source         SMALLINT NOT NULL,
    origin         BYTEA,
    policy_version BYTEA,
    message_id     BYTEA,
    PRIMARY KEY (customer, channel, purpose, at, position)
);

-- Addresses that nothing is to be sent to.
CREATE TABLE suppression (
    channel BYTEA  NOT NULL,
    address BYTEA  NOT NULL,
    since   BIGINT NOT NULL,
    reason  BYTEA  NOT NULL,
    source  BYTEA  NOT NULL,
    PRIMARY KEY (channel, address)
);
