-- What customers said about being written to, all of it. channel '': every channel. purpose '': every purpose that has
-- no row of its own. granted: 1 yes, 0 no, NULL as if nothing had been said. source: 1 identify, 2 event, 3 api,
-- 4 unsubscribe. position: of the record in the log of the customer's shard.
CREATE TABLE consent (
    customer       TEXT    NOT NULL,
    channel        TEXT    NOT NULL,
    purpose        TEXT    NOT NULL,
    at             INTEGER NOT NULL,
    position       INTEGER NOT NULL,
    granted        INTEGER,
    logged_at      INTEGER NOT NULL,
    source         INTEGER NOT NULL,
    origin         TEXT,
    policy_version TEXT,
    message_id     TEXT,
    PRIMARY KEY (customer, channel, purpose, at, position)
) WITHOUT ROWID;

-- Addresses that nothing is to be sent to.
CREATE TABLE suppression (
    channel TEXT    NOT NULL,
    address TEXT    NOT NULL,
    since   INTEGER NOT NULL,
    reason  TEXT    NOT NULL,
    source  TEXT    NOT NULL,
    PRIMARY KEY (channel, address)
) WITHOUT ROWID;
