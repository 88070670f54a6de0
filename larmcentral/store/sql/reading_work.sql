-- name: sessions
-- Running sessions of some committees; $3: of one person. First those that have called for help, then by what is due.
SELECT v.id, v.committee_id, v.person_id, v.core, coalesce(p.name, '') AS person, p.phone,
    (v.core ->> 'place_id')::uuid AS place_id, pl.name AS place, others.names AS companions,
    EXISTS (SELECT FROM session_recordings m WHERE m.organisation_id = v.organisation_id AND m.vigil_id = v.id)
        AS recording
FROM vigils v
LEFT JOIN persons p ON p.organisation_id = v.organisation_id AND p.id = v.person_id
LEFT JOIN places pl ON pl.organisation_id = v.organisation_id AND pl.id = (v.core ->> 'place_id')::uuid
LEFT JOIN LATERAL (
    SELECT array_agg(coalesce((SELECT c.name FROM persons c
        WHERE c.organisation_id = v.organisation_id AND c.id = e.id::uuid), '') ORDER BY e.place) AS names
    FROM jsonb_array_elements_text(v.core -> 'companions') WITH ORDINALITY e (id, place)
) others ON true
WHERE v.organisation_id = $1 AND v.committee_id = ANY ($2::uuid[]) AND v.kind = 'session' AND v.ended_at IS NULL
    AND ($3::uuid IS NULL OR v.person_id = $3)
ORDER BY coalesce(jsonb_array_length(v.core -> 'raised'), 0) = 0, v.due_at NULLS LAST, v.id
LIMIT $4;

-- name: own
-- What else a worker's own phone shows: whether he has PINs, until when he is on shift, and a countdown that runs,
-- unless it is a silent one.
SELECT p.pin_set, s.until_at AS shift_until, v.core AS pre_alarm
FROM persons p
LEFT JOIN presences s ON s.organisation_id = p.organisation_id AND s.person_id = p.id AND s.until_at > $4
LEFT JOIN vigils v ON v.subject = 'person:' || p.id AND v.kind = 'pre_alarm' AND v.organisation_id = p.organisation_id
    AND v.ended_at IS NULL AND NOT (v.core ->> 'silent')::boolean
WHERE p.organisation_id = $1 AND p.committee_id = ANY ($2::uuid[]) AND p.id = $3;

-- name: own_alarms
-- His open incidents, oldest first, as far as anybody beside him may see them: by its subject no silent one is his.
SELECT i.id, i.kind, i.purpose, i.opened_at, CASE i.state WHEN 'acknowledged' THEN 'taken' ELSE 'received' END AS stage
FROM incidents i
WHERE i.organisation_id = $1 AND i.committee_id = ANY ($2::uuid[]) AND i.subject = 'person:' || $3::uuid
    AND i.purpose <> 'test' AND NOT i.silent AND i.state <> 'stood_down'
ORDER BY i.opened_at, i.id;
