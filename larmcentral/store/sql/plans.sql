-- name: of_committee
-- The plans of a committee as they stand, or as they stood at $3. A committee has tens.
SELECT DISTINCT ON (p.id) p.id, v.name, v.version, v.kind, v.unit_id, v.place_id, v.steps
FROM action_plans p
JOIN action_plan_versions v ON v.organisation_id = p.organisation_id AND v.plan_id = p.id
WHERE p.organisation_id = $1 AND p.committee_id = $2 AND (p.removed_at IS NULL OR p.removed_at > $3::timestamptz)
    AND ($3 IS NULL OR v.made_at <= $3)
ORDER BY p.id, v.version DESC;

-- name: newest_record
-- What was said last of one step of a plan in an incident.
SELECT t.detail
FROM timeline t
WHERE t.incident_id = $1 AND t.kind = 'step_recorded' AND t.detail ->> 'plan_id' = $2 AND t.detail ->> 'key' = $3
ORDER BY t.seq DESC
LIMIT 1;

-- name: records
-- Everything that was said of the steps of one plan in an incident, oldest first, and by whom.
SELECT t.at, t.detail, coalesce(
        (SELECT u.name FROM users u WHERE u.organisation_id = t.organisation_id AND u.id = (t.actor ->> 'user_id')::uuid),
        '') AS by_name
FROM timeline t
WHERE t.organisation_id = $1 AND t.incident_id = $2 AND t.kind = 'step_recorded' AND t.detail ->> 'plan_id' = $3
ORDER BY t.seq;

-- name: incident
-- Of which committee an incident is, and what its plan goes by: kind, place, and the unit of its person or place.
SELECT i.committee_id, i.kind, i.place_id, coalesce(p.unit_id, pl.unit_id) AS unit_id, i.stood_down_at
FROM incidents i
LEFT JOIN persons p ON p.organisation_id = i.organisation_id AND p.id = i.person_id
LEFT JOIN places pl ON pl.organisation_id = i.organisation_id AND pl.id = i.place_id
WHERE i.organisation_id = $1 AND i.committee_id = ANY ($2::uuid[]) AND i.id = $3;

-- name: rows
-- The plans of some committees, by name, with the names of unit and place. $4: that one alone.
SELECT p.id, p.committee_id, v.name, v.kind, v.unit_id, u.name AS unit, v.place_id, pl.name AS place, v.steps, v.version
FROM action_plans p
JOIN action_plan_versions v ON v.organisation_id = p.organisation_id AND v.plan_id = p.id AND v.version = p.version
LEFT JOIN units u ON u.organisation_id = p.organisation_id AND u.id = v.unit_id
LEFT JOIN places pl ON pl.organisation_id = p.organisation_id AND pl.id = v.place_id
WHERE p.organisation_id = $1 AND p.committee_id = ANY ($2::uuid[]) AND p.removed_at IS NULL
    AND ($4::uuid IS NULL OR p.id = $4)
ORDER BY v.name, p.id
LIMIT $3;

-- name: known
-- Whether the unit $3 and the place $4, where they are named, are the committee's.
SELECT ($3::uuid IS NULL OR EXISTS (
        SELECT FROM units u WHERE u.organisation_id = $1 AND u.committee_id = $2 AND u.id = $3))
    AND ($4::uuid IS NULL OR EXISTS (
        SELECT FROM places pl
        WHERE pl.organisation_id = $1 AND pl.committee_id = $2 AND pl.id = $4 AND pl.removed_at IS NULL));

-- name: begin
-- A new plan. One with this id that stands already, to be seen from here or not, stays as it is; one that was removed
-- too, for what was done under it names it.
INSERT INTO action_plans (organisation_id, committee_id, id, kind, unit_id, place_id, version)
VALUES ($1, $2, $3, $4, $5, $6, 1)
ON CONFLICT (organisation_id, id) DO NOTHING
RETURNING version;

-- name: move_on
-- The next version of a plan, if the one that it was made from still stands.
UPDATE action_plans SET kind = $4, unit_id = $5, place_id = $6, version = version + 1
WHERE organisation_id = $1 AND committee_id = $2 AND id = $3 AND version = $7 AND removed_at IS NULL
RETURNING version;

-- name: stands
-- Which version of a plan stands.
SELECT version FROM action_plans WHERE organisation_id = $1 AND committee_id = $2 AND id = $3 AND removed_at IS NULL;

-- name: version
-- What a plan says in one version; a version is written once.
INSERT INTO action_plan_versions (organisation_id, committee_id, plan_id, version, name, kind, unit_id, place_id, steps,
    made_at, made_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11)
ON CONFLICT DO NOTHING;

-- name: remove
-- A plan that goes with no further alarm.
UPDATE action_plans SET removed_at = $4
WHERE organisation_id = $1 AND committee_id = ANY ($2::uuid[]) AND id = $3 AND removed_at IS NULL
RETURNING id;
