-- name: record
-- Write down that somebody read about a person. The id names the reading, so a repeat adds nothing.
INSERT INTO access_log (organisation_id, committee_id, id, at, user_id, action, person_id, incident_id, ground, place_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT DO NOTHING;

-- name: record_shown
-- Write down what somebody read of several persons or places; a repeat adds nothing.
INSERT INTO access_log (organisation_id, committee_id, id, at, user_id, action, person_id, place_id, ground)
SELECT $1, w.committee_id, w.id, $2, $3, $4, w.person_id, w.place_id, $5
FROM unnest($6::uuid[], $7::uuid[], $8::uuid[], $9::uuid[]) AS w (committee_id, id, person_id, place_id)
ON CONFLICT DO NOTHING;
