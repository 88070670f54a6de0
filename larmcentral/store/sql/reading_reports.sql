-- name: units
-- Units of some committees, by name.
SELECT u.id, u.name, u.committee_id FROM units u
WHERE u.organisation_id = $1 AND u.committee_id = ANY ($2::uuid[])
ORDER BY u.name, u.id
LIMIT $3;

-- name: page
-- Incidents of a search, newest first, from behind a given one on ($13). greatest() takes 0 over null: what has not
-- happened must stay null.
SELECT i.id, i.committee_id, i.opened_at, i.kind, i.purpose, i.silent, i.state, i.outcome, i.lateness_s, p.name AS person,
    u.name AS unit, pl.name AS place,
    (SELECT o.name FROM users o WHERE o.organisation_id = i.organisation_id AND o.id = i.owner_user_id) AS owner,
    CASE WHEN i.shown_at IS NOT NULL THEN greatest(extract(epoch FROM i.shown_at - i.received_at), 0)::float8 END AS shown_s,
    CASE WHEN i.accepted_at IS NOT NULL THEN greatest(extract(epoch FROM i.accepted_at - i.received_at), 0)::float8 END AS accepted_s,
    CASE WHEN i.stood_down_at IS NOT NULL THEN greatest(extract(epoch FROM i.stood_down_at - i.received_at), 0)::float8 END AS stood_down_s
FROM reported_incidents i
LEFT JOIN persons p ON p.organisation_id = i.organisation_id AND p.id = i.person_id
LEFT JOIN places pl ON pl.organisation_id = i.organisation_id AND pl.id = i.place_id
LEFT JOIN devices d ON d.organisation_id = i.organisation_id AND d.id = i.device_id
LEFT JOIN units u ON u.organisation_id = i.organisation_id AND u.id = coalesce(p.unit_id, pl.unit_id)
WHERE i.organisation_id = $1 AND i.committee_id = ANY ($2::uuid[]) AND i.purpose = ANY ($3::text[])
    AND i.opened_at >= $4 AND i.opened_at < $5
    AND ($6::text IS NULL OR i.kind = $6) AND ($7::text IS NULL OR i.outcome = $7)
    AND ($8::text IS NULL OR i.state = $8) AND ($9::uuid IS NULL OR coalesce(p.unit_id, pl.unit_id) = $9)
    AND ($10 = '' OR strpos(lower(concat_ws(E'\n', p.name, pl.name, pl.address, d.label, i.account)), lower($10)) > 0
        OR substr(sha256(uuid_send(i.id)), 1, 5) = $11::bytea)
    AND ($13::uuid IS NULL OR (i.opened_at, i.id) < (
        SELECT b.opened_at, b.id FROM incidents b WHERE b.organisation_id = $1 AND b.id = $13))
ORDER BY i.opened_at DESC, i.id DESC
LIMIT $12;

-- name: total
-- How many incidents a search finds, counted to $12.
SELECT count(*) FROM (
    SELECT FROM reported_incidents i
    LEFT JOIN persons p ON p.organisation_id = i.organisation_id AND p.id = i.person_id
    LEFT JOIN places pl ON pl.organisation_id = i.organisation_id AND pl.id = i.place_id
    LEFT JOIN devices d ON d.organisation_id = i.organisation_id AND d.id = i.device_id
    WHERE i.organisation_id = $1 AND i.committee_id = ANY ($2::uuid[]) AND i.purpose = ANY ($3::text[])
        AND i.opened_at >= $4 AND i.opened_at < $5
        AND ($6::text IS NULL OR i.kind = $6) AND ($7::text IS NULL OR i.outcome = $7)
        AND ($8::text IS NULL OR i.state = $8) AND ($9::uuid IS NULL OR coalesce(p.unit_id, pl.unit_id) = $9)
        AND ($10 = '' OR strpos(lower(concat_ws(E'\n', p.name, pl.name, pl.address, d.label, i.account)), lower($10)) > 0
            OR substr(sha256(uuid_send(i.id)), 1, 5) = $11::bytea)
    LIMIT $12) found;

-- name: response
-- Real alarms that call for a person by local day: how many, and how long each took. $6: one opened later may still be
-- accepted in time, and does not count until it was.
SELECT (i.opened_at AT TIME ZONE $5)::date AS day, count(*) AS alarms,
    array_agg(greatest(extract(epoch FROM i.accepted_at - i.received_at), 0)::float8)
        FILTER (WHERE i.accepted_at IS NOT NULL) AS accepted_s,
    array_agg(greatest(extract(epoch FROM i.shown_at - i.received_at), 0)::float8)
        FILTER (WHERE i.shown_at IS NOT NULL) AS shown_s
FROM reported_incidents i
LEFT JOIN persons p ON p.organisation_id = i.organisation_id AND p.id = i.person_id
LEFT JOIN places pl ON pl.organisation_id = i.organisation_id AND pl.id = i.place_id
WHERE i.organisation_id = $1 AND i.committee_id = ANY ($2::uuid[]) AND i.purpose = 'real' AND i.gravity < 4
    AND i.opened_at >= $3 AND i.opened_at < $4 AND (i.accepted_at IS NOT NULL OR i.opened_at <= $6)
    AND ($7::uuid IS NULL OR coalesce(p.unit_id, pl.unit_id) = $7)
GROUP BY 1
ORDER BY 1;

-- name: kinds
-- Alarms that call for a person by their kinds and what they turned out to be, drills among them; most frequent first.
SELECT i.kind, count(*) FILTER (WHERE i.outcome = 'real') AS real, count(*) FILTER (WHERE i.outcome = 'false') AS false,
    count(*) FILTER (WHERE i.outcome = 'test') AS test, count(*) FILTER (WHERE i.outcome = 'drill') AS drill,
    count(*) FILTER (WHERE i.outcome = 'other') AS other, count(*) FILTER (WHERE i.outcome IS NULL) AS open
FROM reported_incidents i
LEFT JOIN persons p ON p.organisation_id = i.organisation_id AND p.id = i.person_id
LEFT JOIN places pl ON pl.organisation_id = i.organisation_id AND pl.id = i.place_id
WHERE i.organisation_id = $1 AND i.committee_id = ANY ($2::uuid[]) AND i.purpose IN ('real', 'drill')
    AND i.gravity < 4 AND i.opened_at >= $3 AND i.opened_at < $4
    AND ($5::uuid IS NULL OR coalesce(p.unit_id, pl.unit_id) = $5)
GROUP BY i.kind
ORDER BY count(*) DESC, i.kind;
