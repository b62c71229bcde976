-- What policy decides on are a customer's first pending pushes of each connector.
DROP INDEX outbox_customer;
CREATE INDEX outbox_waiting ON outbox (customer, connector, sequence) WHERE state = 0;
