-- name: record
-- Write down that somebody read about a person. The id names the reading, so a repeat adds nothing.
INSERT INTO access_log (organisation_id, committee_id, id, at, user_id, action, person_id, incident_id, ground)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT DO NOTHING;
