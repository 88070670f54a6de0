-- name: hashes
-- What a worker's PINs are checked against.
SELECT pin_hash, duress_pin_hash FROM persons WHERE organisation_id = $1 AND id = $2;

-- name: save
-- Keep new PINs.
UPDATE persons SET pin_hash = $3, duress_pin_hash = $4 WHERE organisation_id = $1 AND id = $2;

-- name: password
-- What a logged-in user's password is checked against.
SELECT password_hash FROM users WHERE organisation_id = $1 AND id = $2 AND disabled_at IS NULL;
