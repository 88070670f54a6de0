-- name: leave_others
-- He sits for these committees and no others.
DELETE FROM desk_presences WHERE user_id = $1 AND committee_id <> ALL ($2::uuid[]);

-- name: sit_down
-- An operator is at the desk, or still is.
INSERT INTO desk_presences AS d (organisation_id, committee_id, user_id, person_id, name, since, seen_at)
SELECT $1, c, $3, $4, $5, $6, $7 FROM unnest($2::uuid[]) AS c
ON CONFLICT (organisation_id, user_id, committee_id) DO UPDATE SET person_id = excluded.person_id, name = excluded.name,
    since = least(d.since, excluded.since), seen_at = greatest(d.seen_at, excluded.seen_at);

-- name: seen
-- His last sign of life moves on.
UPDATE desk_presences SET seen_at = greatest(seen_at, $2) WHERE user_id = $1 RETURNING user_id;

-- name: leave
-- He is gone.
DELETE FROM desk_presences WHERE user_id = $1 RETURNING user_id;

-- name: at_desk
-- Who can take a committee's incident, least loaded first.
SELECT d.organisation_id, d.user_id, max(d.person_id::text)::uuid AS person_id, max(d.name) AS name,
    min(d.since) AS since, max(d.seen_at) AS seen_at, array_agg(d.committee_id) AS committees,
    (SELECT count(*) FROM incidents i
     WHERE i.owner_user_id = d.user_id AND i.organisation_id = d.organisation_id AND i.state = 'acknowledged') AS load
FROM desk_presences d
GROUP BY d.organisation_id, d.user_id
HAVING $1 = ANY (array_agg(d.committee_id))
ORDER BY load, since, d.user_id;

-- name: gone
-- Of whom nothing was heard since $1, longest silent first.
SELECT d.organisation_id, d.user_id, max(d.person_id::text)::uuid AS person_id, max(d.name) AS name,
    min(d.since) AS since, max(d.seen_at) AS seen_at, array_agg(d.committee_id) AS committees,
    (SELECT count(*) FROM incidents i
     WHERE i.owner_user_id = d.user_id AND i.organisation_id = d.organisation_id AND i.state = 'acknowledged') AS load
FROM desk_presences d
GROUP BY d.organisation_id, d.user_id
HAVING max(d.seen_at) < $1
ORDER BY seen_at, d.user_id;
