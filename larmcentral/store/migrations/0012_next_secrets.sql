-- A device's coming secret, beside the present one until it is used
-- depends: 0011_downlinks_and_models

-- migrate: apply

-- Sealed for the same place as secret, so that it can take that place as it stands. A version that does not know the
-- column goes on with secret, which stays good until the device has used the new one.
ALTER TABLE devices ADD COLUMN next_secret bytea;

-- migrate: rollback
