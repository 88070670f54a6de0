-- Devices that somebody tried to be quiet; a place as the answer to a question
-- depends: 0012_next_secrets

-- migrate: apply

-- quiet: tried: nothing shows at the device when it is asked where it is. placed_at: when it answered with a place.
ALTER TABLE downlinks
    ADD COLUMN quiet boolean NOT NULL DEFAULT false,
    ADD COLUMN placed_at timestamptz;
ALTER TABLE commissioning_sheets ADD COLUMN quiet_locate boolean NOT NULL DEFAULT false;
-- In place of one that takes what was put away for what waits.
DROP INDEX downlinks_waiting;
CREATE INDEX downlinks_waiting ON downlinks (expires_at) WHERE sent_at IS NULL AND unsaid IS NULL;
CREATE INDEX downlinks_said ON downlinks (protocol, account, sent_at) WHERE sent_at IS NOT NULL;

-- migrate: rollback
