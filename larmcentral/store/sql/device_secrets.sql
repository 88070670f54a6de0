-- name: lock
-- A device's secrets, sealed; nobody else changes them until we are done.
SELECT organisation_id, id, protocol, secret, next_secret FROM devices
WHERE organisation_id = $1 AND protocol = $2 AND account = $3 FOR UPDATE;

-- name: renew
-- Its secrets from now on; receivers read what changed.
UPDATE devices SET secret = $3, next_secret = $4, changed_at = clock_timestamp()
WHERE organisation_id = $1 AND id = $2;
