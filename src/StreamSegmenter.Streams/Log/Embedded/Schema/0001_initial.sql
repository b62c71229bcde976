-- One row a partition: where it starts, and the least that its end and its time are once its batches are deleted.
CREATE TABLE partition (
    id       INTEGER PRIMARY KEY,
    earliest INTEGER NOT NULL,
    end      INTEGER NOT NULL,
    log_time INTEGER NOT NULL
);

-- id = partition * 2^48 + position of the first record. Times are milliseconds since 1970.
CREATE TABLE batch (
    id       INTEGER PRIMARY KEY,
    count    INTEGER NOT NULL,
    log_time INTEGER NOT NULL,
    records  BLOB    NOT NULL
);

-- One row: readers were promised no time above this one.
CREATE TABLE clock (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    reserved INTEGER NOT NULL
);
