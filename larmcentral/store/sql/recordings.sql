-- name: save
-- Keep what was said with the session that a person has running, in place of what was kept before; the session says
-- that there is something to hear.
WITH running AS (
    UPDATE vigils v SET core = jsonb_set(v.core, '{recording}', to_jsonb($4::text)), version = v.version + 1
    WHERE v.organisation_id = $1 AND v.committee_id = ANY ($2::uuid[]) AND v.kind = 'session' AND v.person_id = $3
        AND v.ended_at IS NULL
    RETURNING v.organisation_id, v.committee_id, v.id
)
INSERT INTO session_recordings (organisation_id, committee_id, vigil_id, media_type, body, at)
SELECT r.organisation_id, r.committee_id, r.id, $4, $5, $6 FROM running r
ON CONFLICT (organisation_id, vigil_id) DO UPDATE SET media_type = excluded.media_type, body = excluded.body,
    at = excluded.at
RETURNING vigil_id;

-- name: load
-- What was said before a session, and whose it is.
SELECT r.committee_id, r.media_type, r.body, v.person_id, (v.core ->> 'place_id')::uuid AS place_id
FROM session_recordings r
JOIN vigils v ON v.organisation_id = r.organisation_id AND v.id = r.vigil_id
WHERE r.organisation_id = $1 AND r.committee_id = ANY ($2::uuid[]) AND r.vigil_id = $3;
