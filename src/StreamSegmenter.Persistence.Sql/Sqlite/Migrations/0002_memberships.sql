-- The newest transition of a customer and segment says whether the customer is a member.
DROP TABLE membership;
