-- name: dossier
-- A person as helpers need him, with what the committee that he belongs to has written down.
SELECT p.id, p.committee_id, p.name, u.name AS unit, team.names AS teams, p.employer, p.phone,
    EXISTS (SELECT FROM person_photos f
        WHERE f.organisation_id = p.organisation_id AND f.committee_id = p.committee_id AND f.person_id = p.id) AS photo,
    coalesce(d.notes, '') AS notes
FROM persons p
LEFT JOIN units u ON u.organisation_id = p.organisation_id AND u.id = p.unit_id
LEFT JOIN person_dossiers d ON d.organisation_id = p.organisation_id AND d.committee_id = p.committee_id
    AND d.person_id = p.id
LEFT JOIN LATERAL (
    SELECT coalesce(array_agg(t.name ORDER BY t.name), '{}') AS names
    FROM team_members m
    JOIN teams t ON t.organisation_id = m.organisation_id AND t.id = m.team_id
    WHERE m.organisation_id = p.organisation_id AND m.person_id = p.id
) team ON true
WHERE p.organisation_id = $1 AND p.committee_id = ANY ($2::uuid[]) AND p.id = $3;

-- name: ground
-- An incident $4 about the person $3 as the ground for a look; calls: it is a real call for help that is not over.
SELECT i.id, i.committee_id,
    i.purpose = 'real' AND i.state <> 'stood_down' AND i.subject NOT LIKE 'technical/%' AS calls
FROM incidents i
WHERE i.organisation_id = $1 AND i.committee_id = ANY ($2::uuid[]) AND i.person_id = $3 AND i.id = $4;

-- name: covert
-- The newest silent alarm of the person $3 that is not over, or was not at $4: whoever reads about him now may do so
-- because of it.
SELECT i.id
FROM incidents i
WHERE i.organisation_id = $1 AND i.committee_id = ANY ($2::uuid[]) AND i.subject = 'covert/person:' || $3::uuid
    AND (i.state <> 'stood_down' OR i.stood_down_at > $4)
ORDER BY i.opened_at DESC
LIMIT 1;

-- name: kin
-- Whom to tell, first first.
SELECT k.name, k.relation, k.phone
FROM next_of_kin k
WHERE k.organisation_id = $1 AND k.committee_id = $2 AND k.person_id = $3
ORDER BY k.rank;

-- name: whose
-- Which committee a person belongs to.
SELECT p.committee_id
FROM persons p
WHERE p.organisation_id = $1 AND p.committee_id = ANY ($2::uuid[]) AND p.id = $3;

-- name: save
-- What helpers should know, in place of what stood.
INSERT INTO person_dossiers (organisation_id, committee_id, person_id, notes, changed_at, changed_by)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (organisation_id, committee_id, person_id) DO UPDATE SET notes = excluded.notes,
    changed_at = excluded.changed_at, changed_by = excluded.changed_by;

-- name: forget_kin
-- Whom to tell is written anew.
DELETE FROM next_of_kin WHERE organisation_id = $1 AND committee_id = $2 AND person_id = $3;

-- name: save_kin
-- Whom to tell, first first.
INSERT INTO next_of_kin (organisation_id, committee_id, person_id, rank, name, relation, phone)
SELECT $1, $2, $3, w.rank, w.name, w.relation, w.phone
FROM unnest($4::text[], $5::text[], $6::text[]) WITH ORDINALITY AS w (name, relation, phone, rank);

-- name: photo
-- A person's photo.
SELECT f.media_type, f.body
FROM persons p
JOIN person_photos f ON f.organisation_id = p.organisation_id AND f.committee_id = p.committee_id AND f.person_id = p.id
WHERE p.organisation_id = $1 AND p.committee_id = ANY ($2::uuid[]) AND p.id = $3;

-- name: save_photo
-- A photo in place of the one that was there.
INSERT INTO person_photos (organisation_id, committee_id, person_id, media_type, body, filed_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (organisation_id, committee_id, person_id) DO UPDATE SET media_type = excluded.media_type,
    body = excluded.body, filed_at = excluded.filed_at;

-- name: remove_photo
-- The photo is dropped.
DELETE FROM person_photos WHERE organisation_id = $1 AND committee_id = $2 AND person_id = $3;
