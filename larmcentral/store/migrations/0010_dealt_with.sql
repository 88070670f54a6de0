-- System alarms that a person took down
-- depends: 0009_ways_out

-- migrate: apply

-- Who has seen to it, and what he did; null where the house found that it is over.
ALTER TABLE system_alarms
    ADD COLUMN dealt_with_by uuid,
    ADD COLUMN dealt_with_note text CHECK (length(dealt_with_note) BETWEEN 1 AND 500),
    ADD CONSTRAINT system_alarms_dealt_with CHECK ((dealt_with_by IS NULL) = (dealt_with_note IS NULL)
        AND (dealt_with_by IS NULL OR cleared_at IS NOT NULL)) NOT VALID;

-- migrate: rollback
