-- name: standing
-- A system alarm of somebody's committees, ours until the transaction ends.
SELECT fault, committee_id, cleared_at, CASE WHEN vigil_id IS NULL THEN incident_id END AS incident_id
FROM system_alarms
WHERE organisation_id = $1 AND id = $2 AND committee_id = ANY ($3::uuid[])
FOR UPDATE;

-- name: deal_with
-- Somebody has seen to it; also by a clock that was set back since it was raised.
UPDATE system_alarms SET cleared_at = greatest($3, raised_at), dealt_with_by = $4, dealt_with_note = $5
WHERE organisation_id = $1 AND id = $2 AND cleared_at IS NULL;
