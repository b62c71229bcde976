-- outbox.state, further: 3 dropped by policy, 4 merged into another, 5 ended with an unknown outcome, 6 the same, held for
-- an operator, 7 discarded by an operator.
-- granted_at, granted_for: when policy let it out first, and for what. unknown_at: when the first attempt began whose outcome
-- nobody knows.
ALTER TABLE outbox
    ADD COLUMN granted_at  BIGINT,
    ADD COLUMN granted_for BYTEA,
    ADD COLUMN unknown_at  BIGINT,
    ADD COLUMN merged_into BYTEA;

CREATE INDEX outbox_customer ON outbox (customer, sequence) WHERE state = 0;
CREATE INDEX outbox_grant ON outbox (customer, granted_at) WHERE granted_at IS NOT NULL;
CREATE INDEX outbox_unsent ON outbox (customer) WHERE state IN (3, 4);
CREATE INDEX outbox_undecided ON outbox (settled_at, id) WHERE state IN (2, 5, 6);

-- What of pushes that are over is kept for a while only.
DROP INDEX outbox_delivered;
CREATE INDEX outbox_over ON outbox (settled_at) WHERE state IN (1, 3, 4, 7) AND content IS NOT NULL;

-- verdict: 1 send, 2 wait, 3 drop, 4 merge.
CREATE TABLE push_decision (
    id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    push    BYTEA    NOT NULL,
    at      BIGINT   NOT NULL,
    verdict SMALLINT NOT NULL,
    reason  BYTEA    NOT NULL
);

CREATE INDEX push_decision_push ON push_decision (push);
CREATE INDEX push_decision_at ON push_decision (at);

-- How often pushes of a shard were put back by an operator: relays whose number is older look through its outbox again.
CREATE TABLE outbox_replay (
    shard   INTEGER PRIMARY KEY,
    replays BIGINT NOT NULL
);
