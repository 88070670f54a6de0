-- name: of_person
-- A person's points as they are tried; what somebody took away is not listed.
SELECT c.*, p.name AS person
FROM contact_points c
JOIN persons p ON (p.organisation_id, p.id) = (c.organisation_id, c.person_id)
WHERE c.organisation_id = $1 AND c.person_id = $2 AND c.retired_why IS DISTINCT FROM 'removed'
ORDER BY c.retired_at IS NOT NULL, c.rank, c.id;

-- name: person
-- Whether there is such a person.
SELECT true FROM persons WHERE organisation_id = $1 AND committee_id = ANY ($2::uuid[]) AND id = $3;

-- name: troubled
-- Points that were never reached or proven, that failed last, or that are gone, the worst first: whose owner has no other.
SELECT c.*, p.name AS person
FROM contact_points c
JOIN persons p ON (p.organisation_id, p.id) = (c.organisation_id, c.person_id)
WHERE c.organisation_id = $1 AND c.committee_id = ANY ($2::uuid[]) AND (p.ends_on IS NULL OR p.ends_on >= $3)
    AND CASE WHEN c.retired_at IS NOT NULL THEN c.retired_why <> ALL (ARRAY['removed', 'moved'])
        ELSE c.verified_at IS NULL OR c.last_reached_at IS NULL OR c.last_failed_at > c.last_reached_at END
ORDER BY EXISTS (SELECT FROM contact_points o WHERE o.organisation_id = c.organisation_id AND o.person_id = c.person_id
        AND o.retired_at IS NULL AND o.last_reached_at >= coalesce(o.last_failed_at, o.last_reached_at)),
    p.name, c.person_id, c.rank, c.id
LIMIT $4;

-- name: in_use
-- How many points each channel has.
SELECT c.channel,
    count(*) FILTER (WHERE c.retired_at IS NULL AND c.verified_at IS NOT NULL) AS proven,
    count(*) FILTER (WHERE c.retired_at IS NULL AND c.verified_at IS NULL) AS unproven,
    count(*) FILTER (WHERE c.retired_at IS NULL AND c.last_failed_at > coalesce(c.last_reached_at, '-infinity')) AS failing,
    count(*) FILTER (WHERE c.retired_at IS NOT NULL AND c.retired_why <> ALL (ARRAY['removed', 'moved'])) AS retired
FROM contact_points c
WHERE c.organisation_id = $1 AND c.committee_id = ANY ($2::uuid[])
GROUP BY c.channel;

-- name: last_tests
-- The newest test of each channel.
SELECT DISTINCT ON (m.channel) m.*
FROM service_messages m
WHERE m.organisation_id = $1 AND m.committee_id = ANY ($2::uuid[]) AND m.kind IN ('test', 'receiver_test')
    AND m.asked_at > $3
ORDER BY m.channel, m.asked_at DESC, m.id DESC;

-- name: message
-- One message; $4: only if this user asked for it.
SELECT * FROM service_messages
WHERE organisation_id = $1 AND committee_id = ANY ($2::uuid[]) AND id = $3 AND ($4::uuid IS NULL OR asked_by = $4);
