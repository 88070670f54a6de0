-- name: list
-- Which model an account is that begins so, the longest prefix of each first.
SELECT imei_prefix, model FROM device_models WHERE organisation_id = $1 ORDER BY imei_prefix;

-- name: set
-- Say which model an account is that begins so.
INSERT INTO device_models (organisation_id, imei_prefix, model) VALUES ($1, $2, $3)
ON CONFLICT (organisation_id, imei_prefix) DO UPDATE SET model = excluded.model;

-- name: remove
-- Forget a prefix.
DELETE FROM device_models WHERE organisation_id = $1 AND imei_prefix = $2 RETURNING true;

-- name: touch
-- Let receivers read again whoever may be meant by a prefix and has no model of his own.
UPDATE devices SET changed_at = clock_timestamp()
WHERE organisation_id = $1 AND model IS NULL AND starts_with(account, $2);
